// Regressions of `hold_worker`.
#include <gtest/gtest.h>

#include "tests/pipeline/pipeline_world.hpp"

namespace sluice::testing {
namespace {

using enum PriorityLevel;

/// The credential came free for a run without a worker, and the only worker was held by one that
/// waited for the credential.
TEST(HoldWorker, ARunThatWasPausedDoesNotTakeTheChanceOfOneThatHoldsAWorker) {
  World world;
  world.main().workers.count = 1;
  world.main().when_credential_busy = WhenCredentialBusy::hold_worker;
  const GroupId other = world.group(1);
  const WorkspaceId a = world.workspace(), elsewhere = world.workspace(other);
  const WorkflowId paused = world.workflow(1), free = world.workflow(1);
  const CredentialId portal = world.credential(1);
  world.submit(0, "elsewhere", {elsewhere, HIGH, 10, {portal}, free, {}, {}});
  world.pause_workflow(0, paused, true);
  world.submit(1, "paused", {a, HIGH, 1, {portal}, paused, {}, {}});
  world.submit(2, "holds", {a, LOW, 1, {portal}, free, {}, {}});
  world.pause_workflow(3, paused, false);
  world.run();
  EXPECT_EQ(world.story("holds"), "accepted 2, holding 2, dispatched 10 [0], succeeded 11");
  EXPECT_EQ(world.story("paused"),
            "accepted 1, parked (pause) 1, woken 3, dispatched 11 [0], succeeded 12");
}

}  // namespace
}  // namespace sluice::testing
