// Factors on arrivals: they change how many come while they hold, and never when the later ones
// come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/arrivals/added_runs.hpp"
#include "sim/arrivals/factor_curve.hpp"
#include "sim/arrivals/make_arrival_process.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using ::testing::ElementsAre;

constexpr std::uint64_t kFactorKey = 0x5EED;
constexpr SubmitterId kSelf{0};
constexpr double kForGood = std::numeric_limits<double>::infinity();

/// From, until (seconds), factor.
struct Factor {
  double from, until, factor;
};

FactorCurve curve(const std::vector<Factor>& factors) {
  std::vector<Incident> incidents;
  for (const auto& [from, until, factor] : factors) {
    std::optional<Duration> length;
    if (until != kForGood) length = at(until) - at(from);
    incidents.push_back({"", at(from), length, ArrivalFactor{{kSelf}, factor}});
  }
  return {incidents, kSelf};
}

double factor_at(const std::vector<Factor>& factors, double time) {
  double product = 1;
  for (const auto& [from, until, factor] : factors)
    if (from <= time && time < until) product *= factor;
  return product;
}

/// The integral of the factor from `from` to `to`, which are not far from each other.
double own_time(const std::vector<Factor>& factors, double from, double to) {
  std::set<double> edges{from, to};
  for (const Factor& f : factors)
    for (const double edge : {f.from, f.until})
      if (edge > from && edge < to) edges.insert(edge);
  double sum = 0;
  for (auto edge = edges.begin(); std::next(edge) != edges.end(); ++edge)
    sum += (*std::next(edge) - *edge) * factor_at(factors, (*edge + *std::next(edge)) / 2);
  return sum;
}

struct Window {
  double from = 0, until = 0;
};

using Came = std::pair<double, std::uint64_t>;  // seconds, number

std::vector<Came> factored(const Arrivals& arrivals, const std::vector<Factor>& factors,
                           Window window, std::uint64_t key = kFactorKey) {
  const FactorCurve by = curve(factors);
  const auto process = make_arrival_process(arrivals, key, by, at(window.from), at(window.until));
  std::vector<Came> runs;
  for (Arrival a = process->next(); a.at < at(window.until); a = process->next())
    runs.emplace_back(a.at.seconds(), a.index);
  return runs;
}

std::vector<double> moments_of(const std::vector<Came>& runs) {
  std::vector<double> times;
  for (const auto& [time, index] : runs) times.push_back(time);
  return times;
}

TraceArrivals recording(const std::vector<double>& times) {
  auto rows = std::make_shared<std::vector<TraceRow>>();
  for (const double time : times) rows->push_back({at(time)});
  return {"recorded.csv", rows};
}

TraceArrivals ticks(double every, double until) {
  std::vector<double> times;
  for (double time = 0; time < until; time += every) times.push_back(time);
  return recording(times);
}

// ---- the factor over time

TEST(FactorCurveTest, FactorsMultiplyFromTheirBeginningOnAndNoMoreAtTheirEnd) {
  const FactorCurve factors = curve({{10, 30, 2}, {20, 40, 3}, {35, kForGood, 0}});
  EXPECT_EQ(factors.at(at(9.99)).factor, 1);
  EXPECT_EQ(factors.at(at(10)).factor, 2);
  EXPECT_EQ(factors.at(at(20)).factor, 6);
  EXPECT_EQ(factors.at(at(30)).factor, 3);
  EXPECT_EQ(factors.at(at(35)).factor, 0);
  EXPECT_EQ(factors.at(at(35)).end, Time::never());
  EXPECT_EQ(factors.at(Time::never()).factor, 0);
}

TEST(FactorCurveTest, WhatChangesNothingIsNoPieceOfItsOwn) {
  EXPECT_TRUE(curve({}).is_always_one());
  EXPECT_TRUE(curve({{10, 20, 1}, {15, kForGood, 1}}).is_always_one());
  EXPECT_TRUE(curve({{10, 20, 2}, {10, 20, 0.5}}).is_always_one());
  EXPECT_TRUE(curve({{10, 10, 7}}).is_always_one()) << "it lasts for no time";
  EXPECT_EQ(curve({{10, 20, 2}, {20, 30, 2}, {12, 25, 1}}).at(at(15)).end, at(30));
}

TEST(FactorCurveTest, OnlyItsOwnSubmitterCounts) {
  const Incident others{"", at(1), 5_s, ArrivalFactor{{SubmitterId{1}, SubmitterId{2}}, 4}};
  const Incident workers{"", at(1), 5_s, PauseGroup{GroupId::at(0)}};
  EXPECT_TRUE(FactorCurve({others, workers}, kSelf).is_always_one());
  EXPECT_EQ(FactorCurve({others, workers}, SubmitterId{2}).at(at(3)).factor, 4);
}

TEST(FactorCurveTest, ZeroLastsUntilItsEnd) {
  const FactorCurve factors = curve({{10, 20, 0}, {15, 30, 0}, {40, kForGood, 0}});
  EXPECT_EQ(factors.first_above_zero(at(9)), at(9));
  EXPECT_EQ(factors.first_above_zero(at(10)), at(30));
  EXPECT_EQ(factors.first_above_zero(at(30)), at(30));
  EXPECT_EQ(factors.first_above_zero(at(50)), Time::never());
}

// ---- every kind of arrivals, every place of the factor

struct Kind {
  const char* name;
  Arrivals arrivals;
  bool keeps_times = true;  // of what comes while the factor is 1
};

std::vector<Kind> kinds() {
  const RateCurve daily{{{at(0), 0.5}, {at(40), 3}, {at(70), 0}, {at(80), 1}}, 100_s, false};
  const RateCurve lines{{{at(0), 0}, {at(50), 4}, {at(120), 1}}, {}, true};
  return {
      {"poisson", PoissonArrivals{{{{at(0), 1}}, {}, false}}},
      {"steps", PoissonArrivals{daily}},
      {"lines", PoissonArrivals{lines}},
      {"nothing", PoissonArrivals{{{{at(0), 0}}, {}, false}}},
      {"bursts", BurstArrivals{4, 0.2, 10_s, 15_s}},
      {"batch", BatchArrivals{{at(5), at(30), at(30)}, 50_s, Distribution::uniform(2, 9), {}}},
      {"trace", ticks(0.7, 250)},
      {"ties", recording({1, 1, 1, 60, 60, 60, 60, 61, 100, 100, 199})},
      {"constant", ConstantArrivals{3_s}, false},
      {"jittered", JitteredArrivals{3_s, 0.4}, false},
      {"spread", BatchArrivals{{at(5), at(30)}, 50_s, Distribution::uniform(2, 9), 20_s}, false},
  };
}

/// The submitter works from 50 s until 150 s.
constexpr Window kWindow{50, 150};

std::vector<std::vector<Factor>> places() {
  std::vector<std::vector<Factor>> places;
  for (const double factor : {0.0, 0.3, 1.0, 1.6, 2.0, 5.0})
    for (const auto& [from, until] : std::vector<std::pair<double, double>>{{0, 20},
                                                                            {0, 50},
                                                                            {0, 80},
                                                                            {50, 60},
                                                                            {60, 90},
                                                                            {60, 150},
                                                                            {100, 170},
                                                                            {150, 160},
                                                                            {160, 170},
                                                                            {0, 200},
                                                                            {0, kForGood},
                                                                            {70, kForGood},
                                                                            {150, kForGood},
                                                                            {80, 80},
                                                                            {0.1, 0.2},
                                                                            {99.99, 100.01}})
      places.push_back({{from, until, factor}});
  places.push_back({{60, 90, 2}, {80, 120, 3}});
  places.push_back({{60, 90, 0}, {80, 120, 3}});
  places.push_back({{0, 90, 3}, {60, 160, 0.5}, {70, 80, 0}});
  places.push_back({{60, 90, 2}, {90, 120, 2}, {130, kForGood, 0}});
  places.push_back({{60, 90, 4}, {60, 90, 0.25}});
  return places;
}

TEST(ArrivalFactorTest, NobodyComesOutsideOfTheWindowAndTimeNeverGoesBack) {
  for (const Kind& kind : kinds()) {
    for (const auto& factors : places()) {
      const auto runs = factored(kind.arrivals, factors, kWindow);
      const auto times = moments_of(runs);
      EXPECT_TRUE(std::is_sorted(times.begin(), times.end())) << kind.name;
      std::set<std::uint64_t> numbers;
      for (const auto& [time, number] : runs) {
        EXPECT_TRUE(time >= kWindow.from && time < kWindow.until) << kind.name << " at " << time;
        EXPECT_TRUE(numbers.insert(number).second) << kind.name << ": two are number " << number;
        EXPECT_TRUE(!kind.keeps_times || factor_at(factors, time) > 0) << kind.name << time;
      }
    }
  }
}

TEST(ArrivalFactorTest, AFactorOfOneIsNoFactor) {
  for (const Kind& kind : kinds()) {
    const auto plain = factored(kind.arrivals, {}, kWindow);
    for (const std::vector<Factor>& factors : std::vector<std::vector<Factor>>{
             {{60, 90, 1}}, {{0, kForGood, 1}}, {{60, 90, 2}, {60, 90, 0.5}}, {{200, 300, 4}}})
      EXPECT_EQ(factored(kind.arrivals, factors, kWindow), plain) << kind.name;
  }
}

/// What is left out or added while a factor holds, and the rest.
TEST(ArrivalFactorTest, TheOthersKeepTheirTimesAndNumbers) {
  for (const Kind& kind : kinds()) {
    if (!kind.keeps_times) continue;
    const auto plain = factored(kind.arrivals, {}, kWindow);
    const std::set<Came> known(plain.begin(), plain.end());
    for (const auto& factors : places()) {
      const auto runs = factored(kind.arrivals, factors, kWindow);
      const std::set<Came> now(runs.begin(), runs.end());
      for (const Came& run : plain)
        EXPECT_TRUE(factor_at(factors, run.first) < 1 || now.contains(run)) << kind.name;
      for (const Came& run : runs) {
        if (known.contains(run)) continue;
        EXPECT_GT(factor_at(factors, run.first), 1) << kind.name << " at " << run.first;
        EXPECT_GE(run.second, kFirstAddedRun) << kind.name;
      }
    }
  }
}

TEST(ArrivalFactorTest, ALargerFactorAddsToWhatASmallerOneLets) {
  for (const Kind& kind : kinds()) {
    if (!kind.keeps_times) continue;
    std::set<Came> less;
    for (const double factor : {0.0, 0.2, 0.7, 1.0}) {
      const auto runs = factored(kind.arrivals, {{60, 120, factor}}, kWindow);
      const std::set<Came> more(runs.begin(), runs.end());
      EXPECT_TRUE(std::includes(more.begin(), more.end(), less.begin(), less.end())) << kind.name;
      less = more;
    }
  }
}

// ---- how many

std::size_t came_between(const std::vector<Came>& runs, double from, double until) {
  return static_cast<std::size_t>(std::count_if(runs.begin(), runs.end(), [&](const Came& run) {
    return run.first >= from && run.first < until;
  }));
}

TEST(ArrivalFactorTest, AsManyTimesMoreComeAsItSays) {
  // Over many seeds the sum of what comes in 10 s to 90 s is f times what comes without it.
  for (const Kind& kind : kinds()) {
    for (const double factor : {0.0, 0.3, 1.0, 1.6, 3.0}) {
      double without = 0, with = 0, before = 0, plain_before = 0, after = 0, plain_after = 0;
      for (std::uint64_t seed = 0; seed < 400; ++seed) {
        const auto plain = factored(kind.arrivals, {}, {0, 200}, seed);
        const auto runs = factored(kind.arrivals, {{10, 90, factor}}, {0, 200}, seed);
        without += static_cast<double>(came_between(plain, 10, 90));
        with += static_cast<double>(came_between(runs, 10, 90));
        before += static_cast<double>(came_between(runs, 0, 10));
        plain_before += static_cast<double>(came_between(plain, 0, 10));
        after += static_cast<double>(came_between(runs, 90, 200));
        plain_after += static_cast<double>(came_between(plain, 90, 200));
      }
      // Phases, and spread batches that go on behind it, have a share of their own.
      const bool exact = kind.keeps_times;
      EXPECT_NEAR(with, factor * without,
                  5 * std::sqrt((factor + 1) * without) + (exact ? 0 : 0.35 * without))
          << kind.name << " × " << factor;
      EXPECT_EQ(before, plain_before) << kind.name;
      // Spread batches of before 90 s go on behind it.
      if (std::string(kind.name) == "spread") continue;
      EXPECT_NEAR(after, plain_after, exact ? 0 : 400)
          << kind.name << ": a phase moves by less than one";
    }
  }
}

TEST(ArrivalFactorTest, WhatAPoissonProcessBecomesIsAPoissonProcess) {
  for (const double factor : {0.25, 4.0}) {
    const auto runs =
        factored(PoissonArrivals{{{{at(0), 2}}, {}, false}}, {{100, 20'100, factor}}, {0, 21'000});
    std::vector<double> gaps;
    double last = 100;
    for (const auto& [time, number] : runs) {
      if (time < 100 || time >= 20'100) continue;
      gaps.push_back(std::exchange(last, time));
      gaps.back() = time - gaps.back();
    }
    const double n = static_cast<double>(gaps.size()), mean = 1 / (2 * factor);
    EXPECT_NEAR(n, 20'000 * 2 * factor, 4.5 * std::sqrt(40'000 * factor));
    // The distance of Kolmogorov and Smirnov to the exponential distribution.
    std::sort(gaps.begin(), gaps.end());
    double distance = 0;
    for (std::size_t i = 0; i < gaps.size(); ++i)
      distance = std::max(
          distance, std::abs(1 - std::exp(-gaps[i] / mean) - (static_cast<double>(i) + 0.5) / n));
    EXPECT_LT(distance * std::sqrt(n), 1.95) << "exceeded once in a thousand cases";
  }
}

TEST(ArrivalFactorTest, ARateOnALineIsMultipliedWhereItIs) {
  // Up from 0 to 20 per second over 1000 s; three times that from 400 s to 600 s: 3 × 2000 runs.
  const PoissonArrivals arrivals{{{{at(0), 0}, {at(1000), 20}}, {}, true}};
  const auto runs = factored(arrivals, {{400, 600, 3}}, {0, 1000});
  const auto between = [&](double a, double b) {
    return static_cast<double>(came_between(runs, a, b));
  };
  EXPECT_NEAR(between(400, 500), 3 * 900, 4.5 * std::sqrt(2700));
  EXPECT_NEAR(between(500, 600), 3 * 1100, 4.5 * std::sqrt(3300));
}

// ---- arrivals at intervals

TEST(IntervalFactorTest, WhatIsLeftOfAnIntervalPassesAsFastAsTheFactorSays) {
  const auto runs = factored(ConstantArrivals{10_s}, {{4, 12, 2}}, {0, 50});
  EXPECT_THAT(moments_of(runs), ElementsAre(7, 12, 22, 32, 42));
  EXPECT_EQ(runs[4].second, 4u);
  EXPECT_THAT(moments_of(factored(ConstantArrivals{10_s}, {{14, 40, 0}}, {0, 70})),
              ElementsAre(10, 46, 56, 66));
  EXPECT_THAT(moments_of(factored(ConstantArrivals{10_s}, {{14, kForGood, 0}}, {0, 70})),
              ElementsAre(10));
  EXPECT_THAT(moments_of(factored(ConstantArrivals{10_s}, {{0, 18, 5}}, {15, 60})),
              ElementsAre(17, 23, 33, 43, 53))
      << "own time begins where the submitter does";
}

RC_GTEST_PROP(IntervalFactorTest, TheNthComesWhenNIntervalsOfOwnTimeHavePassed, ()) {
  const double from = *rc::gen::inRange(0, 50);
  std::vector<Factor> factors;
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
    const double begin = *rc::gen::inRange(0, 300), length = *rc::gen::inRange(0, 100);
    factors.push_back({begin, begin + length, *rc::gen::inRange(0, 7) / 2.0});
  }
  const double interval = *rc::gen::inRange(1, 30);
  const auto runs =
      factored(ConstantArrivals{Duration::from_seconds(interval)}, factors, {from, 400});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    RC_ASSERT(runs[i].second == i);
    const double passed = own_time(factors, from, runs[i].first);
    RC_ASSERT(std::abs(passed - interval * static_cast<double>(i + 1)) < 1e-6);
  }
  const double all = own_time(factors, from, 400);
  RC_ASSERT(std::abs(static_cast<double>(runs.size()) - all / interval) <= 1 + 1e-6);
}

// ---- batches

TEST(BatchFactorTest, TheSizeIsMultipliedAllOfItAtItsTime) {
  const BatchArrivals batches{{at(10), at(20), at(30), at(40)}, {}, Distribution::constant(2), {}};
  const auto runs = factored(batches, {{20, 40, 1.5}, {30, 40, 2.0 / 3}}, {0, 100});
  EXPECT_EQ(runs, (std::vector<Came>{{10, 0},
                                     {10, 1},
                                     {20, 2},
                                     {20, 3},
                                     {20, kFirstAddedRun},
                                     {30, 4},
                                     {30, 5},
                                     {40, 6},
                                     {40, 7}}))
      << "2 × 1.5 at 20 s; 2 × 1.5 × 2/3 at 30 s; as ever at 40 s";
  EXPECT_EQ(factored(batches, {{20, 31, 0.5}}, {0, 100}),
            (std::vector<Came>{{10, 0}, {10, 1}, {20, 2}, {30, 4}, {40, 6}, {40, 7}}));
  EXPECT_THAT(moments_of(factored(batches, {{15, 35, 0}}, {0, 100})), ElementsAre(10, 10, 40, 40));
}

TEST(BatchFactorTest, WhatIsNoWholeNumberIsRoundedByADrawThatIsRightOnAverage) {
  const BatchArrivals often{{at(1)}, 10_s, Distribution::constant(1), {}};
  const auto count = [&](double factor) {
    return factored(often, {{0, kForGood, factor}}, {0, 100'000}).size();
  };
  EXPECT_EQ(count(1), 10'000u);
  EXPECT_EQ(count(3), 30'000u);
  EXPECT_NEAR(static_cast<double>(count(1.25)), 12'500, 200);
  EXPECT_NEAR(static_cast<double>(count(0.9)), 9'000, 150);
  const auto less = factored(often, {{0, kForGood, 1.25}}, {0, 10'000});
  const auto more = factored(often, {{0, kForGood, 1.5}}, {0, 10'000});
  const std::vector<double> of_less = moments_of(less), of_more = moments_of(more);
  EXPECT_TRUE(std::includes(of_more.begin(), of_more.end(), of_less.begin(), of_less.end()));
}

TEST(BatchFactorTest, ASpreadBatchHasTheSizeOfItsBeginning) {
  const BatchArrivals batches{{at(10), at(100)}, {}, Distribution::constant(1000), 60_s};
  const auto plain = factored(batches, {}, {0, 300});
  const auto inside = factored(batches, {{5, 20, 3}}, {0, 300});
  EXPECT_EQ(came_between(inside, 0, 100), 3000u);
  EXPECT_NEAR(static_cast<double>(came_between(inside, 40, 70)), 1500, 120)
      << "over the whole spread, although the factor ends at 20 s";
  EXPECT_EQ(factored(batches, {{20, 90, 3}}, {0, 300}), plain) << "it begins during the spread";
  for (const double factor : {0.4, 3.0}) {
    const auto runs = factored(batches, {{5, 20, factor}}, {0, 300});
    const std::set<Came> now(runs.begin(), runs.end()), known(plain.begin(), plain.end());
    const auto& [less, more] = factor < 1 ? std::tie(now, known) : std::tie(known, now);
    EXPECT_TRUE(std::includes(more.begin(), more.end(), less.begin(), less.end()));
  }
}

// ---- recordings

TEST(TraceFactorTest, RowsOutsideKeepTheirTimeAndCopiesStayBeforeTheNextRow) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto runs = factored(ticks(10, 100), {{20, 40, 2}}, {0, 100}, seed);
    ASSERT_EQ(runs.size(), 12u);
    std::vector<Came> recorded;
    for (const Came& run : runs)
      if (run.second < kFirstAddedRun) recorded.push_back(run);
    EXPECT_EQ(recorded, factored(ticks(10, 100), {}, {0, 100}));
    EXPECT_EQ(runs[3].second, kFirstAddedRun + 2) << "the first copy of row 2";
    EXPECT_TRUE(runs[3].first >= 20 && runs[3].first < 30) << runs[3].first;
    EXPECT_EQ(runs[5].second, kFirstAddedRun + 3);
    EXPECT_TRUE(runs[5].first >= 30 && runs[5].first < 40) << runs[5].first;
  }
}

TEST(TraceFactorTest, CopiesStayBeforeTheEndOfTheFactorAndOfTheSubmitter) {
  double last = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto factor_ends = factored(recording({10, 90}), {{5, 12, 4}}, {0, 100}, seed);
    ASSERT_EQ(factor_ends.size(), 5u);
    EXPECT_LT(factor_ends[3].first, 12);
    EXPECT_EQ(factor_ends[4], (Came{90, 1}));
    const auto factor_changes =
        factored(recording({10, 90}), {{5, kForGood, 2}, {15, 50, 3}}, {0, 80}, seed);
    ASSERT_EQ(factor_changes.size(), 2u);
    EXPECT_LT(factor_changes[1].first, 15) << "each factor has its own rows";
    const auto is_over = factored(recording({10}), {{5, kForGood, 3}}, {0, 20}, seed);
    ASSERT_EQ(is_over.size(), 3u);
    EXPECT_LT(is_over[2].first, 20);
    last = std::max(last, is_over[2].first);
  }
  EXPECT_GT(last, 19.5) << "they use all the room that there is";
}

TEST(TraceFactorTest, EachRowIsLeftOutOrCopiedByItself) {
  std::map<std::size_t, std::set<std::uint64_t>> whole, lacking;
  const auto copies_of = [](const std::vector<Came>& runs, std::size_t rows) {
    std::map<std::size_t, std::vector<Came>> by_row;
    for (const Came& run : runs) by_row[recorded_row(run.second, rows)].push_back(run);
    return by_row;
  };
  const TraceArrivals all = ticks(1, 1000);
  const auto once = copies_of(factored(all, {{0, kForGood, 2.3}}, {0, 1000}), 1000);
  std::size_t thrice = 0;
  for (std::size_t row = 0; row < 1000; ++row) {
    const std::size_t times = once.at(row).size();
    EXPECT_TRUE(times == 2 || times == 3);
    thrice += times == 3;
  }
  EXPECT_NEAR(static_cast<double>(thrice), 300, 4.5 * std::sqrt(1000 * 0.3 * 0.7));

  // What becomes of a row does not depend on where the factor begins and ends.
  const auto part = copies_of(factored(all, {{200, 400, 2.3}}, {0, 1000}), 1000);
  for (std::size_t row = 0; row < 1000; ++row)
    EXPECT_EQ(part.at(row).size(), row >= 200 && row < 400 ? once.at(row).size() : 1u);
  for (std::size_t row = 200; row < 399; ++row) EXPECT_EQ(part.at(row), once.at(row));
}

TEST(TraceFactorTest, RowsBeforeTheSubmitterBeginsAreNotTaken) {
  const auto runs = factored(recording({1, 5, 9}), {{0, kForGood, 2}}, {5, 20});
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[0], (Came{5, 1}));
  EXPECT_EQ(runs[1].second, kFirstAddedRun + 1);
  EXPECT_EQ(runs[2], (Came{9, 2}));
}

}  // namespace
}  // namespace sluice::test
