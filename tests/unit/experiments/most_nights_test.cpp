// How many nights a batch of one of 20 equally likely sizes is done in time: known by hand.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "experiments/replications.hpp"
#include "scenarios/loader/loader.hpp"

namespace sluice::test {
namespace {

/// A batch of n runs of 3 m at 1h on w workers is done in ⌈n/w⌉ · 3 m: in less than 2 h up to 39 w.
struct Nights {
  int workers;
  double share;  ///< of the sizes 400, 420 … 780 that are at most 39 w
};

ExpectationResult judged_nights(int workers, int nights) {
  const std::string file =
      std::string(SLUICE_SHARED_DIR) + "/plan-oracles/32-most-nights-in-time.yaml";
  LoadedScenario loaded =
      load_scenario(file, {.params = {{"workers", std::to_string(workers)}}, .sets = {}});
  EXPECT_TRUE(loaded.scenario);
  Scenario& scenario = *loaded.scenario;
  scenario.replications = static_cast<std::uint32_t>(nights);
  scenario.expectations.at(0).in_replications = 0.85;
  return run_experiment(scenario).expectations.at(0);
}

bool has_nights() {
  return std::filesystem::exists(std::string(SLUICE_SHARED_DIR) + "/plan-oracles");
}

TEST(MostNights, TheBoundsHoldTheShareThatIsKnownByHand) {
  if (!has_nights()) GTEST_SKIP() << "no oracles in " << SLUICE_SHARED_DIR;
  for (const auto& [workers, share] : {Nights{18, 0.8}, Nights{19, 0.9}, Nights{15, 0.5}}) {
    const ExpectationResult result = judged_nights(workers, 150);
    const Interval bounds = result.in_replications.value().bounds;
    EXPECT_EQ(result.in_replications->all(), 150U);
    EXPECT_LE(bounds.low, share) << workers << " workers: " << result.reason;
    EXPECT_GE(bounds.high, share) << workers << " workers: " << result.reason;
    EXPECT_NE(result.status, share >= 0.85 ? Status::failed : Status::passed) << result.reason;
  }
}

TEST(MostNights, AllAndNoneOfThemAreDecidedByFew) {
  if (!has_nights()) GTEST_SKIP() << "no oracles in " << SLUICE_SHARED_DIR;
  const ExpectationResult all = judged_nights(20, 30);
  EXPECT_EQ(all.in_replications->held, 30U) << "780 are 39 rounds of 20";
  EXPECT_EQ(all.status, Status::passed) << all.reason;
  const ExpectationResult none = judged_nights(10, 5);
  EXPECT_EQ(none.in_replications->missed, 5U) << "400 are 40 rounds of 10";
  EXPECT_EQ(none.status, Status::failed) << none.reason;
}

TEST(MostNights, TheMeanOverThemIsMetByFewerWorkers) {
  if (!has_nights()) GTEST_SKIP() << "no oracles in " << SLUICE_SHARED_DIR;
  const ExpectationResult result = judged_nights(16, 60);
  EXPECT_LT(result.figure->value, 7'200);
  EXPECT_EQ(result.status, Status::failed) << result.reason;
}

}  // namespace
}  // namespace sluice::test
