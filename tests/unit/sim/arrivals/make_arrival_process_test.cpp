// Arrival processes against what theory says of them; factors on them: arrival_factor_test.cpp.
#include "sim/arrivals/make_arrival_process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "sim/arrivals/rate_cursor.hpp"
#include "sim/arrivals/trace_process.hpp"

namespace sluice {
namespace {

using namespace literals;

constexpr std::uint64_t kKey = 0x5EED;

Time at(double seconds) { return Time::from_seconds(seconds); }

std::vector<double> take(ArrivalProcess& process, Time until) {
  std::vector<double> times;
  for (Time t = process.next().at; t < until; t = process.next().at) times.push_back(t.seconds());
  return times;
}

std::vector<double> arrivals_of(const Arrivals& arrivals, double until, std::uint64_t key = kKey,
                                double from = 0) {
  const FactorCurve factors;
  return take(*make_arrival_process(arrivals, key, factors, at(from), at(until)), at(until));
}

std::size_t count_between(const std::vector<double>& times, double begin, double end) {
  std::size_t count = 0;
  for (const double t : times) count += t >= begin && t < end ? 1 : 0;
  return count;
}

/// A Poisson count of this mean is farther away once in 10^5 cases.
void expect_poisson_count(std::size_t count, double mean) {
  EXPECT_NEAR(static_cast<double>(count), mean, 4.4 * std::sqrt(mean) + 1);
}

RateCurve steps(std::vector<RateCurve::Point> points, Duration period = {}) {
  return {std::move(points), period, false};
}
RateCurve lines(std::vector<RateCurve::Point> points, Duration period = {}) {
  return {std::move(points), period, true};
}

TEST(PoissonArrivalsTest, CountsAndGapsAreThoseOfTheRate) {
  const auto times = arrivals_of(PoissonArrivals{steps({{at(0), 10}})}, 10'000);
  expect_poisson_count(times.size(), 100'000);
  // Exponential gaps: the mean square is twice the square of the mean.
  double sum_of_squared_gaps = 0;
  for (std::size_t i = 1; i < times.size(); ++i)
    sum_of_squared_gaps += (times[i] - times[i - 1]) * (times[i] - times[i - 1]);
  EXPECT_NEAR(sum_of_squared_gaps / static_cast<double>(times.size()), 2 * 0.01, 0.001);
}

TEST(PoissonArrivalsTest, StepsHaveTheirOwnRatesAndTheLastOneLasts) {
  const auto times =
      arrivals_of(PoissonArrivals{steps({{at(0), 5}, {at(1000), 0}, {at(2000), 50}})}, 3000);
  expect_poisson_count(count_between(times, 0, 1000), 5000);
  EXPECT_EQ(count_between(times, 1000, 2000), 0u);
  expect_poisson_count(count_between(times, 2000, 3000), 50'000);
}

TEST(PoissonArrivalsTest, LinesIntegrateToTheAreaUnderThem) {
  // Up from 0 to 20 per second over 1000 s, down to 0 over 500 s, then nothing.
  const auto times =
      arrivals_of(PoissonArrivals{lines({{at(0), 0}, {at(1000), 20}, {at(1500), 0}})}, 9000);
  expect_poisson_count(count_between(times, 0, 500), 2500);
  expect_poisson_count(count_between(times, 500, 1000), 7500);
  expect_poisson_count(count_between(times, 1000, 1500), 5000);
  EXPECT_EQ(count_between(times, 1500, 9000), 0u);
}

TEST(PoissonArrivalsTest, PeriodicCurvesRepeat) {
  const auto times = arrivals_of(PoissonArrivals{steps({{at(0), 10}, {at(50), 2}}, 100_s)}, 10'000);
  std::size_t high = 0;
  for (const double t : times) high += std::fmod(t, 100) < 50 ? 1 : 0;
  expect_poisson_count(high, 50'000);
  expect_poisson_count(times.size() - high, 10'000);
}

TEST(PoissonArrivalsTest, APeriodicLineLeadsBackToTheFirstPoint) {
  const auto times = arrivals_of(PoissonArrivals{lines({{at(0), 0}, {at(50), 20}}, 100_s)}, 10'000);
  std::size_t first_quarter = 0, last_quarter = 0;
  for (const double t : times) {
    first_quarter += std::fmod(t, 100) < 25 ? 1 : 0;
    last_quarter += std::fmod(t, 100) >= 75 ? 1 : 0;
  }
  expect_poisson_count(first_quarter, 12'500);
  expect_poisson_count(last_quarter, 12'500);
}

TEST(PoissonArrivalsTest, ARateOfZeroNeverArrives) {
  EXPECT_TRUE(arrivals_of(PoissonArrivals{steps({{at(0), 0}})}, 1e6).empty());
  EXPECT_TRUE(arrivals_of(PoissonArrivals{lines({{at(0), 0}, {at(5), 0}}, 10_s)}, 1e6).empty());
}

TEST(PoissonArrivalsTest, StartsWhereItIsTold) {
  const auto times = arrivals_of(PoissonArrivals{steps({{at(0), 100}, {at(20), 1}})}, 30, kKey, 10);
  EXPECT_GE(times.front(), 10);
  expect_poisson_count(count_between(times, 10, 20), 1000);
}

TEST(IntervalArrivalsTest, ConstantOnesAreExact) {
  const auto times = arrivals_of(ConstantArrivals{2_s}, 11);
  EXPECT_EQ(times, (std::vector<double>{2, 4, 6, 8, 10}));
}

TEST(IntervalArrivalsTest, JitterMovesEachByItself) {
  const auto times = arrivals_of(JitteredArrivals{10_s, 0.25}, 100'001);
  double sum = 0, least = 1, most = -1;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double moved = (times[i] - 10.0 * static_cast<double>(i + 1)) / 10;
    ASSERT_LE(std::abs(moved), 0.25 + 1e-9);
    sum += moved, least = std::min(least, moved), most = std::max(most, moved);
  }
  EXPECT_NEAR(sum / static_cast<double>(times.size()), 0, 0.006);
  EXPECT_LT(least, -0.249);
  EXPECT_GT(most, 0.249);
}

TEST(BurstArrivalsTest, RateIsTheMeanOfOnAndOffByTheirLengths) {
  const BurstArrivals bursts{20, 1, 10_s, 30_s};
  const auto times = arrivals_of(bursts, 400'000);
  // Mean rate 5.75; the lengths of 10^4 cycles make its standard error about 0.06.
  EXPECT_NEAR(static_cast<double>(times.size()) / 400'000, 0.25 * 20 + 0.75 * 1, 0.25);
}

TEST(BurstArrivalsTest, StartsOffAndTheLengthsDoNotDependOnTheRates) {
  // With no arrivals while off, the first arrival is in the first burst; the bursts begin at the
  // same times whatever the rate in them.
  const auto slow = arrivals_of(BurstArrivals{1000, 0, 1_s, 100_s}, 10'000);
  const auto fast = arrivals_of(BurstArrivals{2000, 0, 1_s, 100_s}, 10'000);
  ASSERT_FALSE(slow.empty());
  EXPECT_GT(slow.front(), 0.01);
  EXPECT_NEAR(slow.front(), fast.front(), 0.02);
  EXPECT_NEAR(slow.back(), fast.back(), 0.02);
}

TEST(BatchArrivalsTest, AllRunsOfABatchComeAtItsTime) {
  BatchArrivals batches{{at(10), at(30)}, {}, Distribution::constant(3), {}};
  EXPECT_EQ(arrivals_of(batches, 100), (std::vector<double>{10, 10, 10, 30, 30, 30}));
  EXPECT_EQ(arrivals_of(batches, 100, kKey, 20), (std::vector<double>{30, 30, 30}));
}

TEST(BatchArrivalsTest, TimesRepeatWithThePeriod) {
  BatchArrivals batches{{at(1), at(5)}, 10_s, Distribution::constant(1), {}};
  EXPECT_EQ(arrivals_of(batches, 26), (std::vector<double>{1, 5, 11, 15, 21, 25}));
}

TEST(BatchArrivalsTest, ASpreadBatchIsUniformAndMayReachIntoTheNext) {
  BatchArrivals batches{{at(0), at(50)}, {}, Distribution::constant(10'000), 100_s};
  const auto times = arrivals_of(batches, 1000);
  ASSERT_EQ(times.size(), 20'000u);
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_NEAR(static_cast<double>(count_between(times, 0, 50)), 5000, 220);
  EXPECT_NEAR(static_cast<double>(count_between(times, 50, 100)), 10'000, 310);
  EXPECT_LT(times.back(), 150);
}

TEST(TraceArrivalsTest, RecordedTimesComeBackExactly) {
  auto rows = std::make_shared<std::vector<TraceRow>>();
  for (const double t : {1.5, 2.0, 2.0, 7.25}) rows->push_back({at(t)});
  const TraceArrivals trace{"recorded.csv", rows};
  EXPECT_EQ(arrivals_of(trace, 100), (std::vector<double>{1.5, 2.0, 2.0, 7.25}));
  EXPECT_EQ(arrivals_of(trace, 100, kKey, 2), (std::vector<double>{2.0, 2.0, 7.25}));
  EXPECT_EQ(first_trace_row(*rows, at(2)), 1u);
}

TEST(ClosedLoopTest, HasNoArrivalProcess) {
  const FactorCurve factors;
  EXPECT_EQ(make_arrival_process(ClosedLoop{}, kKey, factors, at(0), at(1)), nullptr);
}

}  // namespace
}  // namespace sluice
