// Rule 3: the highest level; in it the next workspace in turn; in it the oldest run.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

TEST(Rule03Turns, WorkspacesTakeTurnsWithinALevelOnly) {
  World world;
  const WorkspaceId a = world.workspace(), b = world.workspace();
  world.submit_each(0, {"aH1", "aH2", "aH3"}, {.workspace = a, .level = HIGH});
  world.submit_each(0, {"bL1", "bL2"}, {.workspace = b, .level = LOW});
  world.submit(0, "aL1", {.workspace = a, .level = LOW});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "aH1 aH2 aH3 bL1 aL1 bL2");
}

TEST(Rule03Turns, OneRunPerTurnHoweverLongTheQueue) {
  World world;
  const WorkspaceId noisy = world.workspace(), a = world.workspace(), b = world.workspace();
  world.submit_each(0, {"n1", "n2", "n3", "n4", "n5"}, {.workspace = noisy});
  world.submit_each(0, {"a1", "a2"}, {.workspace = a});
  world.submit_each(0, {"b1", "b2"}, {.workspace = b});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "n1 a1 b1 n2 a2 b2 n3 n4 n5");
}

TEST(Rule03Turns, AWorkspaceThatRanDryRejoinsAtTheTail) {
  World world;
  const WorkspaceId a = world.workspace(), b = world.workspace(), c = world.workspace();
  world.submit(0, "a1", {.workspace = a});
  world.submit_each(0, {"b1", "b2"}, {.workspace = b});
  world.submit_each(0, {"c1", "c2"}, {.workspace = c});
  world.submit(0.5, "a2", {.workspace = a});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "a1 b1 c1 a2 b2 c2");
}

}  // namespace
}  // namespace sluice::test
