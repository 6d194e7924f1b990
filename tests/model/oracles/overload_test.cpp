// More work than workers: what a fluid of the same rates would do. A level is served at the rate
// that those above leave, cμ − Λ, and its backlog grows by what it brings beyond that.
#include <gtest/gtest.h>

#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

constexpr std::uint32_t kWorkers = 10;
constexpr double kMeanService = 30;
constexpr double kCapacity = kWorkers / kMeanService;

Report overloaded(const ByLevel& arrivals, double measured_s) {
  return run_oracle(priority_scenario(arrivals, kWorkers, Distribution::exponential(kMeanService),
                                      {20'000, measured_s}));
}

TEST(OverloadSlowTest, TheLowestLevelGetsWhatIsLeft) {
  const Report report = overloaded({0.1, 0.1, 0.2}, 200'000);
  const Subject low = Subject::of(LOW);
  const double left = kCapacity - 0.2;
  EXPECT_TRUE(covers(report, Metric::dispatched_rate, low, 60 * left, 0.02));
  EXPECT_TRUE(covers(report, Metric::accepted_rate, low, 60 * 0.2, 0.02));
  EXPECT_TRUE(covers(report, Metric::backlog_end, low, (0.2 - left) * 220'000, 0.05));
  EXPECT_EQ(value_of(report, Metric::utilisation), 1);
  ASSERT_EQ(report.stability.size(), 1u);
  EXPECT_EQ(report.stability[0].first_to_starve, LOW);
  EXPECT_TRUE(covers(report, Metric::stability_sigma, low, 0.4 / kCapacity, 0.02));
  EXPECT_TRUE(covers(report, Metric::stability_sigma, Subject::of(MEDIUM), 0.2 / kCapacity, 0.02));
  // Those above do not notice: M/M/10 whose workers are always busy, so a run waits for the next
  // of all ends, W_k = 1 / (cμ (1 − σ_{k−1}) (1 − σ_k)).
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::of(HIGH), 3 / (1 - 0.3), 0.02));
  EXPECT_TRUE(
      covers(report, Metric::wait_mean, Subject::of(MEDIUM), 3 / ((1 - 0.3) * (1 - 0.6)), 0.03));
}

TEST(OverloadSlowTest, TwoLevelsShortTheLowestGetsNothing) {
  const Report report = overloaded({0.15, 0.25, 0.05}, 200'000);
  const double left = kCapacity - 0.15;
  EXPECT_TRUE(covers(report, Metric::dispatched_rate, Subject::of(MEDIUM), 60 * left, 0.02));
  EXPECT_TRUE(
      covers(report, Metric::backlog_end, Subject::of(MEDIUM), (0.25 - left) * 220'000, 0.05));
  EXPECT_EQ(value_of(report, Metric::dispatched_count, Subject::of(LOW)), 0);
  ASSERT_EQ(report.stability.size(), 1u);
  EXPECT_EQ(report.stability[0].first_to_starve, MEDIUM);
}

}  // namespace
}  // namespace sluice::test
