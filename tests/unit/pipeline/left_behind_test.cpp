// Rule 15: whoever the policy refuses does not use up a wake. No run that the policy would start
// now waits beside a worker that it may have.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

struct NobodyIsLeftBehind : ::testing::Test {
  NobodyIsLeftBehind() { world.main().workers.count = 3; }

  DispatchConfig& policy() { return world.main().dispatch; }
  void reserve_for_low(std::uint32_t workers) {
    policy().kind = DispatchPolicyKind::reserved;
    policy().reserved = {0, 0, workers};
  }
  void age(double promote_after, WhenCredentialBusy rule) {
    policy().kind = DispatchPolicyKind::ageing;
    policy().promote_after = Duration::from_seconds(promote_after);
    world.main().when_credential_busy = rule;
  }
  Ask needs(CredentialId credential, WorkspaceId workspace, PriorityLevel level, double seconds) {
    return {workspace, level, seconds, {credential}, needy, {}, {}};
  }
  static Ask free(WorkspaceId workspace, PriorityLevel level, double seconds) {
    return {.workspace = workspace, .level = level, .seconds = seconds};
  }

  World world;
  WorkspaceId a = world.workspace(), b = world.workspace(), d = world.workspace();
  WorkflowId needy = world.workflow(1);
  CredentialId portal = world.credential(1), vault = world.credential(1);
};

/// The idle worker is kept for LOW, so a HIGH run that is woken first cannot have it.
TEST_F(NobodyIsLeftBehind, ByAHigherLevelThatMayNotHaveTheReservedWorker) {
  reserve_for_low(1);
  world.submit(0, "long 1", free(a, HIGH, 1000));
  world.submit(0, "holder", needs(portal, b, LOW, 10));
  world.submit(1, "high", needs(portal, a, HIGH, 10));
  world.submit(2, "low", needs(portal, b, LOW, 10));
  world.submit(3, "long 2", free(a, HIGH, 1000));
  world.run();
  EXPECT_EQ(world.dispatched_at("low"), 10);
  EXPECT_EQ(world.dispatched_at("high"), 1000) << "when a second worker is idle";
}

TEST_F(NobodyIsLeftBehind, ByAHigherLevelOfAGroupThatSharesTheLogin) {
  reserve_for_low(1);
  world.main().workers.count = 2;
  const GroupId other = world.group(1);
  const WorkspaceId theirs = world.workspace(other);
  world.submit(0, "long", free(a, HIGH, 1000));
  world.submit(0, "holder", needs(portal, b, LOW, 10));
  world.at(1, SetWorkers{{0}, 3});
  world.submit(1, "high", needs(portal, a, HIGH, 10));
  world.submit(2, "low", needs(portal, b, LOW, 10));
  world.submit(3, "other", needs(portal, theirs, MEDIUM, 10));
  world.submit(4, "long 2", free(a, HIGH, 1000));
  world.run();
  EXPECT_EQ(world.dispatched_at("low"), 10);
  EXPECT_EQ(world.dispatched_at("other"), 20);
  EXPECT_EQ(world.dispatched_at("high"), 1000);
}

/// With two slots, a wake that a refused level does not use leaves both to the others.
TEST_F(NobodyIsLeftBehind, WhenSeveralSlotsComeFreeAtOnce) {
  reserve_for_low(2);
  const CredentialId wide = world.credential(2);
  world.at(0, Pause{wide});
  world.submit(0, "high 1", needs(wide, a, HIGH, 5));
  world.submit(0, "high 2", needs(wide, a, HIGH, 5));
  world.submit(0, "low 1", needs(wide, b, LOW, 5));
  world.submit(0, "low 2", needs(wide, b, LOW, 5));
  world.submit(1, "long", free(d, HIGH, 100));
  world.at(10, Resume{wide});
  world.run();
  EXPECT_EQ(world.dispatched_at("low 1"), 10);
  EXPECT_EQ(world.dispatched_at("low 2"), 10);
}

TEST_F(NobodyIsLeftBehind, ByARunWhoseWorkspaceIsAtItsCap) {
  policy().kind = DispatchPolicyKind::workspace_cap;
  policy().cap = 1;
  world.submit(0, "holder", needs(portal, b, LOW, 10));
  world.submit(1, "high", needs(portal, a, HIGH, 10));
  world.submit(2, "low", needs(portal, d, LOW, 10));
  world.submit(3, "at the cap", free(a, LOW, 100));
  world.run();
  EXPECT_EQ(world.dispatched_at("low"), 10);
  EXPECT_EQ(world.dispatched_at("high"), 103);
}

/// The level below is held up by a blocked queue until the run has climbed out of it.
TEST_F(NobodyIsLeftBehind, WhenItClimbsToALevelThatIsNotHeldUp) {
  age(5, WhenCredentialBusy::block_level);
  world.submit(0, "holder", needs(portal, a, HIGH, 100));
  world.submit(1, "blocks", needs(portal, b, MEDIUM, 1));
  world.submit(2, "climbs", free(d, LOW, 1));
  world.run();
  EXPECT_EQ(world.dispatched_at("climbs"), 7);
}

/// `young` is woken and waits for a worker. Then `old`, of the same workspace, climbs past it and
/// blocks the queue: what `young` cannot use is for `other`.
TEST_F(NobodyIsLeftBehind, ByAWokenRunThatAnOlderOneClimbsPast) {
  age(21, WhenCredentialBusy::block_workspace);
  world.main().workers.count = 2;
  world.at(0, Pause{portal});
  world.submit(0, "long", needs(vault, a, HIGH, 1000));
  world.submit(0, "busy 1", free(a, HIGH, 5));
  world.submit(1, "old", needs(vault, b, LOW, 1));
  world.submit(4.5, "young", needs(portal, b, MEDIUM, 1));
  world.submit(4.6, "other", needs(portal, d, MEDIUM, 1));
  world.submit(4.8, "busy 2", free(a, MEDIUM, 20));
  world.at(19, Resume{portal});
  world.run(900);
  EXPECT_EQ(world.dispatched_at("other"), 25);
  EXPECT_EQ(world.dispatched_at("young"), 26) << "it climbed out of the blocked queue at 25.5";
}

TEST_F(NobodyIsLeftBehind, BehindALevelThatWasHeldUpWhenItWasWoken) {
  world.main().when_credential_busy = WhenCredentialBusy::block_level;
  world.main().workers.count = 4;
  world.submit(0, "portal holder", needs(portal, a, HIGH, 10));
  world.submit(0, "vault holder", needs(vault, d, HIGH, 30));
  world.submit(0.5, "medium", needs(portal, b, MEDIUM, 10));
  world.submit(1, "high", needs(vault, b, HIGH, 10));
  world.run();
  EXPECT_EQ(world.story("medium"),
            "accepted 0.5, parked (limit) 0.5, woken 10, dispatched 30 [0], succeeded 40");
  EXPECT_EQ(world.dispatched_at("high"), 30);
}

TEST_F(NobodyIsLeftBehind, InAGroupThatWasPausedWhenItWasWoken) {
  const GroupId other = world.group(2);
  const WorkspaceId theirs = world.workspace(other);
  world.submit(0, "holder", needs(portal, theirs, HIGH, 10));
  world.submit(1, "mine 1", needs(portal, a, HIGH, 1));
  world.submit(1, "mine 2", needs(portal, b, LOW, 1));
  world.submit(2, "theirs", needs(portal, theirs, LOW, 2));
  world.at(5, Pause{GroupId{0}});
  world.at(20, Resume{GroupId{0}});
  world.run();
  EXPECT_EQ(world.dispatched_at("theirs"), 10) << "a paused group keeps nothing from another one";
  EXPECT_EQ(world.dispatched_at("mine 1"), 20);
  EXPECT_EQ(world.dispatched_at("mine 2"), 21);
}

}  // namespace
}  // namespace sluice::test
