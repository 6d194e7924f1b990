// From what was seen of a target to the transitions of its runs.
#include "load/follow/observed_runs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/time.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using ::testing::ElementsAre;
using Kind = Observation::Kind;

/// Writes transitions down as "12s dispatched".
class Diary final : public PipelineObserver {
 public:
  std::vector<std::string> lines;

  void submitted(Time now, const RunRequest&) override { add(now, "submitted"); }
  void answered(Time now, const RunRequest& request, const Answer& answer) override {
    add(now, "answered attempt " + std::to_string(request.attempt) + " after " +
                 std::to_string((answer.answered_at - now).ns / 1'000'000) + " ms");
  }
  void gave_up(Time now, const RunRequest&) override { add(now, "gave up"); }
  void accepted(Time now, const Run&) override { add(now, "accepted"); }
  void dispatched(Time now, const Run&) override { add(now, "dispatched"); }
  void requeued(Time now, const Run&, RequeueCause, Duration) override { add(now, "requeued"); }
  void rejoined(Time now, const Run&) override { add(now, "rejoined"); }
  void ended(Time now, const Run&, Outcome outcome, EndReason reason) override {
    add(now, reason == EndReason::cancelled  ? "cancelled"
             : outcome == Outcome::succeeded ? "succeeded"
                                             : "not succeeded");
  }

 private:
  void add(Time now, const std::string& what) {
    EXPECT_GE(now, last_) << what;
    last_ = now;
    lines.push_back(std::to_string(now.ns / 1'000'000'000) + "s " + what);
  }
  Time last_;
};

class ObservedRunsTest : public ::testing::Test {
 protected:
  ObservedRunsTest() : pipeline_(one_workspace()), runs_(pipeline_, diary_) {}

  static PipelineConfig one_workspace() {
    PipelineConfig config;
    config.groups.resize(1);
    config.workspaces.push_back({"acme", GroupId::at(0)});
    return config;
  }
  static Time at(Duration since_start) { return Time::zero() + since_start; }

  void submit(Duration when, std::uint64_t run = 0) {
    RunRequest request;
    request.workspace = WorkspaceId::at(0);
    request.workflow = WorkflowId::at(0);
    request.level = PriorityLevel::HIGH;
    request.submitted = at(when);
    batch_.requests.emplace_back(run, request);
    see(Kind::submitted, when, run);
  }
  void answer(Duration when, Answer::Status status = Answer::Status::accepted,
              std::uint64_t run = 0) {
    Observation seen = observation(Kind::answered, when, run);
    seen.status = status;
    seen.latency = 500_ms;
    batch_.observations.push_back(seen);
  }
  UnseenRuns unseen() const {
    UnseenRuns sum;
    for (const UnseenRuns& some : runs_.unseen()) sum.starts += some.starts, sum.ends += some.ends;
    return sum;
  }
  void see(Kind kind, Duration when, std::uint64_t run = 0) {
    batch_.observations.push_back(observation(kind, when, run));
  }
  /// `stamp`: by the target's clock; negative: it says none.
  void event(RunEventKind kind, Duration when, Duration stamp = Duration{-1}, Duration delay = {},
             Duration resolution = {}) {
    Observation seen = observation(Kind::event, when, 0);
    seen.event = kind;
    seen.latency = delay;
    if (stamp.ns >= 0) seen.stamp = at(stamp);
    seen.stamp_resolution = resolution;
    batch_.observations.push_back(seen);
  }
  void tell(Duration until) {
    runs_.take(batch_);
    batch_ = {};
    runs_.tell(at(until));
  }

  PipelineConfig pipeline_;
  Diary diary_;
  ObservedRuns runs_;

 private:
  static Observation observation(Kind kind, Duration when, std::uint64_t run) {
    Observation seen;
    seen.kind = kind;
    seen.at = at(when);
    seen.run = run;
    return seen;
  }
  ObservationJournal::Batch batch_;
};

TEST_F(ObservedRunsTest, ARunThatWaitsRunsAndSucceeds) {
  submit(1_s);
  answer(2_s);
  event(RunEventKind::queued, 2_s);
  event(RunEventKind::started, 10_s);
  event(RunEventKind::succeeded, 30_s);
  tell(60_s);
  EXPECT_THAT(diary_.lines, ElementsAre("1s submitted", "2s answered attempt 1 after 500 ms",
                                        "2s accepted", "10s dispatched", "30s succeeded"));
  EXPECT_EQ(runs_.counts().ended, 1u);
  EXPECT_EQ(runs_.counts().duplicates, 0u);
}

TEST_F(ObservedRunsTest, RefusedAttemptsAreCountedUntilItGivesUp) {
  submit(1_s);
  answer(2_s, Answer::Status::rate_limited);
  answer(4_s, Answer::Status::server_error);
  see(Kind::gave_up, 4_s);
  tell(60_s);
  EXPECT_THAT(diary_.lines, ElementsAre("1s submitted", "2s answered attempt 1 after 500 ms",
                                        "4s answered attempt 2 after 500 ms", "4s gave up"));
  EXPECT_EQ(runs_.counts().accepted, 0u);
}

TEST_F(ObservedRunsTest, WhatTheClientCancelledIsCancelledThoughTheTargetsStampIsEarlier) {
  submit(10_s);
  answer(10_s);
  event(RunEventKind::queued, 10_s, 10_s);
  see(Kind::cancelled, 45_s);
  event(RunEventKind::stopped, 46_s, 44_s);
  tell(60_s);
  EXPECT_EQ(diary_.lines.back(), "44s cancelled");
}

TEST_F(ObservedRunsTest, ARetryDelayEndsWhenTheTargetSaidThatItWould) {
  submit(1_s);
  answer(1_s);
  event(RunEventKind::started, 2_s);
  event(RunEventKind::requeued, 5_s, Duration{-1}, 10_s);
  event(RunEventKind::started, 40_s);
  event(RunEventKind::failed, 50_s);
  tell(60_s);
  EXPECT_THAT(diary_.lines, ElementsAre("1s submitted", "1s answered attempt 1 after 500 ms",
                                        "1s accepted", "2s dispatched", "5s requeued",
                                        "15s rejoined", "40s dispatched", "50s not succeeded"));
}

TEST_F(ObservedRunsTest, AStartDuringTheDelayEndsItToo) {
  submit(1_s);
  answer(1_s);
  event(RunEventKind::started, 2_s);
  event(RunEventKind::requeued, 5_s, Duration{-1}, 60_s);
  event(RunEventKind::started, 9_s);
  tell(100_s);
  EXPECT_EQ(diary_.lines.at(5), "9s rejoined");
  EXPECT_EQ(diary_.lines.at(6), "9s dispatched");
  EXPECT_EQ(diary_.lines.size(), 7u);
}

TEST_F(ObservedRunsTest, APausedRunGoesOnWaiting) {
  submit(1_s);
  answer(1_s);
  event(RunEventKind::paused, 2_s);
  event(RunEventKind::started, 9_s);
  tell(60_s);
  EXPECT_EQ(diary_.lines.back(), "9s dispatched");
  EXPECT_EQ(diary_.lines.size(), 4u);
  EXPECT_EQ(runs_.counts().duplicates, 0u);
}

TEST_F(ObservedRunsTest, ARunThatEndedBeforeItsAnswerCameIsWholeAllTheSame) {
  submit(1_s);
  event(RunEventKind::queued, 2_s);
  event(RunEventKind::started, 2_s);
  event(RunEventKind::succeeded, 3_s);
  answer(4_s);
  tell(60_s);
  EXPECT_THAT(diary_.lines, ElementsAre("1s submitted", "2s accepted", "2s dispatched",
                                        "3s succeeded", "4s answered attempt 1 after 500 ms"));
}

TEST_F(ObservedRunsTest, EventsCountWhenTheyHappenedByTheTargetsOwnClock) {
  // Its clock is an hour ahead; the fastest event took no time, the second one five seconds.
  submit(1_s);
  answer(1_s);
  event(RunEventKind::queued, 1_s, 3601_s);
  event(RunEventKind::started, 15_s, 3610_s);
  tell(60_s);
  EXPECT_EQ(diary_.lines.at(3), "10s dispatched");
}

TEST_F(ObservedRunsTest, AStampCutToSecondsIsNotEarlierThanOneOfTheSameSecond) {
  // The list of runs stamps to a millisecond, webhooks to a second.
  const Duration second = 1_s, millisecond = 1_ms;
  submit(1_s);
  answer(1_s);
  event(RunEventKind::queued, 1_s, 3601_s, {}, millisecond);
  event(RunEventKind::started, 30_s, 3610_s + 700_ms, {}, millisecond);
  event(RunEventKind::succeeded, 11_s, 3610_s, {}, second);
  tell(60_s);
  EXPECT_EQ(diary_.lines.at(3), "10s dispatched");
  EXPECT_EQ(diary_.lines.at(4), "11s succeeded");
  EXPECT_EQ(runs_.counts().reordered, 0u);
}

TEST_F(ObservedRunsTest, AStampOfASecondBeforeTheLastIsEarlier) {
  submit(1_s);
  answer(1_s);
  event(RunEventKind::started, 10_s, 3610_s, {}, 1_ms);
  tell(20_s);
  event(RunEventKind::requeued, 21_s, 3609_s, {}, 1_s);
  tell(60_s);
  EXPECT_EQ(runs_.counts().reordered, 1u);
}

TEST_F(ObservedRunsTest, AnEventThatOvertookTheAnswerCountsOnceTheRunIsAccepted) {
  submit(1_s);
  event(RunEventKind::started, 2_s);
  answer(3_s);
  event(RunEventKind::succeeded, 9_s);
  tell(60_s);
  EXPECT_EQ(diary_.lines.at(2), "3s accepted");
  EXPECT_EQ(diary_.lines.at(3), "3s dispatched");
  EXPECT_EQ(diary_.lines.at(4), "9s succeeded");
}

TEST_F(ObservedRunsTest, EventsInTheWrongOrderArePutRightByTheirStamps) {
  submit(1_s);
  answer(1_s);
  event(RunEventKind::queued, 1_s, 101_s);
  event(RunEventKind::succeeded, 20_s, 115_s);
  event(RunEventKind::started, 21_s, 105_s);
  tell(60_s);
  EXPECT_EQ(diary_.lines.at(3), "5s dispatched");
  EXPECT_EQ(diary_.lines.at(4), "15s succeeded");
  EXPECT_EQ(unseen().starts, 0u);
}

TEST_F(ObservedRunsTest, WhatComesTwiceIsToldOnce) {
  submit(1_s);
  answer(1_s);
  for (int i = 0; i < 2; ++i) event(RunEventKind::started, 2_s);
  for (int i = 0; i < 2; ++i) event(RunEventKind::succeeded, 3_s);
  tell(60_s);
  EXPECT_EQ(diary_.lines.size(), 5u);
  EXPECT_EQ(runs_.counts().duplicates, 2u);
  EXPECT_EQ(runs_.counts().ended, 1u);
}

TEST_F(ObservedRunsTest, AnEndWithoutAStartIsSaid) {
  submit(1_s);
  answer(1_s);
  event(RunEventKind::succeeded, 9_s);
  tell(60_s);
  EXPECT_EQ(unseen().starts, 1u);
  EXPECT_EQ(diary_.lines.back(), "9s succeeded");
}

TEST_F(ObservedRunsTest, WhatWasNotSeenIsCountedByWhatTheRunsAre) {
  for (std::uint64_t run = 0; run < 4; ++run) {
    submit(1_s, run);
    answer(1_s, Answer::Status::accepted, run);
  }
  event(RunEventKind::succeeded, 9_s);
  see(Kind::lost, 20_s, 1);
  see(Kind::unfinished, 20_s, 2);
  tell(60_s);
  EXPECT_EQ(unseen().starts, 1u);
  EXPECT_EQ(unseen().ends, 1u);
  EXPECT_EQ(runs_.counts().lost, 1u) << "who waits as the target says, and who was not asked for";
  const std::vector<UnseenRuns> unseen = runs_.unseen();
  ASSERT_EQ(unseen.size(), 1u);
  EXPECT_EQ(unseen[0].of.level, PriorityLevel::HIGH);
  EXPECT_EQ(unseen[0].starts, 1u);
  EXPECT_EQ(unseen[0].ends, 1u);
}

TEST_F(ObservedRunsTest, ARunThatIsStoppedWhileItWaitsNeverStarted) {
  submit(1_s);
  answer(1_s);
  event(RunEventKind::stopped, 9_s);
  tell(60_s);
  EXPECT_EQ(unseen().starts, 0u);
  EXPECT_EQ(diary_.lines.back(), "9s not succeeded");
  EXPECT_EQ(diary_.lines.size(), 4u);
}

TEST_F(ObservedRunsTest, CountsSayWhoWaitsAndRunsNow) {
  for (std::uint64_t run = 0; run < 3; ++run) {
    submit(1_s, run);
    answer(1_s, Answer::Status::accepted, run);
  }
  event(RunEventKind::started, 2_s);
  tell(5_s);
  EXPECT_EQ(runs_.counts().levels[index(PriorityLevel::HIGH)].waiting, 2u);
  EXPECT_EQ(runs_.counts().levels[index(PriorityLevel::HIGH)].running, 1u);
  see(Kind::lost, 6_s, 2);
  tell(7_s);
  EXPECT_EQ(runs_.counts().lost, 1u);
}

TEST_F(ObservedRunsTest, WhatIsToldTooLateIsToldAtOnce) {
  submit(1_s);
  answer(1_s);
  tell(30_s);
  event(RunEventKind::started, 5_s);
  tell(31_s);
  EXPECT_EQ(diary_.lines.back(), "30s dispatched");
  EXPECT_EQ(runs_.counts().told_late, 1u);
}

}  // namespace
}  // namespace sluice::test
