// Rule 7: limits, the login guard, sessions that outlive a run.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct Rule07Credentials : ::testing::Test {
  Rule07Credentials() { world.main().workers.count = 10; }
  CredentialConfig& portal_config() { return world.config.credentials[portal.index()]; }
  void log_in(double seconds) {
    portal_config().login = LoginConfig{Distribution::constant(seconds), 0};
  }
  Ask needs_portal(double seconds = 1) const { return {a, LOW, seconds, {portal}, needy, {}, {}}; }

  World world;
  WorkspaceId a = world.workspace();
  WorkflowId needy = world.workflow(1);
  CredentialId portal = world.credential(3);
};

TEST_F(Rule07Credentials, MaxConcurrencyRunsAtOnce) {
  world.submit_each(0, {"1", "2", "3", "4"}, needs_portal());
  world.run(0.5);
  EXPECT_EQ(world.status(portal).active, 3u);
  world.run();
  EXPECT_EQ(world.dispatched_at("3"), 0);
  EXPECT_EQ(world.dispatched_at("4"), 1);
}

TEST_F(Rule07Credentials, OneAtATimeWithoutMultipleSessionsWhateverTheLimitSays) {
  portal_config().allow_multiple_sessions = false;
  world.submit_each(0, {"1", "2"}, needs_portal());
  world.run();
  EXPECT_EQ(world.dispatched_at("2"), 1);
}

TEST_F(Rule07Credentials, NullMeansUnlimited) {
  portal_config().max_concurrency.reset();
  world.submit_each(0, {"1", "2", "3", "4", "5", "6"}, needs_portal());
  world.run();
  EXPECT_EQ(world.dispatched_at("6"), 0);
}

TEST_F(Rule07Credentials, NobodyElseStartsWhileAGuardedLoginIsInProgress) {
  log_in(2);
  portal_config().prevent_concurrency_during_login = true;
  world.submit_each(0, {"1", "2"}, needs_portal(10));
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0 [0], logged in 2, succeeded 12");
  EXPECT_EQ(world.story("2"),
            "accepted 0, parked (login) 0, woken 2, dispatched 2 [0], logged in 4, succeeded 14");
}

TEST_F(Rule07Credentials, AStoredSessionMakesTheLoginFree) {
  log_in(2);
  portal_config().keeps_session = true;
  world.submit(0, "1", needs_portal());
  world.submit(5, "2", needs_portal());
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0 [0], logged in 2, succeeded 3");
  EXPECT_EQ(world.story("2"), "accepted 5, dispatched 5 [0], succeeded 6");
}

TEST_F(Rule07Credentials, ASessionExpiresByIdleness) {
  log_in(1);
  portal_config().keeps_session = true;
  portal_config().expiry_time_from_last_use = Duration::from_seconds(5);
  world.submit(0, "1", needs_portal());   // ends at 2
  world.submit(6, "2", needs_portal());   // 4 s later: still valid
  world.submit(13, "3", needs_portal());  // 6 s after the end of 2: expired
  world.run();
  EXPECT_EQ(world.story("2"), "accepted 6, dispatched 6 [0], succeeded 7");
  EXPECT_EQ(world.story("3"), "accepted 13, dispatched 13 [0], logged in 14, succeeded 15");
}

TEST_F(Rule07Credentials, ASessionExpiresByAgeHoweverMuchItIsUsed) {
  log_in(1);
  portal_config().keeps_session = true;
  portal_config().expiry_time_from_session_data_set = Duration::from_seconds(5);
  world.submit(0, "1", needs_portal());  // logged in at 1
  world.submit(4, "2", needs_portal());
  world.submit(7, "3", needs_portal());
  world.run();
  EXPECT_EQ(world.story("2"), "accepted 4, dispatched 4 [0], succeeded 5");
  EXPECT_EQ(world.story("3"), "accepted 7, dispatched 7 [0], logged in 8, succeeded 9");
}

TEST_F(Rule07Credentials, NobodyStartsOnACredentialThatIsOutOfService) {
  portal_config().outages = {{Time::from_seconds(1), Duration::from_seconds(4)}};
  world.submit(0, "running", needs_portal(3));
  world.submit(1, "waits", needs_portal());
  world.run();
  EXPECT_EQ(world.story("running"), "accepted 0, dispatched 0 [0], succeeded 3");
  EXPECT_EQ(world.story("waits"),
            "accepted 1, parked (pause) 1, woken 5, dispatched 5 [0], succeeded 6");
}

}  // namespace
}  // namespace sluice::test
