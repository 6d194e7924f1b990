// Rule 2: a worker pool belongs to a resource group; groups meet only at credentials.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

TEST(Rule02Groups, ABacklogOfOneGroupDoesNotDelayAnother) {
  World world;
  const GroupId other = world.group(1);
  const WorkspaceId here = world.workspace(), there = world.workspace(other);
  world.submit_each(0, {"h1", "h2", "h3"}, {.workspace = here, .level = HIGH, .seconds = 10});
  world.submit(1, "low", {.workspace = there, .level = LOW});
  world.run();
  EXPECT_EQ(world.dispatched_at("low"), 1);
}

TEST(Rule02Groups, WorkersOfOneGroupDoNotServeAnother) {
  World world;
  const GroupId empty = world.group(0);
  world.main().workers.count = 5;
  world.submit(0, "waits", {.workspace = world.workspace(empty)});
  world.run();
  EXPECT_EQ(world.story("waits"), "accepted 0");
  EXPECT_EQ(world.workers().idle, 5u);
}

TEST(Rule02Groups, ACredentialHeldInOneGroupHoldsUpARunOfAnother) {
  World world;
  const GroupId other = world.group(1);
  const WorkflowId needy = world.workflow(1);
  const CredentialId portal = world.credential(1);
  const WorkspaceId here = world.workspace(), there = world.workspace(other);
  world.submit(0, "a", {.workspace = here, .seconds = 3, .needs = {portal}, .workflow = needy});
  world.submit(1, "b", {.workspace = there, .needs = {portal}, .workflow = needy});
  world.run();
  EXPECT_EQ(world.story("b"),
            "accepted 1, parked (limit) 1, woken 3, dispatched 3 [0], succeeded 4");
}

}  // namespace
}  // namespace sluice::test
