// What a lane sends and when, with time passed in: no target, no socket, no clock.
#include "load/generator/sequencer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using AttemptStatus = Answer::Status;

constexpr SteadyTime kLaneBegin{1h};
constexpr int kAll = 1'000'000;

Scenario submitting(const std::string& submitter, const std::string& duration = "1h") {
  return loaded(load("duration: " + duration +
                     "\nresource_groups: {main: {workers: 2}}\nworkspaces: {acme: }\n"
                     "workflows: {claims: {time: 10s}}\nsubmitters: {web: " +
                     submitter + "}\n"));
}

/// A sequencer with a target that says nothing by itself.
class Sequenced final : public RequestSink {
 public:
  struct Sent {
    Time intended;
    RunRequest request;
  };

  explicit Sequenced(const std::string& submitter, double time_scale = 1, double max_per_s = 0,
                     const LaneShares* shares = nullptr, unsigned lane = 0)
      : scenario_(submitting(submitter)),
        shares_{scenario_, shares == nullptr ? 1 : shares->lanes,
                shares == nullptr ? 8 : shares->clients},
        clock_(kLaneBegin, time_scale),
        sequencer_({shares_, lane, scenario_.seed, max_per_s, time_scale}, journal_, *this) {
    sequencer_.begin(kLaneBegin, clock_, Time::zero() + scenario_.duration);
  }

  void send(Time intended, const RunRequest& request) override {
    sent.push_back({intended, request});
  }
  void over_ceiling(Time intended, const RunRequest& request) override {
    held_back.push_back({intended, request});
  }

  /// Everything that is due up to `since_begin`, each thing at its time.
  void until(std::chrono::nanoseconds since_begin) {
    while (sequencer_.next_due() <= kLaneBegin + since_begin)
      sequencer_.advance(sequencer_.next_due(), kAll);
  }
  /// What came of attempt `which`, at `since_begin`.
  void answer(std::size_t which, std::chrono::nanoseconds since_begin,
              const AttemptAnswer& answer) {
    const Sent attempt = sent.at(which);
    sequencer_.answered(kLaneBegin + since_begin, attempt.intended, attempt.request, answer);
  }
  /// Simulated seconds at which attempts were to be sent.
  std::vector<double> times() const {
    std::vector<double> all;
    for (const Sent& attempt : sent) all.push_back(attempt.intended.seconds());
    return all;
  }
  std::vector<Observation> observed() {
    ObservationJournal::Batch batch;
    journal_.take(batch);
    return batch.observations;
  }
  Sequencer& operator*() { return sequencer_; }
  Sequencer* operator->() { return &sequencer_; }

  std::vector<Sent> sent, held_back;

 private:
  const Scenario scenario_;
  const LaneShares shares_;
  const LoadClock clock_;
  ObservationJournal journal_;
  Sequencer sequencer_;
};

constexpr const char* kEveryTenSeconds = "{arrivals: {constant: {every: 10s}}}";
constexpr AttemptAnswer kTryLater{
    .status = AttemptStatus::rate_limited, .retry_after_s = 3, .may_retry = true};

// ---- open loop

TEST(SequencerTest, ArrivalsAreSentAtTheirTimeWhateverTheTargetDoes) {
  Sequenced lane(kEveryTenSeconds);
  lane.until(35s);
  ASSERT_EQ(lane.sent.size(), 3u);
  EXPECT_EQ(lane.sent[1].intended - lane.sent[0].intended, Duration{10'000'000'000});
  EXPECT_EQ(lane.sent[2].intended - lane.sent[1].intended, Duration{10'000'000'000});
  EXPECT_EQ(lane->unanswered(), 3u);
  EXPECT_EQ(lane->counts().arrivals, 3u);
}

TEST(SequencerTest, NothingIsSentBeforeItIsDue) {
  Sequenced lane(kEveryTenSeconds);
  const SteadyTime due = lane->next_due();
  EXPECT_FALSE(lane->advance(due - 1ns, kAll));
  EXPECT_THAT(lane.sent, IsEmpty());
  EXPECT_FALSE(lane->advance(due, kAll));
  EXPECT_EQ(lane.sent.size(), 1u);
  EXPECT_EQ(lane->next_due(), due + 10s);
}

TEST(SequencerTest, WhoIsLateCatchesUpAndIntendedTimesDoNotMove) {
  Sequenced onTime(kEveryTenSeconds), late(kEveryTenSeconds);
  onTime.until(100s);
  EXPECT_FALSE(late->advance(kLaneBegin + 100s, kAll));
  EXPECT_EQ(late.times(), onTime.times());
}

TEST(SequencerTest, AnswersHaveTheirTurnBetweenManySubmissions) {
  Sequenced lane(kEveryTenSeconds);
  EXPECT_TRUE(lane->advance(kLaneBegin + 100s, 4));
  EXPECT_EQ(lane.sent.size(), 4u);
  EXPECT_FALSE(lane->advance(kLaneBegin + 100s, kAll));
  EXPECT_GE(lane.sent.size(), 9u);
}

TEST(SequencerTest, WhatIsDueIsDoneAtItsTimeAtAnyScale) {
  for (const double scale : {1e-3, 0.3, 1.0, 7.0, 59.9, 1e6}) {
    Sequenced lane("{arrivals: {poisson: {rate: 1/s}}}", scale);
    for (std::size_t i = 1; i <= 200; ++i) {
      lane->advance(lane->next_due(), 1);
      ASSERT_EQ(lane.sent.size(), i) << scale;
    }
  }
}

TEST(SequencerTest, EveryRunIsOfOneLane) {
  const Scenario any = submitting(kEveryTenSeconds);
  const LaneShares three{any, 3, 8};
  std::multiset<std::uint64_t> numbers;
  for (unsigned number = 0; number < 3; ++number) {
    Sequenced lane(kEveryTenSeconds, 1, 0, &three, number);
    lane.until(1000s);
    EXPECT_GT(lane.sent.size(), 20u);
    for (const auto& attempt : lane.sent) numbers.insert(attempt.request.index);
  }
  EXPECT_GE(numbers.size(), 99u);
  EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), numbers.size());
}

TEST(SequencerTest, NothingIsSentAfterTheEnd) {
  Sequenced lane(kEveryTenSeconds);
  lane.until(35s);
  lane->end_sending(kLaneBegin + 60s, Time::from_seconds(45));
  EXPECT_EQ(lane.sent.size(), 4u) << "what was due up to the end";
  EXPECT_EQ(lane->next_due(), SteadyTime::max());
  lane.answer(0, 61s, kTryLater);
  EXPECT_EQ(lane->next_due(), SteadyTime::max());
}

// ---- closed loop

TEST(SequencerTest, AClientWaitsForTheEndOfItsRunAndThinks) {
  Sequenced lane("{arrivals: {closed_loop: {clients: 1, think_time: 20s}}}");
  lane.until(60s);
  ASSERT_EQ(lane.sent.size(), 1u);
  const double first = lane.times().front();
  lane.answer(0, 61s, {});
  lane.until(300s);
  ASSERT_EQ(lane.sent.size(), 1u) << "its run goes on";
  lane->run_ended(kLaneBegin + 300s, lane.sent[0].request);
  lane.until(400s);
  EXPECT_THAT(lane.times(), ElementsAre(first, 320));
}

// ---- answers, retries

constexpr const char* kPersistent =
    "{retry: {max_attempts: 3, backoff: {base: 1s, factor: 1, jitter: 0%}}, "
    "arrivals: {batch: {at: 10s, size: 1}}}";

TEST(SequencerTest, ARateLimitIsWaitedFor) {
  Sequenced lane(kPersistent);
  lane.until(10s);
  lane.answer(0, 10500ms, kTryLater);
  lane.until(1min);
  EXPECT_THAT(lane.times(), ElementsAre(10, 13.5));
  EXPECT_EQ(lane.sent[1].request.attempt, 2);
  EXPECT_EQ(lane->counts().intended, 2u);
  EXPECT_EQ(lane->counts().arrivals, 1u);
}

TEST(SequencerTest, RetryAfterIsInSecondsOfTheTargetsClock) {
  Sequenced lane(kPersistent, 60);
  lane.until(1s);
  lane.answer(0, 1s, kTryLater);
  lane.until(1min);
  EXPECT_THAT(lane.times(), ElementsAre(10, 60 + 3 * 60));
}

TEST(SequencerTest, AfterItsLastAttemptARunIsGivenUp) {
  Sequenced lane(kPersistent);
  for (std::size_t attempt = 0; attempt < 3; ++attempt) {
    const auto then = (attempt + 1) * 1min;
    lane.until(then);
    ASSERT_EQ(lane.sent.size(), attempt + 1);
    lane.answer(attempt, then, {.status = AttemptStatus::server_error, .may_retry = true});
  }
  lane.until(10min);
  EXPECT_EQ(lane.sent.size(), 3u);
  EXPECT_EQ(lane->counts().gave_up, 1u);
  EXPECT_EQ(lane->unanswered(), 0u);
  EXPECT_EQ(lane.observed().back().kind, Observation::Kind::gave_up);
}

TEST(SequencerTest, WhatIsRefusedForGoodIsNotSentAgain) {
  Sequenced lane(kPersistent);
  lane.until(10s);
  lane.answer(0, 11s, {.status = AttemptStatus::server_error});
  lane.until(10min);
  EXPECT_EQ(lane.sent.size(), 1u);
  EXPECT_EQ(lane->counts().gave_up, 1u);
}

TEST(SequencerTest, AnAttemptAgainAfterTheEndIsCounted) {
  Sequenced lane(kPersistent);
  lane.until(10s);
  AttemptAnswer much_later = kTryLater;
  much_later.retry_after_s = 7200;
  lane.answer(0, 11s, much_later);
  EXPECT_EQ(lane->counts().retries_beyond, 1u);
  EXPECT_EQ(lane->counts().longest_retry_after_s, 7200);
  EXPECT_EQ(lane->counts().gave_up, 0u);
}

TEST(SequencerTest, AnAnswerIsObservedWithItsLatencyFromTheIntendedTime) {
  Sequenced lane(kPersistent);
  lane->advance(kLaneBegin + 11s, kAll);
  lane.answer(0, 11500ms, {});
  const auto seen = lane.observed();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].kind, Observation::Kind::submitted);
  EXPECT_EQ(seen[1].kind, Observation::Kind::answered);
  EXPECT_EQ(seen[1].latency, Duration{1'500'000'000});
}

TEST(SequencerTest, OfWhatThisSideDidNotSendNothingIsObserved) {
  Sequenced lane(kPersistent);
  lane.until(10s);
  lane.answer(0, 11s,
              {.status = AttemptStatus::server_error, .by_target = false, .may_retry = true});
  EXPECT_EQ(lane.observed().size(), 1u);
  lane.until(1min);
  EXPECT_EQ(lane.sent.size(), 2u);
}

// ---- ceiling

TEST(SequencerTest, WhatIsAboveTheCeilingIsNotSentAndCounted) {
  Sequenced lane("{arrivals: {batch: {at: 10s, size: 30}}}", 1, 10);
  lane.until(10s);
  EXPECT_EQ(lane.sent.size(), 10u) << "a second's worth";
  EXPECT_EQ(lane.held_back.size(), 20u);
  EXPECT_EQ(lane->counts().over_ceiling, 20u);
  EXPECT_EQ(lane->counts().intended, 30u);
  EXPECT_EQ(lane->unanswered(), 30u) << "they are answered as well: by nobody";
}

// ---- patience

TEST(SequencerTest, WhoHasNoPatienceLeftBetweenTwoAttemptsGivesUp) {
  Sequenced lane(
      "{patience: 2s, retry: {max_attempts: 9, backoff: {base: 1s, factor: 1, jitter: 0%}}, "
      "arrivals: {batch: {at: 10s, size: 1}}}");
  lane.until(10s);
  lane.answer(0, 10s, kTryLater);
  EXPECT_EQ(lane->counts().gave_up, 0u);
  EXPECT_EQ(lane->next_due(), kLaneBegin + 12s);
  lane.until(1min);
  EXPECT_EQ(lane.sent.size(), 1u);
  EXPECT_EQ(lane->counts().gave_up, 1u);
}

}  // namespace
}  // namespace sluice::test
