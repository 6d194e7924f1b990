// Rule 8: a pool is chosen from at dispatch, in turn from its cursor.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct Rule08Pools : ::testing::Test {
  Rule08Pools() { world.main().workers.count = 10; }
  Ask from(std::vector<CredentialId> members, double seconds = 1) const {
    return {a, LOW, seconds, {Given::pool(std::move(members))}, needy, {}, {}};
  }
  World world;
  WorkspaceId a = world.workspace(), b = world.workspace();
  WorkflowId needy = world.workflow(1);
  CredentialId x = world.credential(1), y = world.credential(1), z = world.credential(1);
};

TEST_F(Rule08Pools, MembersTakeTurns) {
  for (int i = 0; i < 4; ++i) world.submit(2 * i, std::to_string(i), from({x, y, z}));
  world.run();
  EXPECT_EQ(world.story("0"), "accepted 0, dispatched 0 [0], succeeded 1");
  EXPECT_EQ(world.story("1"), "accepted 2, dispatched 2 [1], succeeded 3");
  EXPECT_EQ(world.story("2"), "accepted 4, dispatched 4 [2], succeeded 5");
  EXPECT_EQ(world.story("3"), "accepted 6, dispatched 6 [0], succeeded 7");
}

TEST_F(Rule08Pools, AnotherOrderIsAnotherCursor) {
  world.submit(0, "1", from({x, y}));
  world.submit(2, "2", from({y, x}));
  world.submit(4, "3", from({x, y}));
  world.run();
  EXPECT_EQ(world.story("2"), "accepted 2, dispatched 2 [1], succeeded 3");
  EXPECT_EQ(world.story("3"), "accepted 4, dispatched 4 [1], succeeded 5");
}

TEST_F(Rule08Pools, AnotherWorkspaceHasACursorOfItsOwn) {
  Ask of_b = from({x, y});
  of_b.workspace = b;
  world.submit(0, "1", from({x, y}));
  world.submit(2, "2", of_b);
  world.run();
  EXPECT_EQ(world.story("2"), "accepted 2, dispatched 2 [0], succeeded 3");
}

TEST_F(Rule08Pools, FullAndPausedMembersAreSkipped) {
  world.submit(0, "holds x", {.workspace = b, .seconds = 10, .needs = {x}, .workflow = needy});
  world.at(0, Pause{y});
  world.submit(1, "1", from({x, y, z}));
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 1, dispatched 1 [2], succeeded 2");
}

TEST_F(Rule08Pools, WithoutAnAvailableMemberTheRunWaitsForTheFirstThatIs) {
  world.submit(0, "holds x", {.workspace = b, .seconds = 10, .needs = {x}, .workflow = needy});
  world.submit(0, "holds y", {.workspace = b, .seconds = 5, .needs = {y}, .workflow = needy});
  world.submit(1, "1", from({x, y}));
  world.run();
  EXPECT_EQ(world.story("1"),
            "accepted 1, parked (limit) 1, woken 5, dispatched 5 [1], succeeded 6");
}

TEST_F(Rule08Pools, TwoAliasesOfOneRunGetDifferentMembers) {
  const WorkflowId two = world.workflow(2);
  const Given pool = Given::pool({x, y});
  world.submit(0, "1", {.workspace = a, .needs = {pool, pool}, .workflow = two});
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0 [0 1], succeeded 1");
}

}  // namespace
}  // namespace sluice::test
