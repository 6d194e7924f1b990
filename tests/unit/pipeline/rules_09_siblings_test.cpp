// Rule 9: a failed login stops the other runs on the credential.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

/// Three workers. Runs 1 and 2 have logged in by second 2; the login of 3, of seconds 3 to 5,
/// fails; 4 waits.
struct Rule09Siblings : ::testing::Test {
  Rule09Siblings() {
    world.main().workers.count = 3;
    world.config.credentials[portal.index()].login = LoginConfig{Distribution::constant(2), 1e-12};
    world.config.workflows[needy.index()].failures = {{"any", 0, true, {}}};
    world.config.workflows[needy.index()].max_retries = 5;
  }
  void play() {
    world.submit_each(0, {"1", "2"}, needs_portal);
    world.at(2.5, SetLoginFailureFactor{portal, 1e12});
    world.submit_each(3, {"3", "4"}, needs_portal);
    world.at(6, SetLoginFailureFactor{portal, 0});
    world.run();
  }
  World world;
  WorkspaceId a = world.workspace();
  WorkflowId needy = world.workflow(1);
  CredentialId portal = world.credential(3);
  Ask needs_portal{a, LOW, 10, {portal}, needy, {}, {}};
};

TEST_F(Rule09Siblings, TheCulpritFailsWithoutRetryAndTheOthersAreStopped) {
  play();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0 [0], logged in 2, stopped (sibling) 5");
  EXPECT_EQ(world.story("2"), "accepted 0, dispatched 0 [0], logged in 2, stopped (sibling) 5");
  EXPECT_EQ(world.story("3"), "accepted 3, dispatched 3 [0], login failed 5, failed (login) 5");
}

TEST_F(Rule09Siblings, QueuedSiblingsGoOn) {
  play();
  EXPECT_EQ(world.story("4"), "accepted 3, dispatched 5 [0], logged in 7, succeeded 17");
}

TEST_F(Rule09Siblings, QueuedSiblingsAreStoppedOnlyIfTheScenarioSaysSo) {
  world.config.stop_queued_siblings = true;
  play();
  EXPECT_EQ(world.story("4"), "accepted 3, stopped (sibling) 5");
}

}  // namespace
}  // namespace sluice::test
