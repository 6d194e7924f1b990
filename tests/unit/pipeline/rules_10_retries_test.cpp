// Rule 10: a retriable failure requeues while max_retries lasts, after a back-off.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct Rule10Retries : ::testing::Test {
  WorkflowConfig& workflow() { return world.config.workflows.front(); }
  void always_fails(bool retry) {
    workflow().failures = {{"timeout", 1, retry, Distribution::constant(1)}};
  }
  World world;
  WorkspaceId a = world.workspace(), b = world.workspace();
};

TEST_F(Rule10Retries, AtMostMaxRetriesWithGrowingCappedDelays) {
  always_fails(true);
  workflow().max_retries = 3;
  workflow().backoff = {Duration::from_seconds(2), 2, Duration::from_seconds(5), 0};
  world.submit(0, "1", {.workspace = a});
  world.run();
  EXPECT_EQ(world.story("1"),
            "accepted 0, dispatched 0, requeued 1, rejoined 3, dispatched 3, requeued 4, "
            "rejoined 8, dispatched 8, requeued 9, rejoined 14, dispatched 14, failed 15");
}

TEST_F(Rule10Retries, WorkerAndCredentialAreFreeDuringTheDelay) {
  const WorkflowId needy = world.workflow(1);
  const CredentialId portal = world.credential(1);
  world.config.workflows[needy.index()].failures = {
      {"timeout", 1, true, Distribution::constant(1)}};
  world.config.workflows[needy.index()].max_retries = 1;
  world.config.workflows[needy.index()].backoff.base = Duration::from_seconds(10);
  world.submit(0, "retries", {.workspace = a, .needs = {portal}, .workflow = needy});
  world.submit(0, "other", {b, LOW, 1, {portal}, needy, {}, FixedOutcome::succeeds});
  world.run();
  EXPECT_EQ(world.dispatched_at("other"), 1);
  EXPECT_EQ(world.dispatched_at("retries"), 11);
}

TEST_F(Rule10Retries, ARetriedRunRejoinsTheTailOfItsOwnQueue) {
  always_fails(true);
  workflow().max_retries = 1;
  world.submit(0, "retries", {.workspace = a});
  world.submit_each(0, {"2", "3"}, {.workspace = a, .outcome = FixedOutcome::succeeds});
  world.run();
  EXPECT_EQ(world.dispatch_order(), "retries 2 3 retries");
}

TEST_F(Rule10Retries, AFailureThatIsNotRetriableEndsTheRun) {
  always_fails(false);
  workflow().max_retries = 3;
  world.submit(0, "1", {.workspace = a});
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0, failed 1");
}

TEST_F(Rule10Retries, AFailureHappensAfterItsFractionOfTheTime) {
  workflow().failures = {{"early", 1, false, Distribution::constant(0.25)}};
  world.submit(0, "1", {.workspace = a, .seconds = 8});
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0, failed 2");
}

}  // namespace
}  // namespace sluice::test
