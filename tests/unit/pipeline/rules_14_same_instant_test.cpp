// Rule 14: at one instant completions, then timers, then arrivals, then dispatch.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

TEST(Rule14SameInstant, AWorkerFreedAtAnInstantServesAnArrivalOfThatInstant) {
  World world;
  const WorkspaceId a = world.workspace();
  world.submit(0, "1", {.workspace = a, .seconds = 5});
  world.submit(5, "2", {.workspace = a});
  world.run();
  EXPECT_EQ(world.dispatched_at("2"), 5);
}

TEST(Rule14SameInstant, DispatchSeesEveryArrivalOfTheInstant) {
  World world;
  const WorkspaceId a = world.workspace();
  world.submit(0, "low", {.workspace = a});
  world.submit(0, "high", {.workspace = a, .level = HIGH});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "high low");
}

TEST(Rule14SameInstant, ARetryWhoseDelayEndsComesBeforeAnArrivalOfTheInstant) {
  World world;
  const WorkspaceId a = world.workspace();
  WorkflowConfig& workflow = world.config.workflows.front();
  workflow.failures = {{"once", 1, true, Distribution::constant(1)}};
  workflow.max_retries = 1;
  workflow.backoff.base = Duration::from_seconds(4);
  world.submit(5, "arrival", {.workspace = a, .outcome = FixedOutcome::succeeds});
  world.submit(0, "retry", {.workspace = a});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "retry retry arrival");
}

TEST(Rule14SameInstant, ARunInterruptedAtTheInstantOfItsEndHasEnded) {
  World world;
  const WorkspaceId a = world.workspace();
  world.submit(0, "1", {.workspace = a, .seconds = 5});
  world.interrupt(5, "1");
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0, succeeded 5");
}

TEST(Rule14SameInstant, ACompletionThatWasOvertakenDoesNothing) {
  World world;
  const WorkspaceId a = world.workspace();
  world.submit(0, "1", {.workspace = a, .seconds = 5});
  world.interrupt(3, "1");
  world.submit(3, "2", {.workspace = a, .seconds = 5});  // in the same slot
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0, stopped (interrupted) 3");
  EXPECT_EQ(world.story("2"), "accepted 3, dispatched 3, succeeded 8");
}

TEST(Rule14SameInstant, RunsWithoutAnyTimePassThroughOneWorkerInOneInstant) {
  World world;
  const WorkspaceId a = world.workspace();
  world.submit_each(1, {"1", "2", "3"}, {.workspace = a, .seconds = 0});
  world.run();
  EXPECT_EQ(world.story("3"), "accepted 1, dispatched 1, succeeded 1");
}

}  // namespace
}  // namespace sluice::test
