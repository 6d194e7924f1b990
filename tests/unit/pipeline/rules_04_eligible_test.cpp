// Rule 4: eligible is not paused, delay over, and all credentials can be taken at once.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

TEST(Rule04Eligible, AllAliasesAreTakenTogetherOrNoneIs) {
  World world;
  world.main().workers.count = 3;
  const WorkspaceId a = world.workspace();
  const WorkflowId one = world.workflow(1), two = world.workflow(2);
  const CredentialId x = world.credential(1), y = world.credential(1);
  world.submit(0, "holds y", {.workspace = a, .seconds = 5, .needs = {y}, .workflow = one});
  world.submit(0, "needs x and y", {.workspace = a, .needs = {x, y}, .workflow = two});
  world.submit(0, "needs x", {.workspace = a, .needs = {x}, .workflow = one});
  world.run();
  EXPECT_EQ(world.dispatched_at("needs x"), 0) << "x is not kept for a run that waits for y";
  EXPECT_EQ(world.story("needs x and y"),
            "accepted 0, parked (limit) 0, woken 5, dispatched 5 [0 1], succeeded 6");
}

TEST(Rule04Eligible, ARunOfAPausedWorkflowWaitsUntilItIsResumed) {
  World world;
  const WorkspaceId a = world.workspace();
  const WorkflowId other = world.workflow(0);
  world.at(0, Pause{WorkflowId{0}});
  world.submit(1, "paused", {.workspace = a, .level = HIGH});
  world.submit(1, "other", {.workspace = a, .workflow = other});
  world.at(5, Resume{WorkflowId{0}});
  world.run();
  EXPECT_EQ(world.dispatched_at("other"), 1);
  EXPECT_EQ(world.story("paused"),
            "accepted 1, parked (pause) 1, woken 5, dispatched 5, succeeded 6");
}

TEST(Rule04Eligible, AResumedWorkflowWakesAllThatItHeldUp) {
  World world;
  const WorkspaceId a = world.workspace(), b = world.workspace();
  const WorkflowId other = world.workflow(0);
  world.at(0, Pause{WorkflowId{0}});
  world.submit(1, "low", {.workspace = a});
  world.submit(1, "high", {.workspace = a, .level = HIGH});
  world.submit(1, "another", {.workspace = b});
  world.submit(2, "busy", {.workspace = a, .seconds = 8, .workflow = other});
  world.at(5, Resume{WorkflowId{0}});
  world.run();
  EXPECT_EQ(world.story("high"),
            "accepted 1, parked (pause) 1, woken 5, dispatched 10, succeeded 11");
  EXPECT_EQ(world.story("low"),
            "accepted 1, parked (pause) 1, woken 5, dispatched 11, succeeded 12");
  EXPECT_EQ(world.story("another"),
            "accepted 1, parked (pause) 1, woken 5, dispatched 12, succeeded 13");
}

TEST(Rule04Eligible, APausedGroupDispatchesNothing) {
  World world;
  const WorkspaceId a = world.workspace();
  world.at(0, Pause{GroupId{0}});
  world.submit(1, "waits", {.workspace = a});
  world.at(5, Resume{GroupId{0}});
  world.run();
  EXPECT_EQ(world.story("waits"), "accepted 1, dispatched 5, succeeded 6");
}

TEST(Rule04Eligible, ARunThatNeedsACredentialTwiceHoldsItOnce) {
  World world;
  const CredentialId x = world.credential(1);
  world.submit(0, "twice",
               {.workspace = world.workspace(), .needs = {x, x}, .workflow = world.workflow(2)});
  world.run();
  EXPECT_EQ(world.story("twice"), "accepted 0, dispatched 0 [0 0], succeeded 1");
}

}  // namespace
}  // namespace sluice::test
