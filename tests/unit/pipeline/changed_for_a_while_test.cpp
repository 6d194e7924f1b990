// What incidents change for a while: limits and expiry times of credentials, times of workflows.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;
using namespace literals;

struct ChangedForAWhile : ::testing::Test {
  ChangedForAWhile() { world.main().workers.count = 8; }
  void override_at(double second, CredentialId credential, CredentialOverride to) {
    world.at(second, OverrideCredential{credential, to});
  }
  World world;
  WorkspaceId a = world.workspace();
  WorkflowId needy = world.workflow(1);
};

TEST_F(ChangedForAWhile, ALowerLimitTakesNothingAndLetsNobodyIn) {
  const CredentialId portal = world.credential(3);
  const Ask ask{a, LOW, 10, {portal}, needy};
  world.submit_each(0, {"1", "2", "3"}, ask);
  override_at(1, portal, {.max_concurrency = 1});
  world.submit_each(2, {"4", "5"}, ask);
  world.at(3, [=, this](Pipeline&, Time) { EXPECT_EQ(world.status(portal).active, 3u); });
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0 [0], succeeded 10");
  EXPECT_EQ(world.dispatched_at("4"), 10);
  EXPECT_EQ(world.dispatched_at("5"), 20);
}

TEST_F(ChangedForAWhile, MoreRoomWakesAndTheConfiguredLimitHoldsAtTheEnd) {
  const CredentialId portal = world.credential(1);
  world.config.credentials[portal.index()].allow_multiple_sessions = true;
  world.config.credentials[portal.index()].max_concurrency = 1;
  const Ask ask{a, LOW, 10, {portal}, needy};
  world.submit_each(0, {"1", "2", "3", "4"}, ask);
  override_at(5, portal, {.max_concurrency = 3});
  override_at(6, portal, {});
  world.run();
  EXPECT_EQ(world.dispatched_at("2"), 5);
  EXPECT_EQ(world.dispatched_at("3"), 5);
  EXPECT_EQ(world.dispatched_at("4"), 15) << "when 2 and 3 have gone";
}

TEST_F(ChangedForAWhile, ALimitMeansNothingWhereOneSessionIsAllowed) {
  const CredentialId portal = world.credential(1);
  world.config.credentials[portal.index()].allow_multiple_sessions = false;
  override_at(0, portal, {.max_concurrency = 5});
  world.submit_each(1, {"1", "2"}, {a, LOW, 10, {portal}, needy});
  world.run();
  EXPECT_EQ(world.dispatched_at("2"), 11);
}

TEST_F(ChangedForAWhile, AMemberOfAPoolWithMoreRoomServesThePool) {
  const CredentialId one = world.credential(2), two = world.credential(2);
  override_at(0, one, {.max_concurrency = 1});
  override_at(0, two, {.max_concurrency = 1});
  const Ask ask{a, LOW, 10, {Given::pool({one, two})}, needy};
  world.submit_each(1, {"1", "2", "3"}, ask);
  override_at(4, two, {});
  world.run();
  EXPECT_EQ(world.story("3"),
            "accepted 1, parked (limit) 1, woken 4, dispatched 4 [1], succeeded 14");
}

TEST_F(ChangedForAWhile, AShorterExpiryEndsTheStoredSessionToo) {
  const CredentialId portal = world.credential(1);
  CredentialConfig& config = world.config.credentials[portal.index()];
  config.login = LoginConfig{Distribution::constant(1), 0};
  config.keeps_session = true;
  config.expiry_time_from_last_use = 100_s;
  const Ask ask{a, LOW, 1, {portal}, needy};
  world.submit(0, "logs in", ask);
  world.submit(10, "has a session", ask);
  override_at(20, portal, {.expiry_time_from_last_use = 5_s});
  world.submit(21, "logs in again", ask);
  world.submit(27, "within five seconds", ask);
  override_at(30, portal, {});
  world.submit(60, "as before", ask);
  override_at(70, portal, {.expiry_time_from_session_data_set = 10_s});
  world.submit(71, "by age", ask);
  world.run();
  EXPECT_EQ(world.story("has a session"), "accepted 10, dispatched 10 [0], succeeded 11");
  EXPECT_EQ(world.story("logs in again"),
            "accepted 21, dispatched 21 [0], logged in 22, succeeded 23");
  EXPECT_EQ(world.story("within five seconds"), "accepted 27, dispatched 27 [0], succeeded 28");
  EXPECT_EQ(world.story("as before"), "accepted 60, dispatched 60 [0], succeeded 61");
  EXPECT_EQ(world.story("by age"), "accepted 71, dispatched 71 [0], logged in 72, succeeded 73");
}

TEST_F(ChangedForAWhile, AFactorHoldsForAttemptsThatBegin) {
  const WorkflowId plain{0};
  world.config.workflows[0].dry_run_fraction = 0.5;
  world.config.workflows[0].cache_refresh = Distribution::constant(7);
  world.submit(0, "began before", {.workspace = a, .seconds = 10});
  world.at(5, SetDurationFactor{plain, 3});
  world.submit(6, "given", {.workspace = a, .seconds = 10});
  world.submit(6, "drawn", {.workspace = a, .seconds = -1});
  world.submit(
      6, "with options",
      {.workspace = a, .seconds = 10, .options = {.force_refresh = true, .dry_run = true}});
  world.at(7, SetDurationFactor{plain, 1});
  world.submit(8, "began after", {.workspace = a, .seconds = 10});
  world.run();
  EXPECT_EQ(world.story("began before"), "accepted 0, dispatched 0, succeeded 10");
  EXPECT_EQ(world.story("given"), "accepted 6, dispatched 6, succeeded 36");
  EXPECT_EQ(world.story("drawn"), "accepted 6, dispatched 6, succeeded 9");
  EXPECT_EQ(world.story("with options"), "accepted 6, dispatched 6, succeeded 28")
      << "3 × 10 s × 50 % and 7 s for the refresh";
  EXPECT_EQ(world.story("began after"), "accepted 8, dispatched 8, succeeded 18");
}

}  // namespace
}  // namespace sluice::test
