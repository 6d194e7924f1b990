// Random scenarios, a bounded number of them; `sluice_swarm --seconds 3600` goes on for an hour.
#include "tests/model/swarm/swarm.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "scenarios/loader/loader.hpp"
#include "tests/model/swarm/check.hpp"
#include "tests/model/swarm/shrink.hpp"
#include "tests/unit/base/effort.hpp"

namespace sluice::swarm {
namespace {

TEST(Swarm, FindsNothingWrongWithRandomScenarios) {
  SwarmOptions options;
  options.seeds = test::cases(400u);
  options.seconds = 300;
  options.folder = testing::TempDir() + "sluice_swarm";
  const SwarmResult result = run_swarm(options, std::cerr);
  EXPECT_EQ(result.faulty, 0u) << "see above";
  if (test::kSanitized) return;
  // Most of what is drawn must be worth something.
  EXPECT_LT(result.refused * 4, result.scenarios);
  EXPECT_GT(result.compared * 6, result.scenarios);
}

TEST(Swarm, DrawsTheSameScenarioFromTheSameSeed) {
  EXPECT_EQ(yaml_text(draw_scenario(7).tree), yaml_text(draw_scenario(7).tree));
  EXPECT_NE(yaml_text(draw_scenario(7).tree), yaml_text(draw_scenario(8).tree));
}

TEST(Swarm, DrawsEveryPartOfAScenario) {
  std::string all;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) all += yaml_text(draw_scenario(seed).tree);
  for (const char* part : {"reserved:",
                           "workspace_cap:",
                           "ageing:",
                           "weighted",
                           "fifo",
                           "fair_first",
                           "fair_share",
                           "share_limit:",
                           "block_workspace",
                           "block_level",
                           "hold_worker",
                           "autoscaling:",
                           "schedule:",
                           "mtbf:",
                           "cool_down:",
                           "start_up:",
                           "pool:",
                           "own:",
                           "drawn:",
                           "expiry_time_from_last_use:",
                           "prevent_concurrency_during_login:",
                           "outages:",
                           "interaction:",
                           "poisson:",
                           "constant:",
                           "jittered:",
                           "bursts:",
                           "batch:",
                           "closed_loop:",
                           "trace:",
                           "until:",
                           "from:",
                           "max_runs:",
                           "lose_workers:",
                           "restart_workers:",
                           "set_workers:",
                           "pause_credential:",
                           "pause_workflow:",
                           "pause_group:",
                           "arrival_rate:",
                           "failure_rate:",
                           "login_failure_rate:",
                           "api_latency:",
                           "api_error_rate:",
                           "rate_limits:",
                           "webhooks:",
                           "honour_retry_after:"})
    EXPECT_NE(all.find(part), std::string::npos) << part;
}

TEST(Swarm, ShrinksToWhatTheFaultNeeds) {
  const Tree tree{{"a", {{"b", 16}, {"c", "90s"}}}, {"d", Tree::array({1, 2, 3})}};
  const auto fails = [](const Tree& t) {
    return t.contains("a") && t["a"].contains("c") && t.contains("d") && !t["d"].empty();
  };
  EXPECT_EQ(shrink(tree, fails).dump(), R"({"a":{"c":"1s"},"d":[1]})");
}

TEST(Swarm, NamesWhatIsWrong) {
  const Verdict refused = check_scenario("duration: 1h\n", "scenario.yaml");
  EXPECT_EQ(refused.outcome, Verdict::Outcome::refused);
}

}  // namespace
}  // namespace sluice::swarm
