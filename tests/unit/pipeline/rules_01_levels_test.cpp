// Rule 1: three levels, LOW when nothing is said; running runs are never evicted.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

TEST(Rule01Levels, ARunWithoutALevelIsLow) {
  RunRequest request;
  EXPECT_EQ(request.level, LOW);
  EXPECT_EQ(Ask{}.level, LOW);
}

TEST(Rule01Levels, LevelsAreServedInTheirOrderWhateverTheOrderOfArrival) {
  World world;
  const WorkspaceId a = world.workspace();
  world.submit(0, "low", {.workspace = a, .level = LOW});
  world.submit(0, "medium", {.workspace = a, .level = MEDIUM});
  world.submit(0, "high", {.workspace = a, .level = HIGH});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "high medium low");
}

TEST(Rule01Levels, AHighArrivalDoesNotEvictARunningLowRun) {
  World world;
  const WorkspaceId a = world.workspace();
  world.submit(0, "low", {.workspace = a, .level = LOW, .seconds = 10});
  world.submit(1, "high", {.workspace = a, .level = HIGH});
  world.run();
  EXPECT_EQ(world.story("low"), "accepted 0, dispatched 0, succeeded 10");
  EXPECT_EQ(world.story("high"), "accepted 1, dispatched 10, succeeded 11");
}

}  // namespace
}  // namespace sluice::test
