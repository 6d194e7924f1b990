// The gap between two dispatches of a level that stays backlogged is a busy period of the levels
// above: M/M/1 with arrival rate Λ = HIGH + MEDIUM and service rate M = cμ, r = Λ/M.
#include <gtest/gtest.h>

#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

constexpr std::uint32_t kGapWorkers = 10;
constexpr double kGapService = 30;
constexpr double kGapCapacity = kGapWorkers / kGapService;

TEST(StarvationGapSlowTest, MeanAndSpreadAreThoseOfABusyPeriod) {
  const Report report = run_oracle(priority_scenario(
      {0.06, 0.09, 0.15}, kGapWorkers, Distribution::exponential(kGapService), {15'000, 400'000}));
  EXPECT_NEAR(busy_period_mean(0.15, kGapCapacity), 5.454545, 1e-6);
  EXPECT_NEAR(busy_period_sd(0.15, kGapCapacity), 8.856482, 1e-6);
  const Subject low = Subject::of(LOW);
  EXPECT_TRUE(covers(report, Metric::starvation_gap_mean, low, 5.454545, 0.02));
  EXPECT_TRUE(covers(report, Metric::starvation_gap_sd, low, 8.856482, 0.03));
  // Two levels at once: MEDIUM's gaps are busy periods of HIGH alone.
  EXPECT_TRUE(covers(report, Metric::starvation_gap_mean, Subject::of(MEDIUM),
                     busy_period_mean(0.06, kGapCapacity), 0.02));
}

/// r = 1.25: an episode never ends with probability 1 − 1/r = 0.2. All workers start with LOW runs
/// of a backlog; from then on the number of further LOW dispatches is geometric with mean 1/0.2
/// − 1.
TEST(StarvationGapSlowTest, OverloadedByHigherLevelsAnEpisodeNeverEndsWithProbabilityOneInFive) {
  Scenario scenario =
      oracle_scenario(kGapWorkers, Distribution::exponential(kGapService), {0, 4'000, 800});
  add_submitter(scenario, "backlog",
                BatchArrivals{{Time::zero()}, {}, Distribution::constant(500)});
  add_submitter(scenario, "urgent", poisson(1.25 * kGapCapacity)).priority = {{2, HIGH},
                                                                              {3, MEDIUM}};
  const Report report = run_oracle(scenario);
  EXPECT_TRUE(covers(report, Metric::dispatched_count, Subject::of(LOW), kGapWorkers + 4, 0.05));
  // The last one lasts to the end of the window, so it is one in each replication.
  const double began =
      value_of(report, Metric::dispatched_count, Subject::of(LOW)) - kGapWorkers + 1;
  EXPECT_NEAR(1 / began, 0.2, 0.03);
}

TEST(StarvationGapTest, AStarvedLevelGrowsOlderByOneSecondPerSecond) {
  const auto simulate_for = [](double seconds) {
    return run_oracle(priority_scenario({0.25, 0.25, 0.1}, kGapWorkers,
                                        Distribution::exponential(kGapService), {0, seconds, 1}));
  };
  const Report early = simulate_for(50'000), late = simulate_for(75'000);
  const Subject low = Subject::of(LOW);
  ASSERT_EQ(value_of(early, Metric::dispatched_count, low),
            value_of(late, Metric::dispatched_count, low));
  for (const Metric metric : {Metric::queue_age_max, Metric::starvation_longest}) {
    EXPECT_GT(value_of(early, metric, low), 40'000);
    EXPECT_DOUBLE_EQ(value_of(late, metric, low) - value_of(early, metric, low), 25'000);
  }
  EXPECT_GT(value_of(late, Metric::starvation_index, low), 0.95);
}

}  // namespace
}  // namespace sluice::test
