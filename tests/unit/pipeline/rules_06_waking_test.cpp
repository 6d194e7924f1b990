// Rule 6: parked runs are woken by what they wait for, by level, then acceptance.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct Rule06Waking : ::testing::Test {
  Rule06Waking() { world.main().workers.count = 10; }
  World world;
  WorkspaceId a = world.workspace(), b = world.workspace();
  WorkflowId needy = world.workflow(1);
  CredentialId portal = world.credential(1);
};

TEST_F(Rule06Waking, InOrderOfLevelThenAcceptance) {
  world.submit(0, "holder", {.workspace = a, .needs = {portal}, .workflow = needy});
  world.submit(0.1, "low", {.workspace = b, .needs = {portal}, .workflow = needy});
  world.submit(0.2, "high 1", {a, HIGH, 1, {portal}, needy, {}, {}});
  world.submit(0.3, "high 2", {b, HIGH, 1, {portal}, needy, {}, {}});
  world.submit(0.4, "high 3", {a, HIGH, 1, {portal}, needy, {}, {}});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "holder high 1 high 2 high 3 low");
}

TEST_F(Rule06Waking, AResumeWakesAsManyAsThereIsRoomFor) {
  const CredentialId wide = world.credential(2);
  world.at(0, Pause{wide});
  world.submit_each(0, {"1", "2", "3"}, {a, LOW, 5, {wide}, needy, {}, {}});
  world.at(10, Resume{wide});
  world.run();
  EXPECT_EQ(world.dispatched_at("1"), 10);
  EXPECT_EQ(world.dispatched_at("2"), 10);
  EXPECT_EQ(world.dispatched_at("3"), 15);
}

TEST_F(Rule06Waking, AWokenRunThatIsInterruptedPassesItsChanceOn) {
  world.main().workers.count = 2;
  world.submit(0, "holder", {a, LOW, 1, {portal}, needy, {}, {}});
  world.submit(0, "first", {a, LOW, 1, {portal}, needy, {}, {}});
  world.submit(0, "second", {a, LOW, 1, {portal}, needy, {}, {}});
  // Both workers are busy when the credential comes free at 1: `first` is woken, but not
  // dispatched.
  world.submit_each(0.5, {"busy 1", "busy 2"}, {.workspace = b, .level = HIGH, .seconds = 9});
  world.submit_each(0.5, {"busy 3"}, {.workspace = b, .level = HIGH, .seconds = 9});
  world.interrupt(5, "first");
  world.run();
  EXPECT_EQ(world.story("first"), "accepted 0, parked (limit) 0, woken 1, stopped (interrupted) 5");
  EXPECT_EQ(world.story("second"),
            "accepted 0, parked (limit) 0, woken 5, dispatched 10 [0], succeeded 11");
}

TEST_F(Rule06Waking, ARunKeepsItsPlaceInTheQueueWhileParked) {
  world.main().workers.count = 2;
  world.submit(0, "holder", {b, HIGH, 2, {portal}, needy, {}, {}});
  world.submit(0, "old", {a, LOW, 1, {portal}, needy, {}, {}});
  world.submit(0, "young 1", {.workspace = a, .seconds = 2});
  world.submit(0, "young 2", {.workspace = a});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "holder young 1 old young 2");
}

}  // namespace
}  // namespace sluice::test
