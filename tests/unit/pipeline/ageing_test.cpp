// Regressions of `ageing`.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

/// With a blocking rule, a woken run stood behind one that waited for the same credential.
struct AgeingInBlockedQueues : ::testing::TestWithParam<WhenCredentialBusy> {};

TEST_P(AgeingInBlockedQueues, RunsThatWaitForOneCredentialAllGetIt) {
  World world;
  world.main().workers.count = 2;
  world.main().when_credential_busy = GetParam();
  world.main().dispatch.kind = DispatchPolicyKind::ageing;
  world.main().dispatch.promote_after = Duration::from_seconds(5);
  const WorkspaceId a = world.workspace(), b = world.workspace();
  const CredentialId portal = world.credential(1);
  const WorkflowId needy = world.workflow(1), free = world.workflow(0);
  world.submit(0, "holder", {a, HIGH, 24, {portal}, needy, {}, {}});
  world.submit(1, "old", {b, MEDIUM, 1, {portal}, needy, {}, {}});     // parked as MEDIUM
  world.submit(16, "young", {b, MEDIUM, 1, {portal}, needy, {}, {}});  // climbs, parked as HIGH
  world.submit(21.5, "tick", {a, HIGH, 0.5, {}, free, {}, {}});        // lets the group look
  world.run();
  EXPECT_EQ(world.dispatched_at("old"), 24);
  EXPECT_EQ(world.dispatched_at("young"), 25);
}

/// A run that was requeued for exactly `promote_after`, parked and woken as HIGH was once more
/// promoted.
TEST(Ageing, NobodyClimbsAboveHigh) {
  World world;
  world.main().workers.count = 2;
  world.main().dispatch.kind = DispatchPolicyKind::ageing;
  world.main().dispatch.promote_after = Duration::from_seconds(5);
  const WorkspaceId a = world.workspace(), b = world.workspace();
  const CredentialId portal = world.credential(1);
  const WorkflowId needy = world.workflow(1), free = world.workflow(0);
  WorkflowConfig& retried = world.config.workflows[needy.index()];
  retried.failures = {{"always", 1, true, Distribution::constant(1)}};
  retried.max_retries = 1;
  retried.backoff.base = Duration::from_seconds(5);
  world.submit(0, "retried", {a, MEDIUM, 1, {portal}, needy, {}, {}});
  world.submit(1.5, "holder", {b, HIGH, 8.5, {portal}, needy, {}, FixedOutcome::succeeds});
  world.submit(7, "busy", {b, HIGH, 5, {}, free, {}, {}});
  world.submit(7.5, "next", {b, HIGH, 5, {}, free, {}, {}});
  world.run();
  EXPECT_EQ(world.story("retried"),
            "accepted 0, dispatched 0 [0], requeued 1, rejoined 6, parked (limit) 6, woken 10, "
            "dispatched 12 [0], failed 13");
}

INSTANTIATE_TEST_SUITE_P(Blocking, AgeingInBlockedQueues,
                         ::testing::Values(WhenCredentialBusy::block_workspace,
                                           WhenCredentialBusy::block_level));

}  // namespace
}  // namespace sluice::test
