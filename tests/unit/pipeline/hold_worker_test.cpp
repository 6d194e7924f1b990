// Regressions of `hold_worker`.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
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
  world.at(0, Pause{paused});
  world.submit(1, "paused", {a, HIGH, 1, {portal}, paused, {}, {}});
  world.submit(2, "holds", {a, LOW, 1, {portal}, free, {}, {}});
  world.at(3, Resume{paused});
  world.run();
  EXPECT_EQ(world.story("holds"), "accepted 2, holding 2, dispatched 10 [0], succeeded 11");
  EXPECT_EQ(world.story("paused"),
            "accepted 1, parked (pause) 1, woken 3, dispatched 11 [0], succeeded 12");
}

/// A resumed workflow woke a run that needed a worker, and the workers were held by runs of the
/// same workflow.
TEST(HoldWorker, RunsThatHoldAWorkerAreWokenFirst) {
  World world;
  world.main().workers.count = 2;
  world.main().when_credential_busy = WhenCredentialBusy::hold_worker;
  const WorkspaceId a = world.workspace();
  const WorkflowId needy = world.workflow(1);
  const CredentialId portal = world.credential(1);
  world.at(0, Pause{portal});
  world.submit(1, "holds 1", {a, LOW, 1, {portal}, needy, {}, {}});
  world.at(2, Pause{needy});
  world.submit(3, "paused", {a, HIGH, 1, {portal}, needy, {}, {}});
  // Now `holds 1` waits for the workflow too; and the other worker is gone.
  world.at(4, Resume{portal});
  world.at(5, SetWorkers{{0}, 1});
  world.at(6, Resume{needy});
  world.run();
  EXPECT_EQ(world.dispatched_at("holds 1"), 6);
  EXPECT_EQ(world.dispatched_at("paused"), 7);
}

}  // namespace
}  // namespace sluice::test
