// Rule 5: what a run that cannot take its credentials does to those behind it.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

/// Three workers. Until second 10 somebody holds the credential. Then, in this order: a HIGH run of
/// workspace a that needs it; HIGH runs of a and b, and a LOW run of b, that need nothing.
struct Rule05WhenCredentialBusy : ::testing::Test {
  void play(WhenCredentialBusy mode) {
    world.main().workers.count = 4;
    world.main().when_credential_busy = mode;
    const WorkspaceId a = world.workspace(), b = world.workspace(), c = world.workspace();
    const WorkflowId needy = world.workflow(1);
    const CredentialId portal = world.credential(1);
    world.submit(0, "holder", {c, HIGH, 10, {portal}, needy, {}, {}});
    world.submit(1, "blocked", {a, HIGH, 1, {portal}, needy, {}, {}});
    world.submit(2, "same queue", {.workspace = a, .level = HIGH});
    world.submit(2, "same workspace", {.workspace = a, .level = MEDIUM});
    world.submit(2, "same level", {.workspace = b, .level = HIGH});
    world.submit(2, "lower", {.workspace = b, .level = LOW});
    world.run();
  }
  World world;
};

TEST_F(Rule05WhenCredentialBusy, SkipHoldsNobodyUp) {
  play(WhenCredentialBusy::skip);
  EXPECT_EQ(world.story("blocked"),
            "accepted 1, parked (limit) 1, woken 10, dispatched 10 [0], succeeded 11");
  EXPECT_EQ(world.dispatched_at("same queue"), 2);
  EXPECT_EQ(world.dispatched_at("lower"), 3) << "all four workers are busy at 2";
}

TEST_F(Rule05WhenCredentialBusy, BlockWorkspaceHoldsUpItsOwnQueueOnly) {
  play(WhenCredentialBusy::block_workspace);
  EXPECT_EQ(world.dispatched_at("blocked"), 10);
  EXPECT_EQ(world.dispatched_at("same queue"), 10) << "three workers are idle at 10";
  EXPECT_EQ(world.dispatched_at("same workspace"), 2);
  EXPECT_EQ(world.dispatched_at("same level"), 2);
  EXPECT_EQ(world.dispatched_at("lower"), 2);
}

TEST_F(Rule05WhenCredentialBusy, BlockLevelHoldsUpLowerLevelsToo) {
  play(WhenCredentialBusy::block_level);
  EXPECT_EQ(world.dispatched_at("blocked"), 10);
  EXPECT_EQ(world.dispatched_at("same queue"), 10);
  EXPECT_EQ(world.dispatched_at("same workspace"), 10);
  EXPECT_EQ(world.dispatched_at("same level"), 2);
  EXPECT_EQ(world.dispatched_at("lower"), 10);
}

TEST_F(Rule05WhenCredentialBusy, HoldWorkerWaitsInsideAWorker) {
  play(WhenCredentialBusy::hold_worker);
  EXPECT_EQ(world.story("blocked"), "accepted 1, holding 1, dispatched 10 [0], succeeded 11");
  EXPECT_EQ(world.dispatched_at("same queue"), 2);
  EXPECT_EQ(world.dispatched_at("same level"), 2);
  EXPECT_EQ(world.dispatched_at("same workspace"), 3) << "only two workers are left for the rest";
  EXPECT_EQ(world.dispatched_at("lower"), 3);
}

}  // namespace
}  // namespace sluice::test
