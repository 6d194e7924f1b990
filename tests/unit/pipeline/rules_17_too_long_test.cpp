// Rule 17: attempts that take too long, and runs that wait too long.
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;
using namespace literals;

struct Rule17TooLong : ::testing::Test {
  WorkflowConfig& plain() { return world.config.workflows.front(); }
  WorkflowConfig& config(WorkflowId id) { return world.config.workflows[id.index()]; }
  World world;
  WorkspaceId a = world.workspace(), b = world.workspace();
};

// ---- timeout

TEST_F(Rule17TooLong, ATimeoutFailsTheAttemptAndFreesWorkerAndCredential) {
  const WorkflowId needy = world.workflow(1);
  const CredentialId portal = world.credential(1);
  config(needy).timeout = TimeoutConfig{5_s, false};
  world.submit(0, "hangs", {a, LOW, 1000, {portal}, needy});
  world.submit(0, "next", {b, LOW, 2, {portal}, needy});
  world.run();
  EXPECT_EQ(world.story("hangs"), "accepted 0, dispatched 0 [0], failed (timeout) 5");
  EXPECT_EQ(world.story("next"), "accepted 0, dispatched 5 [0], succeeded 7");
}

TEST_F(Rule17TooLong, AnAttemptThatTakesExactlyItsTimeoutCompletes) {
  plain().timeout = TimeoutConfig{5_s, false};
  world.submit(0, "in time", {.workspace = a, .seconds = 5});
  world.submit(10, "late", {.workspace = a, .seconds = 5.001});
  world.run();
  EXPECT_EQ(world.story("in time"), "accepted 0, dispatched 0, succeeded 5");
  EXPECT_EQ(world.story("late"), "accepted 10, dispatched 10, failed (timeout) 15");
}

TEST_F(Rule17TooLong, ARetriableTimeoutRequeuesWhileRetriesLast) {
  plain().timeout = TimeoutConfig{5_s, true};
  plain().max_retries = 1;
  plain().backoff.base = 3_s;
  world.submit(0, "hangs", {.workspace = a, .seconds = 1000});
  world.run();
  EXPECT_EQ(world.story("hangs"),
            "accepted 0, dispatched 0, requeued 5, rejoined 8, dispatched 8, failed (timeout) 13");
}

TEST_F(Rule17TooLong, LoginsCountAsTimeOfTheAttempt) {
  const WorkflowId needy = world.workflow(1);
  const CredentialId portal = world.credential(1);
  world.config.credentials[portal.index()].login = LoginConfig{Distribution::constant(4), 0};
  config(needy).timeout = TimeoutConfig{5_s, false};
  world.submit(0, "1", {a, LOW, 2, {portal}, needy});
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, dispatched 0 [0], logged in 4, failed (timeout) 5");
}

TEST_F(Rule17TooLong, AWaitForAPersonCountsAsTimeOfTheAttempt) {
  plain().interaction = InteractionConfig{1, Distribution::constant(60), Duration::max()};
  plain().timeout = TimeoutConfig{30_s, false};
  world.submit(0, "asks", {.workspace = a, .seconds = 2});
  world.run();
  EXPECT_EQ(world.story("asks"), "accepted 0, dispatched 0, failed (timeout) 30");
}

TEST_F(Rule17TooLong, AHoldInsideAWorkerCountsAsTimeOfTheAttempt) {
  world.main().workers.count = 3;
  world.main().when_credential_busy = WhenCredentialBusy::hold_worker;
  const WorkflowId needy = world.workflow(1), slow = world.workflow(1);
  const CredentialId portal = world.credential(1);
  config(needy).timeout = TimeoutConfig{5_s, false};
  world.submit(0, "holder", {a, LOW, 3, {portal}, slow});
  world.submit(0, "starts late", {a, LOW, 3, {portal}, needy});
  world.submit(4, "starts in time", {a, LOW, 1, {portal}, needy});
  world.submit(4.5, "again", {a, LOW, 1000, {portal}, slow});
  world.run(100);
  EXPECT_EQ(world.story("starts late"),
            "accepted 0, holding 0, dispatched 3 [0], failed (timeout) 5");
  EXPECT_EQ(world.story("starts in time"), "accepted 4, holding 4, dispatched 5 [0], succeeded 6");
  EXPECT_EQ(world.story("again"), "accepted 4.5, holding 4.5, dispatched 6 [0]");
}

TEST_F(Rule17TooLong, WhoOnlyHeldIsRequeuedByARetriableTimeout) {
  world.main().workers.count = 2;
  world.main().when_credential_busy = WhenCredentialBusy::hold_worker;
  const WorkflowId needy = world.workflow(1), slow = world.workflow(1);
  const CredentialId portal = world.credential(1);
  config(needy).timeout = TimeoutConfig{5_s, true};
  config(needy).max_retries = 1;
  world.submit(0, "holder", {a, LOW, 1000, {portal}, slow});
  world.submit(0, "waits", {a, LOW, 1, {portal}, needy});
  world.run(100);
  EXPECT_EQ(world.story("waits"),
            "accepted 0, holding 0, requeued 5, rejoined 5, holding 5, failed (timeout) 10");
  EXPECT_EQ(world.workers().idle, 1u);
  EXPECT_EQ(world.workers().holding, 0u);
}

TEST_F(Rule17TooLong, AnAttemptThatEndsOtherwiseIsNotTimedOutLater) {
  plain().timeout = TimeoutConfig{5_s, false};
  world.submit(0, "interrupted", {.workspace = a, .seconds = 1000});
  world.interrupt(2, "interrupted");
  world.submit(2, "next in its slot", {.workspace = a, .seconds = 4});
  world.run();
  EXPECT_EQ(world.story("interrupted"), "accepted 0, dispatched 0, stopped (interrupted) 2");
  EXPECT_EQ(world.story("next in its slot"), "accepted 2, dispatched 2, succeeded 6");
}

// ---- expiry

TEST_F(Rule17TooLong, ARunThatHasWaitedForItsExpiryIsStopped) {
  plain().expiry = 5_s;
  world.submit(0, "long", {.workspace = a, .seconds = 10});
  world.submit(1, "waits", {.workspace = a});
  world.submit(6, "in time", {.workspace = a});
  world.run();
  EXPECT_EQ(world.story("long"), "accepted 0, dispatched 0, succeeded 10");
  EXPECT_EQ(world.story("waits"), "accepted 1, stopped (expired) 6");
  EXPECT_EQ(world.story("in time"), "accepted 6, dispatched 10, succeeded 11");
}

/// Timers come before dispatch.
TEST_F(Rule17TooLong, WhoHasWaitedLongEnoughWhenAWorkerIsFreeIsNotStarted) {
  plain().expiry = 5_s;
  world.submit(0, "first", {.workspace = a, .seconds = 5});
  world.submit(0, "second", {.workspace = a});
  world.run();
  EXPECT_EQ(world.story("second"), "accepted 0, stopped (expired) 5");
}

TEST_F(Rule17TooLong, TimeInWhichAnAttemptRanDoesNotCount) {
  plain().expiry = 5_s;
  plain().failures = {{"again", 1, true, Distribution::constant(1)}};
  plain().max_retries = 5;
  plain().backoff = {2_s, 1, Duration::max(), 0};
  world.submit(0, "1", {.workspace = a, .seconds = 10});
  world.run();
  // Waits 10 to 12, 22 to 24, and 34 to 35: five seconds.
  EXPECT_EQ(world.story("1"),
            "accepted 0, dispatched 0, requeued 10, rejoined 12, dispatched 12, requeued 22, "
            "rejoined 24, dispatched 24, requeued 34, stopped (expired) 35");
}

TEST_F(Rule17TooLong, WhoIsParkedOrHoldsAWorkerWaits) {
  for (const auto rule : {WhenCredentialBusy::skip, WhenCredentialBusy::hold_worker,
                          WhenCredentialBusy::block_workspace}) {
    World w;
    w.main().workers.count = 2;
    w.main().when_credential_busy = rule;
    const WorkspaceId workspace = w.workspace();
    const WorkflowId needy = w.workflow(1);
    const CredentialId portal = w.credential(1);
    w.config.workflows[needy.index()].expiry = 5_s;
    w.submit(0, "holder", {workspace, LOW, 100, {portal}, needy});
    w.submit(0, "waits", {workspace, LOW, 1, {portal}, needy});
    w.submit(1, "behind", {.workspace = workspace, .seconds = 1});
    w.run();
    const std::string waits = w.story("waits");
    EXPECT_EQ(waits.substr(waits.rfind(", ")), ", stopped (expired) 5");
    EXPECT_EQ(w.workers().idle, 2u);
    EXPECT_EQ(w.dispatched_at("behind"), rule == WhenCredentialBusy::skip ? 1 : 5);
  }
}

// ---- patience

TEST_F(Rule17TooLong, ARunIsCancelledWhenThePatienceOfItsSubmitterIsOver) {
  world.submit(0, "long", {.workspace = a, .seconds = 10, .patience = 1});
  world.submit(1, "impatient", {.workspace = a, .patience = 3});
  world.submit(1, "patient", {.workspace = a, .patience = 20});
  world.run();
  EXPECT_EQ(world.story("long"), "accepted 0, dispatched 0, succeeded 10");
  EXPECT_EQ(world.story("impatient"), "accepted 1, stopped (cancelled) 4");
  EXPECT_EQ(world.story("patient"), "accepted 1, dispatched 10, succeeded 11");
}

TEST_F(Rule17TooLong, WhoHasNoPatienceAtAllIsNeverStarted) {
  world.submit(0, "1", {.workspace = a, .patience = 0});
  world.run();
  EXPECT_EQ(world.story("1"), "accepted 0, stopped (cancelled) 0");
}

/// Patience counts from the first request, expiry from acceptance: the latency lies between.
TEST_F(Rule17TooLong, PatienceCountsFromTheFirstRequest) {
  world.config.api.latency = Distribution::constant(2);
  plain().expiry = 5_s;
  world.submit(0, "long", {.workspace = a, .seconds = 100});
  world.submit(1, "cancelled", {.workspace = a, .patience = 6});
  world.submit(1, "expired", {.workspace = a, .patience = 8});
  world.submit(1, "too late to begin with", {.workspace = a, .patience = 1});
  world.run();
  EXPECT_EQ(world.story("cancelled"), "accepted 3, stopped (cancelled) 7");
  EXPECT_EQ(world.story("expired"), "accepted 3, stopped (expired) 8");
  EXPECT_EQ(world.story("too late to begin with"), "accepted 3, stopped (cancelled) 3");
}

}  // namespace
}  // namespace sluice::test
