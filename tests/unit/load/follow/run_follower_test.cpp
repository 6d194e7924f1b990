// What is seen of runs from answers, events, rows of lists and silence, with time passed in.
#include "load/follow/run_follower.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = Observation::Kind;
using Asked = FollowRequest::Kind;

class RunFollowerTest : public ::testing::Test, public FollowSink {
 protected:
  static constexpr SteadyTime kBegin{1h};

  RunFollowerTest() { follow_by(LoadConfig::Follow::events); }

  void follow_by(LoadConfig::Follow how) {
    follower_ = std::make_unique<RunFollower>(
        FollowSettings{.follow = how, .poll_interval = Duration{1'000'000'000}}, journal_, *this);
    follower_->begin(kBegin, LoadClock(kBegin, 1));
  }

  static RunRequest request(std::uint64_t index) {
    RunRequest run;
    run.workspace = WorkspaceId::at(0);
    run.submitter = SubmitterId::at(0);
    run.index = index;
    return run;
  }
  /// Run `index` was accepted as `session`.
  void accept(std::chrono::nanoseconds when, const std::string& session, std::uint64_t index = 0) {
    follower_->accepted(kBegin + when, session, request(index));
  }
  /// As a webhook, whose stamp is cut to seconds.
  void event(std::chrono::nanoseconds when, const std::string& name, const std::string& session,
             bool answers_missing = false, const std::string& more = "") {
    follower_->event_came(kBegin + when, envelope(name, session, more), answers_missing);
  }
  /// As a frame of a stream, whose stamp is cut to milliseconds.
  void frame(std::chrono::nanoseconds when, const std::string& name, const std::string& session) {
    follower_->event_came(kBegin + when,
                          R"({"event":"run.event","data":)" + envelope(name, session) +
                              R"(,"timestamp":"2020-01-01T00:00:02.000Z"})",
                          false);
  }
  static std::string envelope(const std::string& name, const std::string& session,
                              const std::string& more = "") {
    return R"({"event":"execution.)" + name + R"(","payload":{"session_id":")" + session + '"' +
           more + R"(},"timestamp":1577836800})";
  }
  /// Answers the oldest request that was asked.
  FollowRequest answer(std::chrono::nanoseconds when, const std::string& body,
                       unsigned status = 200) {
    const FollowRequest asked = asked_.at(0);
    asked_.erase(asked_.begin());
    follower_->answered(asked, {.at = kBegin + when, .status = status, .body = body});
    return asked;
  }
  static std::string row(const std::string& session, const std::string& status,
                         const std::string& more = "") {
    return R"({"session_id":")" + session + R"(","status":"execution.)" + status +
           R"(","created_at":"2020-01-01T00:00:01.000Z")" + more + '}';
  }
  static constexpr const char* kStarted = R"(,"execution_start":"2020-01-01T00:00:02.000Z")";
  static constexpr const char* kEnded =
      R"(,"execution_start":"2020-01-01T00:00:02.000Z","execution_end":"2020-01-01T00:00:03.000Z")";

  /// What was seen since the last call: "started", "succeeded", "lost" …, with "?" where it is not
  /// known when.
  std::vector<std::string> seen() {
    ObservationJournal::Batch batch;
    journal_.take(batch);
    std::vector<std::string> words;
    for (const Observation& one : batch.observations)
      words.push_back(word(one) + (one.time_known ? "" : "?"));
    return words;
  }
  std::vector<Asked> asked() const {
    std::vector<Asked> kinds;
    for (const FollowRequest& one : asked_) kinds.push_back(one.kind);
    return kinds;
  }

  std::unique_ptr<RunFollower> follower_;
  std::vector<FollowRequest> asked_;
  std::vector<std::uint64_t> ended_;
  int looked_ = 0;

 private:
  void ask(FollowRequest request) override { asked_.push_back(std::move(request)); }
  void run_ended(SteadyTime, const RunRequest& run) override { ended_.push_back(run.index); }
  void looked() override { ++looked_; }

  static std::string word(const Observation& one) {
    if (one.kind == Kind::lost) return "lost";
    if (one.kind == Kind::unfinished) return "unfinished";
    if (one.kind == Kind::cancelled) return "cancelled";
    if (one.event == RunEventKind::queued) return "queued";
    if (one.event == RunEventKind::started) return "started";
    if (one.event == RunEventKind::requeued) return "requeued";
    return one.event == RunEventKind::succeeded ? "succeeded" : "another end";
  }

  ObservationJournal journal_;
};

// ---- events

TEST_F(RunFollowerTest, EventsTellWhereARunIs) {
  accept(1s, "a", 7);
  event(2s, "queued", "a");
  event(3s, "start", "a");
  EXPECT_EQ(follower_->unfinished(), 1u);
  event(4s, "success", "a");
  EXPECT_THAT(seen(), ElementsAre("queued", "started", "succeeded"));
  EXPECT_THAT(ended_, ElementsAre(7));
  EXPECT_EQ(follower_->unfinished(), 0u);
}

TEST_F(RunFollowerTest, EventsThatAreFasterThanTheAnswerWaitForIt) {
  event(1s, "start", "a", true);
  event(2s, "success", "a", true);
  EXPECT_THAT(seen(), IsEmpty());
  accept(3s, "a", 7);
  EXPECT_THAT(seen(), ElementsAre("started", "succeeded"));
  EXPECT_THAT(ended_, ElementsAre(7));
  EXPECT_EQ(follower_->counts().unknown_events, 0u);
}

TEST_F(RunFollowerTest, AnotherSessionsEventsAreCountedAndSayNothing) {
  accept(1s, "a");
  event(2s, "success", "b");
  EXPECT_THAT(seen(), IsEmpty());
  EXPECT_EQ(follower_->counts().unknown_events, 1u);
  EXPECT_EQ(follower_->unfinished(), 1u);
}

TEST_F(RunFollowerTest, AnEndThatComesTwiceEndsOneRun) {
  accept(1s, "a");
  event(2s, "success", "a");
  event(3s, "success", "a");
  EXPECT_THAT(ended_, SizeIs(1));
  EXPECT_EQ(follower_->counts().unknown_events, 1u);
}

TEST_F(RunFollowerTest, EventsThatNobodyWaitedForAreUnknownOnceAllAnswersAreThere) {
  accept(1s, "a");
  event(2s, "success", "a", true);
  event(3s, "success", "a", true);  // an answer is missing: it might be another run's session
  EXPECT_EQ(follower_->counts().unknown_events, 0u);
  event(4s, "success", "b", false);
  EXPECT_EQ(follower_->counts().unknown_events, 2u);
  event(5s, "success", "a", true);
  follower_->give_up(kBegin + 9s);
  EXPECT_EQ(follower_->counts().unknown_events, 3u);
}

TEST_F(RunFollowerTest, WhatCannotBeReadIsCountedAndPingsAreNot) {
  follower_->event_came(kBegin, R"({"event":"execution.start")", false);
  follower_->event_came(kBegin, R"({"ping":1})", false);
  EXPECT_EQ(follower_->counts().bad_events, 1u);
}

// ---- polling

TEST_F(RunFollowerTest, PollingAsksForTheListsOfWorkspacesWithUnfinishedRuns) {
  follow_by(LoadConfig::Follow::polling);
  EXPECT_EQ(follower_->next_due(), kBegin + 1s);
  follower_->advance(kBegin + 1s);
  EXPECT_THAT(asked_, IsEmpty()) << "nothing is unfinished";
  accept(1500ms, "a", 7);
  follower_->advance(kBegin + 2s);
  follower_->advance(kBegin + 3s);
  EXPECT_THAT(asked(), ElementsAre(Asked::poll)) << "the one before is not answered yet";
  EXPECT_EQ(asked_[0].path, "/runs?limit=1000");
  answer(3s, "[" + row("a", "success", kEnded) + "]");
  EXPECT_THAT(seen(), ElementsAre("queued", "started", "succeeded"));
  EXPECT_THAT(ended_, ElementsAre(7));
}

TEST_F(RunFollowerTest, FourFailuresOfAStreamInARowAreFollowedByPolling) {
  accept(1s, "a");
  for (unsigned failures = 0; failures < 4; ++failures)
    follower_->stream_closed(kBegin + 2s, 0, "refused", failures);
  EXPECT_FALSE(follower_->polls());
  EXPECT_EQ(follower_->next_due(), SteadyTime::max());
  follower_->stream_closed(kBegin + 3s, 0, "refused", 4);
  EXPECT_TRUE(follower_->polls());
  EXPECT_EQ(follower_->note(), "event streams cannot be opened (refused): runs are polled instead");
  EXPECT_EQ(follower_->next_due(), kBegin + 4s);
  follower_->advance(kBegin + 4s);
  EXPECT_THAT(asked(), ElementsAre(Asked::poll));
}

TEST_F(RunFollowerTest, AStreamThatComesBackCountsAndPollingGoesOn) {
  accept(1s, "a", 7);
  follower_->stream_closed(kBegin + 2s, 0, "HTTP 503", 4);
  follower_->stream_opened(0);
  event(3s, "start", "a");
  follower_->advance(kBegin + 3s);
  answer(3s, "[" + row("a", "success", kEnded) + "]");
  EXPECT_EQ(seen().back(), "succeeded");
  EXPECT_TRUE(follower_->polls());
  EXPECT_THAT(ended_, ElementsAre(7));
}

TEST_F(RunFollowerTest, AfterASilenceTheListsAreAskedOnce) {
  accept(1s, "a");
  follower_->stream_closed(kBegin + 60s, 3, "silent", 0);
  EXPECT_THAT(asked_, IsEmpty());
  follower_->stream_opened(3);
  EXPECT_THAT(asked(), ElementsAre(Asked::poll));
  EXPECT_FALSE(follower_->polls());
  answer(61s, "[" + row("a", "start", kStarted) + "]");
  EXPECT_THAT(seen(), ElementsAre("queued", "started"));
  follower_->stream_opened(3);
  EXPECT_THAT(asked_, IsEmpty()) << "it had not been silent again";
  EXPECT_EQ(follower_->counts().streams_silent, 1u);
}

TEST_F(RunFollowerTest, OfAListNothingIsToldThatEventsHadTold) {
  accept(1s, "a");
  frame(2s, "start", "a");
  static_cast<void>(seen());
  follower_->stream_closed(kBegin + 60s, 0, "silent", 0);
  follower_->stream_opened(0);
  answer(61s, "[" + row("a", "start", kStarted) + "]");
  EXPECT_THAT(seen(), IsEmpty());
}

TEST_F(RunFollowerTest, PollsThatFailAreCountedButThoseThatWereGivenUp) {
  follow_by(LoadConfig::Follow::polling);
  accept(1s, "a");
  follower_->advance(kBegin + 1s);
  answer(2s, "no list");
  follower_->advance(kBegin + 2s);
  const FollowRequest asked = asked_.at(0);
  follower_->answered(asked, {.at = kBegin + 3s, .given_up = true});
  EXPECT_EQ(follower_->counts().failed_polls, 1u);
}

// ---- the last look

TEST_F(RunFollowerTest, ALastLookFindsEndsThatNobodyTold) {
  accept(1s, "a", 7);
  frame(2s, "start", "a");
  static_cast<void>(seen());
  follower_->look_at_unfinished(kBegin + 9s, 500);
  EXPECT_THAT(asked(), ElementsAre(Asked::look_at_list));
  answer(9s, "[" + row("a", "success", kEnded) + "]");
  EXPECT_THAT(seen(), ElementsAre("succeeded"));
  EXPECT_EQ(looked_, 1);
  EXPECT_EQ(follower_->counts().looked_up, 1u);
}

TEST_F(RunFollowerTest, ARunSeenToEndButNotToStartIsLookedAtToo) {
  accept(1s, "a");
  event(3s, "success", "a");
  EXPECT_EQ(follower_->unfinished(), 0u);
  static_cast<void>(seen());
  follower_->look_at_unfinished(kBegin + 9s, 500);
  answer(9s, "[" + row("a", "success", kEnded) + "]");
  // Its one event was stamped to a second; its creation tells how the clocks differ.
  EXPECT_THAT(seen(), ElementsAre("queued", "started"));
  EXPECT_EQ(looked_, 1);
}

TEST_F(RunFollowerTest, WhatNoListHasIsAskedForByItselfAndNotFast) {
  accept(1s, "a", 1);
  accept(1s, "b", 2);
  follower_->look_at_unfinished(kBegin + 9s, 500);
  answer(9s, "[]");
  EXPECT_THAT(asked_, IsEmpty());
  EXPECT_EQ(follower_->next_due(), kBegin + 9s + 5ms);
  follower_->advance(follower_->next_due());
  ASSERT_THAT(asked(), ElementsAre(Asked::look_at_run));
  EXPECT_EQ(asked_[0].path, "/run/" + asked_[0].session);
  const std::string first = answer(10s, R"({"status":"execution.success"})").session;
  follower_->advance(follower_->next_due());
  EXPECT_NE(answer(11s, R"({"status":"execution.start"})").session, first);
  EXPECT_EQ(looked_, 1);
  EXPECT_THAT(seen(), ElementsAre("queued?", "succeeded?", "queued?"));
  follower_->give_up(kBegin + 12s);
  EXPECT_THAT(seen(), ElementsAre("unfinished"));
}

TEST_F(RunFollowerTest, WhoIsAskedTooMuchIsNotAskedAnyMore) {
  for (std::uint64_t i = 0; i < 5; ++i) accept(1s, "run-" + std::to_string(i), i);
  follower_->look_at_unfinished(kBegin + 9s, 3);
  answer(9s, "[]");
  EXPECT_EQ(follower_->counts().not_looked_up, 2u) << "more than three";
  follower_->advance(follower_->next_due());
  answer(10s, "", 429);
  EXPECT_EQ(looked_, 1);
  EXPECT_EQ(follower_->counts().not_looked_up, 4u);
  EXPECT_EQ(follower_->next_due(), SteadyTime::max());
  follower_->give_up(kBegin + 11s);
  EXPECT_THAT(seen(), ElementsAre("lost", "lost", "lost", "lost", "lost"));
}

TEST_F(RunFollowerTest, FullPagesAreFollowedByTheNextWhileRunsAreLeft) {
  accept(1s, "a");
  follower_->look_at_unfinished(kBegin + 9s, 500);
  std::string page = "[";
  for (int i = 0; i < 1000; ++i)
    page += (i == 0 ? "" : ",") + row("other-" + std::to_string(i), "success");
  answer(9s, page + "]");
  ASSERT_THAT(asked(), ElementsAre(Asked::look_at_list));
  EXPECT_EQ(asked_[0].path, "/runs?limit=1000&cursor=2020-01-01T00:00:01.000Z");
  answer(10s, "[" + row("a", "success", kEnded) + "]");
  EXPECT_THAT(asked_, IsEmpty());
  EXPECT_EQ(looked_, 1);
}

// ---- patience, and the end

TEST_F(RunFollowerTest, ARunThatHasWaitedTooLongIsInterrupted) {
  RunRequest impatient = request(7);
  impatient.patience = Duration{30'000'000'000};
  follower_->accepted(kBegin + 1s, "a", impatient);
  EXPECT_EQ(follower_->next_due(), kBegin + 30s);
  follower_->advance(kBegin + 30s);
  EXPECT_THAT(seen(), ElementsAre("cancelled"));
  ASSERT_THAT(asked(), ElementsAre(Asked::interrupt));
  EXPECT_EQ(asked_[0].session, "a");
  answer(31s, "", 500);
  EXPECT_EQ(follower_->counts().cancelled, 1u);
  EXPECT_EQ(follower_->counts().interrupts_failed, 1u);
}

TEST_F(RunFollowerTest, TheTimeInWhichARunRanIsNoWait) {
  RunRequest impatient = request(7);
  impatient.patience = Duration{30'000'000'000};
  follower_->accepted(kBegin + 1s, "a", impatient);
  event(10s, "start", "a");
  event(25s, "requeued", "a");
  follower_->advance(kBegin + 44s);
  EXPECT_THAT(asked_, IsEmpty());
  follower_->advance(kBegin + 45s);
  EXPECT_THAT(asked(), ElementsAre(Asked::interrupt));
}

TEST_F(RunFollowerTest, NobodyIsImpatientAfterTheEndOfSending) {
  RunRequest impatient = request(7);
  impatient.patience = Duration{30'000'000'000};
  follower_->accepted(kBegin + 1s, "a", impatient);
  follower_->end_sending(Time::from_seconds(29));
  EXPECT_EQ(follower_->next_due(), SteadyTime::max());
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(RunFollowerTest, CleaningUpInterruptsEachUnfinishedRunOnce) {
  accept(1s, "a", 1);
  accept(1s, "b", 2);
  follower_->interrupt_unfinished();
  follower_->interrupt_unfinished();
  EXPECT_THAT(asked(), ElementsAre(Asked::interrupt, Asked::interrupt));
  EXPECT_EQ(follower_->counts().interrupts, 2u);
}

}  // namespace
}  // namespace sluice::test
