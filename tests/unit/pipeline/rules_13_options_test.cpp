// Rule 13: options that cost time, steps, waits for a person.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct Rule13Options : ::testing::Test {
  Rule13Options() {
    WorkflowConfig& workflow = world.config.workflows.front();
    workflow.time = Distribution::constant(10);
    workflow.steps = 4;
    workflow.debug_snapshot = Distribution::constant(0.5);
    workflow.console_capture = Distribution::constant(0.25);
    workflow.cache_refresh = Distribution::constant(3);
    workflow.dry_run_fraction = 0.1;
  }
  /// Seconds that one run takes.
  std::string run_with(RunOptions options) {
    world.submit(0, "run", {.workspace = a, .seconds = -1, .options = options});
    world.run();
    return world.story("run");
  }
  World world;
  WorkspaceId a = world.workspace();
};

TEST_F(Rule13Options, WithoutOptionsTheWorkflowsTime) {
  EXPECT_EQ(run_with({}), "accepted 0, dispatched 0, succeeded 10");
}

TEST_F(Rule13Options, DebugSnapshotsCostTimePerStep) {
  EXPECT_EQ(run_with({.debug = true}), "accepted 0, dispatched 0, succeeded 12");
}

TEST_F(Rule13Options, CapturingTheConsoleCostsTimePerStep) {
  EXPECT_EQ(run_with({.capture_console = true}), "accepted 0, dispatched 0, succeeded 11");
}

TEST_F(Rule13Options, ARefreshCostsTimeOnce) {
  EXPECT_EQ(run_with({.force_refresh = true}), "accepted 0, dispatched 0, succeeded 13");
}

TEST_F(Rule13Options, ADryRunStopsEarlyButItsOptionsCostTheSame) {
  EXPECT_EQ(run_with({.force_refresh = true, .dry_run = true}),
            "accepted 0, dispatched 0, succeeded 4");
}

TEST_F(Rule13Options, ARunThatWaitsForAPersonKeepsItsWorker) {
  world.config.workflows.front().interaction = InteractionConfig{1, Distribution::constant(30)};
  EXPECT_EQ(run_with({}), "accepted 0, dispatched 0, succeeded 40");
}

TEST_F(Rule13Options, AnAnswerThatComesTooLateFailsTheRun) {
  world.config.workflows.front().interaction =
      InteractionConfig{1, Distribution::constant(30), Duration::from_seconds(20)};
  EXPECT_EQ(run_with({}), "accepted 0, dispatched 0, failed (no answer) 30");
}

}  // namespace
}  // namespace sluice::test
