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
  world.pause_workflow(0, paused, true);
  world.submit(1, "paused", {a, HIGH, 1, {portal}, paused, {}, {}});
  world.submit(2, "holds", {a, LOW, 1, {portal}, free, {}, {}});
  world.pause_workflow(3, paused, false);
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
  world.at(0, [=](Pipeline& pipeline, Time now) { pipeline.pause_credential(now, portal); });
  world.submit(1, "holds 1", {a, LOW, 1, {portal}, needy, {}, {}});
  world.pause_workflow(2, needy, true);
  world.submit(3, "paused", {a, HIGH, 1, {portal}, needy, {}, {}});
  // Now `holds 1` waits for the workflow too; and the other worker is gone.
  world.at(4, [=](Pipeline& pipeline, Time now) { pipeline.resume_credential(now, portal); });
  world.at(5, [](Pipeline& pipeline, Time now) { pipeline.set_workers(now, {0}, 1); });
  world.pause_workflow(6, needy, false);
  world.run();
  EXPECT_EQ(world.dispatched_at("holds 1"), 6);
  EXPECT_EQ(world.dispatched_at("paused"), 7);
}

}  // namespace
}  // namespace sluice::test
