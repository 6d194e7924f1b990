// A thousand comparisons of equals: how often anything is named, in which direction, and how often
// the interval of a difference holds it. With simulations: tests/model/comparing.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random/random.hpp"
#include "reports/compare/comparison.hpp"
#include "tests/unit/base/effort.hpp"

namespace sluice {
namespace {

const int kTrials = test::cases(1000);

/// 3.5 standard errors of a count.
double slack(double share) { return 3.5 * std::sqrt(kTrials * share * (1 - share)); }

/// A wait as a queue's: seldom long.
double drawn_wait(Stream& stream) { return 100 * std::pow(-std::log(1 - stream.uniform()), 1.5); }

/// Repetitions whose figures hang together, as those of a queue do: each is half its day's, half
/// its own. Days are those of `days`, if there are any.
std::vector<ComparedReport> drawn_set(Stream& stream, std::size_t count,
                                      const std::vector<double>& days, double longer = 0) {
  std::vector<ComparedReport> set(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double day = days.empty() ? drawn_wait(stream) : days[i];
    for (const PriorityLevel level : kAllLevels)
      for (const Metric metric :
           {Metric::wait_mean, Metric::wait_p50, Metric::wait_p95, Metric::wait_p99})
        set[i].figures[{metric, level}] = longer + (day + drawn_wait(stream)) / 2;
  }
  return set;
}

std::vector<double> drawn_days(Stream& stream, std::size_t count) {
  std::vector<double> days;
  for (std::size_t i = 0; i < count; ++i) days.push_back(drawn_wait(stream));
  return days;
}

class CompareEqualsSlow : public testing::TestWithParam<bool> {};

TEST_P(CompareEqualsSlow, AreSeldomNamedAndAsOftenBetterAsWorse) {
  ComparisonOptions options;
  options.pairs = GetParam();
  options.tolerance = 0;
  Stream stream(11);
  int named = 0, worse = 0, better = 0, small = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const std::size_t count = options.pairs ? 9 : 6;
    const std::vector<double> days =
        options.pairs ? drawn_days(stream, count) : std::vector<double>();
    const auto base = drawn_set(stream, count, days), changed = drawn_set(stream, count, days);
    const ReportComparison comparison = compare(base, changed, options);
    ASSERT_EQ(comparison.metrics.size(), 12u);
    int ups = 0, downs = 0;
    for (const ComparedMetric& metric : comparison.metrics) {
      ups += metric.change == Change::worse;
      downs += metric.change == Change::better;
    }
    named += ups + downs > 0;
    worse += ups > 0;
    better += downs > 0;
    for (const ComparedMetric& metric : comparison.metrics)
      if (metric.key == ComparedFigureKey{Metric::wait_mean, PriorityLevel::LOW})
        small += metric.p <= 0.05;
  }
  EXPECT_LE(named, kTrials * 0.05 + slack(0.05));
  EXPECT_GT(named, 0) << "a test that can find nothing";
  EXPECT_LE(std::abs(worse - better), 3.5 * std::sqrt(worse + better)) << worse << " " << better;
  EXPECT_NEAR(small, kTrials * 0.05, slack(0.05)) << "of one metric";
}

INSTANTIATE_TEST_SUITE_P(BothWays, CompareEqualsSlow, testing::Bool());

TEST(CompareIntervalSlow, HoldsTheDifferenceAsOftenAsItSays) {
  constexpr double kLonger = 30;
  ComparisonOptions options;
  options.pairs = true;
  options.only = {Metric::wait_mean};
  options.confidence = 0.85;  // three levels: 95 % each
  Stream stream(12);
  int held = 0, below = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const std::vector<double> days = drawn_days(stream, 12);
    const auto base = drawn_set(stream, 12, days), changed = drawn_set(stream, 12, days, kLonger);
    for (const ComparedMetric& metric : compare(base, changed, options).metrics) {
      if (metric.key.level != PriorityLevel::LOW) continue;
      ASSERT_TRUE(metric.interval);
      held += metric.interval->low <= kLonger && kLonger <= metric.interval->high;
      below += metric.interval->high < kLonger;
    }
  }
  EXPECT_NEAR(held, 0.95 * kTrials, slack(0.95));
  const int missed = kTrials - held;
  EXPECT_LE(std::abs(2 * below - missed), 3.5 * std::sqrt(missed)) << "as often above as below";
}

}  // namespace
}  // namespace sluice
