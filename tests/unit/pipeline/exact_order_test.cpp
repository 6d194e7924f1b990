// Exact dispatch orders of one worker that can be checked by hand.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

TEST(ExactOrder, RoundRobinWithAWorkspaceThatRunsDry) {
  World world;
  const WorkspaceId a = world.workspace(), b = world.workspace();
  world.submit_each(0, {"a1", "a2", "a3", "a4"}, {.workspace = a});
  world.submit(0, "b1", {.workspace = b});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "a1 b1 a2 a3 a4");
}

TEST(ExactOrder, AWorkspaceThatComesLaterJoinsAtTheTail) {
  World world;
  const WorkspaceId a = world.workspace(), b = world.workspace(), c = world.workspace();
  world.submit_each(0, {"a1", "a2", "a3", "a4"}, {.workspace = a});
  world.submit(0, "b1", {.workspace = b});
  // After two dispatches (seconds 0 and 1), while the second run is on.
  world.submit_each(1.5, {"c1", "c2"}, {.workspace = c});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "a1 b1 a2 c1 a3 c2 a4");
}

TEST(ExactOrder, HigherLevelsGoFirstHoweverManyLowOnesWait) {
  World world;
  const WorkspaceId a = world.workspace(), b = world.workspace(), c = world.workspace();
  world.submit(0, "busy", {.workspace = a, .level = HIGH});
  std::string expected = "busy high medium";
  for (int i = 0; i < 20; ++i) {
    world.submit(0.5, "low" + std::to_string(i), {.workspace = a});
    expected += " low" + std::to_string(i);
  }
  world.submit(0.5, "high", {.workspace = b, .level = HIGH});
  world.submit(0.5, "medium", {.workspace = c, .level = MEDIUM});
  world.run();
  EXPECT_EQ(world.dispatch_order(), expected);
}

/// Backlog A:L1, A:H1, A:H2, B:L2, B:H3, B:M1, A:M2 in this order.
void submit_worked_example(World& world, WorkspaceId a, WorkspaceId b) {
  world.submit(0, "L1", {.workspace = a, .level = LOW});
  world.submit(0, "H1", {.workspace = a, .level = HIGH});
  world.submit(0, "H2", {.workspace = a, .level = HIGH});
  world.submit(0, "L2", {.workspace = b, .level = LOW});
  world.submit(0, "H3", {.workspace = b, .level = HIGH});
  world.submit(0, "M1", {.workspace = b, .level = MEDIUM});
  world.submit(0, "M2", {.workspace = a, .level = MEDIUM});
}

TEST(ExactOrder, EachLevelHasARingOfItsOwnInOrderOfFirstArrival) {
  World world;
  const WorkspaceId a = world.workspace(), b = world.workspace();
  submit_worked_example(world, a, b);
  world.run();
  EXPECT_EQ(world.dispatch_order(), "H1 H3 H2 M1 M2 L1 L2");
}

TEST(ExactOrder, AHighRunThatComesWhileAMediumOneRunsGoesNext) {
  World world;
  const WorkspaceId a = world.workspace(), b = world.workspace();
  submit_worked_example(world, a, b);
  world.submit(3.5, "H4", {.workspace = a, .level = HIGH});  // M1 is on from 3 to 4
  world.run();
  EXPECT_EQ(world.dispatch_order(), "H1 H3 H2 M1 H4 M2 L1 L2");
  EXPECT_EQ(world.story("M1"), "accepted 0, dispatched 3, succeeded 4");
}

}  // namespace
}  // namespace sluice::test
