// What a served pipeline needs besides: answers of people, a configuration that grows and changes,
// requests that are no submissions. docs/rules.md, "Changes while it runs".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/pipeline/pipeline_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;

constexpr RunSlot kFirstSlot{0};

struct InteractionOf20s : ::testing::Test {
  InteractionOf20s() {
    WorkflowConfig& workflow = world.config.workflows.front();
    workflow.time = Distribution::constant(10);
    workflow.interaction = InteractionConfig{1, Distribution::constant(20)};
  }
  void answer(double second, bool answered = true) {
    world.at(second, [this, answered](Pipeline& pipeline, Time now) {
      taken = pipeline.end_interaction(now, kFirstSlot, 0, answered);
    });
  }
  std::string run() {
    world.submit(0, "run", {.workspace = a, .seconds = -1});
    world.run();
    return world.story("run");
  }
  World world;
  WorkspaceId a = world.workspace();
  bool taken = false;
};

TEST_F(InteractionOf20s, AnAnswerEndsTheWaitAtOnce) {
  answer(12);
  EXPECT_EQ(run(), "accepted 0, dispatched 0, succeeded 12");
  EXPECT_TRUE(taken);
}

TEST_F(InteractionOf20s, AnAnswerBeforeTheWaitIsNoAnswer) {
  answer(9);
  EXPECT_EQ(run(), "accepted 0, dispatched 0, succeeded 30");
  EXPECT_FALSE(taken);
}

TEST_F(InteractionOf20s, AnAnswerSavesARunThatWasToTimeOut) {
  world.config.workflows.front().interaction->timeout = 5_s;
  answer(14);
  EXPECT_EQ(run(), "accepted 0, dispatched 0, succeeded 14");
}

TEST_F(InteractionOf20s, ABadAnswerFailsTheRun) {
  answer(14, false);
  EXPECT_EQ(run(), "accepted 0, dispatched 0, failed (no answer) 14");
}

TEST_F(InteractionOf20s, TheWorkerIsFreeAfterTheAnswer) {
  answer(12);
  world.submit(1, "next", {.workspace = a});
  EXPECT_EQ(run(), "accepted 0, dispatched 0, succeeded 12");
  EXPECT_DOUBLE_EQ(world.dispatched_at("next"), 12);
}

/// 1 s of work, a person's answer that takes 9 s, and 5 s of work more after an answer.
class Conversation final : public AttemptPlanner {
 public:
  AttemptPlan plan(const Run&, const AttemptPlan&) const override { return {10_s, 9_s}; }
  AttemptPlan plan_after_answer(const Run&) const override { return {5_s}; }
  bool logs_in(const Run&) const override { return true; }
  bool retries(const Run&) const override { return false; }
};

/// How a run goes whose attempt holds a worker from 0 to 5 and is answered at 7.
std::string held_and_answered(Duration timeout) {
  World world;
  world.main().workers.count = 2;
  world.main().when_credential_busy = WhenCredentialBusy::hold_worker;
  const WorkspaceId a = world.workspace();
  const WorkflowId asks = world.workflow(1), slow = world.workflow(1);
  const CredentialId portal = world.credential(1);
  world.config.workflows[asks.index()].timeout = TimeoutConfig{timeout, false};
  const Conversation conversation;
  world.at(0, [&](Pipeline& pipeline, Time) { pipeline.set_planner(conversation); });
  world.submit(0, "holder", {a, PriorityLevel::LOW, 5, {portal}, slow});
  world.submit(
      0.5, "asks",
      {.workspace = a, .needs = {portal}, .workflow = asks, .outcome = FixedOutcome::planned});
  world.at(7, [](Pipeline& pipeline, Time now) {
    EXPECT_TRUE(pipeline.end_interaction(now, RunSlot{1}, 1, true));
  });
  world.run(100);
  return world.story("asks");
}

TEST(LiveChanges, AnAnswerLeavesTheTimeThatTheWorkerWasHeld) {
  const std::string held = "accepted 0.5, holding 0.5, dispatched 5 [0], ";
  EXPECT_EQ(held_and_answered(10_s), held + "failed (timeout) 10.5");
  EXPECT_EQ(held_and_answered(12_s), held + "succeeded 12");
  EXPECT_EQ(held_and_answered(100_s), held + "succeeded 12");
}

TEST(LiveChanges, ACredentialAddedLaterIsUsed) {
  World world;
  const WorkspaceId a = world.workspace();
  const WorkflowId needs_one = world.workflow(1);
  world.at(1, [&world](Pipeline& pipeline, Time now) {
    CredentialConfig credential;
    credential.name = "late";
    world.config.credentials.push_back(credential);
    pipeline.config_grew(now);
    pipeline.apply(now, Pause{CredentialId{0}});
  });
  world.at(5, Resume{CredentialId{0}});
  world.submit(2, "run", {.workspace = a, .needs = {CredentialId{0}}, .workflow = needs_one});
  world.run();
  EXPECT_DOUBLE_EQ(world.dispatched_at("run"), 5);
}

TEST(LiveChanges, AHigherLimitWakesAndALowerOneTakesNothingAway) {
  World world;
  world.main().workers.count = 4;
  const WorkspaceId a = world.workspace();
  const CredentialId credential = world.credential(1);
  const WorkflowId needs_one = world.workflow(1);
  const auto set_limit = [&](double second, std::uint32_t limit) {
    world.at(second, [&world, credential, limit](Pipeline& pipeline, Time now) {
      world.config.credentials[0].allow_multiple_sessions = true;
      world.config.credentials[0].max_concurrency = limit;
      pipeline.credential_config_changed(now, credential);
    });
  };
  const Ask ask{.workspace = a, .seconds = 10, .needs = {credential}, .workflow = needs_one};
  world.submit_each(0, {"r1", "r2", "r3"}, ask);
  set_limit(3, 3);
  set_limit(4, 1);
  world.submit(5, "r4", ask);
  world.run();
  EXPECT_DOUBLE_EQ(world.dispatched_at("r1"), 0);
  EXPECT_DOUBLE_EQ(world.dispatched_at("r2"), 3);
  EXPECT_DOUBLE_EQ(world.dispatched_at("r3"), 3);
  EXPECT_EQ(world.story("r3"),
            "accepted 0, parked (limit) 0, woken 3, dispatched 3 [0], succeeded 13");
  EXPECT_DOUBLE_EQ(world.dispatched_at("r4"), 13);
}

TEST(LiveChanges, AGuardThatGoesWhileALoginIsInProgressEndsWithTheLogin) {
  World world;
  world.main().workers.count = 4;
  const WorkspaceId a = world.workspace();
  const CredentialId credential = world.credential(4);
  world.config.credentials[0].prevent_concurrency_during_login = true;
  world.config.credentials[0].login = LoginConfig{Distribution::constant(4), 0};
  const WorkflowId needs_one = world.workflow(1);
  const Ask ask{.workspace = a, .seconds = 10, .needs = {credential}, .workflow = needs_one};
  world.submit(0, "r1", ask);
  world.at(1, [&world, credential](Pipeline& pipeline, Time now) {
    world.config.credentials[0].prevent_concurrency_during_login = false;
    pipeline.credential_config_changed(now, credential);
  });
  world.submit_each(2, {"r2", "r3"}, ask);
  world.run();
  EXPECT_DOUBLE_EQ(world.dispatched_at("r2"), 4);
  EXPECT_DOUBLE_EQ(world.dispatched_at("r3"), 4);
}

TEST(LiveChanges, ADroppedSessionMeansALogin) {
  World world;
  const WorkspaceId a = world.workspace();
  const CredentialId credential = world.credential(1);
  world.config.credentials[0].keeps_session = true;
  world.config.credentials[0].login = LoginConfig{Distribution::constant(4), 0};
  const WorkflowId needs_one = world.workflow(1);
  const Ask ask{.workspace = a, .seconds = 1, .needs = {credential}, .workflow = needs_one};
  world.submit(0, "logs in", ask);
  world.submit(10, "has a session", ask);
  world.at(20, [credential](Pipeline& pipeline, Time) { pipeline.clear_session(credential); });
  world.submit(21, "logs in again", ask);
  world.run();
  EXPECT_THAT(world.story("logs in"), ::testing::HasSubstr("succeeded 5"));
  EXPECT_THAT(world.story("has a session"), ::testing::HasSubstr("succeeded 11"));
  EXPECT_THAT(world.story("logs in again"), ::testing::HasSubstr("succeeded 26"));
}

TEST(LiveChanges, OtherRequestsCountForTheRateLimits) {
  World world;
  const WorkspaceId a = world.workspace();
  world.config.api.rate_limits = {{10_s, 2}, {60_s, 3}};
  std::vector<Answer> answers;
  std::vector<RateRoom> rooms;
  const auto count = [&](double second) {
    world.at(second, [&, a](Pipeline& pipeline, Time now) {
      answers.push_back(pipeline.count_request(now, a));
      rooms.push_back(*pipeline.rate_room(now, a));
    });
  };
  for (const double second : {1.0, 2.0, 3.0}) count(second);
  world.submit(4, "refused", {.workspace = a});
  count(12);
  world.run();

  EXPECT_EQ(answers[1].status, Answer::Status::accepted);
  EXPECT_EQ(rooms[0].remaining, 1u);
  EXPECT_EQ(rooms[1].remaining, 0u);
  EXPECT_EQ(rooms[1].max, 2u);
  EXPECT_EQ(rooms[1].more_in, 9_s);
  EXPECT_EQ(answers[2].status, Answer::Status::rate_limited);
  EXPECT_EQ(answers[2].retry_after, 8_s);
  EXPECT_EQ(world.answer("refused"), "429 by window 0, retry after 7 s");
  EXPECT_EQ(answers[3].status, Answer::Status::accepted);
  EXPECT_EQ(rooms[3].max, 3u);  // two more of the minute than of the ten seconds
}

}  // namespace
}  // namespace sluice::test
