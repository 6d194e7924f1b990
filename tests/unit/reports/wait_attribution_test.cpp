// Who held a run up: the parts of each wait, and that they add up to it exactly.
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

Duration s(double seconds) { return Duration::from_seconds(seconds); }

TEST(WaitAttribution, SplitsByWhatTheWorkersDid) {
  Recording r(small_pipeline(2));
  r.workers(0, 4, 1);  // one of four is starting
  r.accept(0, "high", HIGH, 0), r.dispatch(0, "high");
  r.accept(0, "low", LOW, 1), r.dispatch(0, "low");
  r.accept(0, "own", LOW, 0), r.dispatch(0, "own");
  r.accept(10, "waits", LOW, 0);
  r.dispatch(18, "waits");
  const WaitAttribution parts = r.attribution("waits");
  EXPECT_EQ(parts[WaitPart::workers_high], s(2));
  EXPECT_EQ(parts[WaitPart::workers_low], s(2));
  EXPECT_EQ(parts[WaitPart::own_workspace], s(2));
  EXPECT_EQ(parts[WaitPart::worker_start_up], s(2));
  EXPECT_EQ(parts[WaitPart::held_by_policy], s(0));
  EXPECT_EQ(parts.wait(), s(8));
}

TEST(WaitAttribution, FollowsChangesOfThePool) {
  Recording r(small_pipeline(2));
  r.workers(0, 1);
  r.accept(0, "high", HIGH, 1), r.dispatch(0, "high");
  r.accept(0, "low", LOW, 0);
  r.workers(6, 2, 1);  // a second worker starts up
  r.end(10, "high");   // 6…10: half busy, half starting; then a worker is idle
  r.workers(16, 2, 0);
  r.dispatch(16, "low");
  const WaitAttribution parts = r.attribution("low");
  EXPECT_EQ(parts[WaitPart::workers_high], s(6 + 2));
  EXPECT_EQ(parts[WaitPart::worker_start_up], s(2));
  EXPECT_EQ(parts[WaitPart::held_by_policy], s(6)) << "all of it, whatever the other does";
}

TEST(WaitAttribution, WithoutAnyWorkerItIsThat) {
  Recording r(small_pipeline());
  r.workers(0, 0);
  r.accept(0, "a", LOW);
  r.workers(7, 1, 1);
  r.workers(9, 1);
  r.dispatch(9, "a");
  EXPECT_EQ(r.attribution("a")[WaitPart::no_worker], s(7));
  EXPECT_EQ(r.attribution("a")[WaitPart::worker_start_up], s(2));
  const auto result = r.recorder.finish(at_s(10));
  EXPECT_EQ(r.value(result, Metric::attribution_no_worker, Subject::of(LOW)), 7);
}

TEST(WaitAttribution, BesideAnIdleWorkerNobodyElseHoldsIt) {
  Recording r(small_pipeline(2));
  r.workers(0, 4);
  for (const char* busy : {"1", "2", "3"}) r.accept(0, busy, HIGH, 1), r.dispatch(0, busy);
  r.accept(2, "waits", LOW);
  r.accept(5, "4", HIGH, 1), r.dispatch(5, "4");  // 5…8: no worker is idle
  r.end(8, "4");
  r.dispatch(12, "waits");
  EXPECT_EQ(r.attribution("waits")[WaitPart::held_by_policy], s(3 + 4));
  EXPECT_EQ(r.attribution("waits")[WaitPart::workers_high], s(3));
  EXPECT_EQ(r.attribution("waits").wait(), s(10));
}

TEST(WaitAttribution, APausedGroupHoldsItsCandidates) {
  Recording r(small_pipeline(2));
  r.workers(0, 2);
  r.accept(0, "high", HIGH, 1), r.dispatch(0, "high");
  r.accept(0, "own", LOW, 0), r.dispatch(0, "own");
  r.accept(1, "waits", LOW);
  r.pause_group(3, true);
  r.accept(4, "late", LOW);
  r.end(5, "own");  // a worker is idle
  r.workers(6, 0);  // no worker is left: the first that fits is the pause
  r.workers(7, 2);
  r.pause_group(9, false);
  r.dispatch(9, "waits");
  r.pause_group(10, true);
  r.pause_group(12, false);
  r.end(13, "high");
  r.dispatch(13, "late");
  EXPECT_EQ(r.attribution("waits")[WaitPart::workers_high], s(1));
  EXPECT_EQ(r.attribution("waits")[WaitPart::own_workspace], s(1));
  EXPECT_EQ(r.attribution("waits")[WaitPart::pause], s(6));
  EXPECT_EQ(r.attribution("waits").wait(), s(8));
  EXPECT_EQ(r.attribution("late")[WaitPart::pause], s(5 + 2));
  EXPECT_EQ(r.attribution("late")[WaitPart::workers_high], s(1));
  EXPECT_EQ(r.attribution("late")[WaitPart::own_workspace], s(1));
  EXPECT_EQ(r.attribution("late").wait(), s(9));
  const auto result = r.recorder.finish(at_s(20));
  EXPECT_EQ(r.value(result, Metric::attribution_pause, Subject::of(LOW)), (6 + 7) / 3.0);
}

TEST(WaitAttribution, WhoStillWaitsInAPausedGroupWaitsForIt) {
  Recording r(small_pipeline());
  r.workers(0, 1);
  r.pause_group(2, true);
  r.accept(3, "a", LOW);
  const auto result = r.recorder.finish(at_s(10));
  EXPECT_EQ(r.value(result, Metric::attribution_pause, Subject::of(LOW)), 7);
  EXPECT_EQ(r.value(result, Metric::attribution_held_by_policy, Subject::of(LOW)), 0);
}

TEST(WaitAttribution, CredentialsByTheirOwnClocks) {
  Recording r(small_pipeline(1, 1));
  r.workers(0, 1);
  r.accept(0, "a", HIGH, 0, {0});
  r.park(0, "a", BlockReason::credential_limit, 0);
  r.credential(3, 0, true, false);
  r.credential(8, 0, true, true);  // paused during the login: the pause is what matters
  r.credential(10, 0, false, true);
  r.credential(12, 0, false, false);
  r.wake(20, "a");
  r.dispatch(20, "a");
  const WaitAttribution parts = r.attribution("a");
  EXPECT_EQ(parts[WaitPart::login], s(5));
  EXPECT_EQ(parts[WaitPart::pause], s(4));
  EXPECT_EQ(parts[WaitPart::credential_limit], s(11));
  EXPECT_EQ(parts.wait(), s(20));
}

// The pipeline tells a new blocker of a run inside a worker by parked(), its state still holding.
TEST(WaitAttribution, ARunThatHoldsAWorkerGoesOnHoldingItWhenItsBlockerChanges) {
  Recording r(small_pipeline(1, 2));
  r.workers(0, 2);
  r.accept(0, "a", HIGH, 0, {0, 1});
  r.hold(2, "a", 0);
  r.run("a").state = RunState::holding;
  r.credential(4, 1, false, true);
  r.park(5, "a", BlockReason::pause, 1);
  r.credential(9, 1, false, false);
  r.accept(10, "b", HIGH);  // another candidate: counts would go wrong
  r.dispatch(11, "a");
  EXPECT_EQ(r.attribution("a")[WaitPart::credential_limit], s(3 + 2));
  EXPECT_EQ(r.attribution("a")[WaitPart::pause], s(4));
  EXPECT_EQ(r.attribution("a")[WaitPart::held_by_policy], s(2));
  EXPECT_EQ(r.attribution("a").wait(), s(11));
  r.dispatch(12, "b");
  r.end(21, "a");
  r.end(22, "b");
  const auto result = r.recorder.finish(at_s(30));
  EXPECT_DOUBLE_EQ(r.value(result, Metric::workers_holding), 9.0 / 60);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::utilisation), 20.0 / 60);
  EXPECT_EQ(r.value(result, Metric::queue_length_max, Subject::of(HIGH)), 1);
  EXPECT_EQ(r.value(result, Metric::backlog_end), 0);
  EXPECT_EQ(r.value(result, Metric::little_queue_time), 2 + 2);
  EXPECT_EQ(r.value(result, Metric::little_queue_integral), 2 + 2);
}

TEST(WaitAttribution, APausedWorkflowHoldsWhoeverIsParked) {
  Recording r(small_pipeline(1, 1));
  r.workers(0, 1);
  r.accept(0, "a", HIGH, 0, {0});
  r.park(0, "a", BlockReason::credential_limit, 0);
  r.credential(3, 0, true, false);
  r.pause_workflow(4, true);
  r.credential(6, 0, false, false);
  r.pause_workflow(9, false);
  r.wake(10, "a");
  r.pause_workflow(10, true);  // a candidate waits for what candidates wait for
  r.dispatch(12, "a");
  EXPECT_EQ(r.attribution("a")[WaitPart::credential_limit], s(3 + 1));
  EXPECT_EQ(r.attribution("a")[WaitPart::login], s(1));
  EXPECT_EQ(r.attribution("a")[WaitPart::pause], s(5));
  EXPECT_EQ(r.attribution("a")[WaitPart::held_by_policy], s(2));
}

// The pipeline tells of one of those that need the same: it moves them all.
TEST(WaitAttribution, RunsThatWaitTogetherAreHeldByTheSame) {
  Recording r(small_pipeline(1, 2));
  r.workers(0, 2);
  for (const char* name : {"a", "b"}) {
    r.accept(0, name, HIGH, 0, {0, 1}).wait_class = 7;
    r.park(0, name, BlockReason::credential_limit, 0);
  }
  r.credential(2, 1, false, true);
  r.park(4, "a", BlockReason::pause, 1);
  r.credential(9, 1, false, false);
  r.wake(10, "b");
  r.dispatch(10, "b");
  EXPECT_EQ(r.attribution("b")[WaitPart::credential_limit], s(4 + 1));
  EXPECT_EQ(r.attribution("b")[WaitPart::pause], s(5));
}

TEST(WaitAttribution, WorkspaceCapAndWorkflowPauseHaveNoCredential) {
  Recording r(small_pipeline());
  r.workers(0, 1);
  r.accept(0, "a", LOW);
  r.park(0, "a", BlockReason::workspace_cap);
  r.park(4, "a", BlockReason::pause);
  r.wake(9, "a");
  r.dispatch(9, "a");
  EXPECT_EQ(r.attribution("a")[WaitPart::workspace_cap], s(4));
  EXPECT_EQ(r.attribution("a")[WaitPart::pause], s(5));
}

TEST(WaitAttribution, RetriesAddToTheWaitAndReplaceTheRecordedOne) {
  Recording r(small_pipeline(2));
  r.workers(0, 1);
  r.accept(0, "other", LOW, 1), r.dispatch(0, "other");
  r.accept(1, "a", LOW);
  r.end(3, "other");
  r.dispatch(3, "a");
  EXPECT_EQ(r.value(r.recorder.finish(at_s(3)), Metric::wait_max, Subject::of(LOW)), 2);
  r.requeue(10, "a");
  {
    const auto during = r.recorder.finish(at_s(12));
    EXPECT_EQ(r.value(during, Metric::wait_count, Subject::of(LOW)), 2);
    EXPECT_EQ(r.value(during, Metric::wait_censored, Subject::of(LOW)), 1);
    EXPECT_EQ(r.value(during, Metric::wait_max, Subject::of(LOW)), 4)
        << "2 s before, 2 s of delay so far";
  }
  r.rejoin(15, "a");
  r.dispatch(15, "a");
  r.end(20, "a");
  const auto result = r.recorder.finish(at_s(20));
  EXPECT_EQ(r.attribution("a")[WaitPart::workers_low], s(2));
  EXPECT_EQ(r.attribution("a")[WaitPart::retry_delay], s(5));
  EXPECT_EQ(r.value(result, Metric::wait_count, Subject::of(LOW)), 2)
      << "one wait per run, not per attempt";
  EXPECT_EQ(r.value(result, Metric::wait_max, Subject::of(LOW)), 7);
  EXPECT_EQ(r.value(result, Metric::wait_mean, Subject::of(LOW)), 3.5);
  EXPECT_EQ(r.value(result, Metric::attribution_retry_delay, Subject::of(LOW)), 2.5);
  EXPECT_EQ(r.value(result, Metric::goodput_rate, Subject::of(LOW)), 3)
      << "the first in its first attempt";
}

TEST(WaitAttribution, AHoldingRunIsBusyWithItsLevel) {
  Recording r(small_pipeline(2, 1));
  r.workers(0, 1);
  r.accept(0, "holds", HIGH, 1, {0});
  r.hold(0, "holds", 0);
  r.accept(0, "low", LOW, 0);
  r.dispatch(5, "holds");
  r.end(8, "holds");
  r.dispatch(8, "low");
  EXPECT_EQ(r.attribution("holds")[WaitPart::credential_limit], s(5));
  EXPECT_EQ(r.attribution("low")[WaitPart::workers_high], s(8));
  const auto result = r.recorder.finish(at_s(10));
  EXPECT_EQ(r.value(result, Metric::workers_holding), 0.5);
  EXPECT_EQ(r.value(result, Metric::utilisation), 0.5);
}

TEST(WaitAttribution, BeforeAcceptanceItIsTheApi) {
  Recording r(small_pipeline());
  r.accept(30, "a", LOW, 0, {}, 18);
  r.dispatch(30, "a");
  EXPECT_EQ(r.attribution("a")[WaitPart::api], s(12));
  EXPECT_EQ(r.attribution("a").wait(), s(0));
  EXPECT_EQ(r.value(r.recorder.finish(at_s(40)), Metric::attribution_api), 12);
}

TEST(WaitAttribution, PartsOfRandomSchedulesAddUpExactlyAndToTheMean) {
  std::mt19937_64 random(7);
  Recording r(small_pipeline(3, 1));
  r.workers(0, 3);
  double now = 0;
  std::vector<std::string> waiting, running;
  int accepted = 0;
  for (int step = 0; step < 4000; ++step) {
    now += static_cast<double>(random() % 1'000'003) * 1.000000007e-6;
    const auto pick = [&](std::vector<std::string>& from) {
      const std::size_t i = random() % from.size();
      const std::string name = from[i];
      from.erase(from.begin() + static_cast<std::ptrdiff_t>(i));
      return name;
    };
    if (running.size() == 3 || (!running.empty() && random() % 3 == 0)) {
      r.end(now, pick(running));
    } else if (!waiting.empty() && random() % 2 == 0) {
      const std::string name = pick(waiting);
      r.dispatch(now, name);
      const WaitAttribution parts = r.attribution(name);
      ASSERT_EQ(parts.wait(), at_s(now) - r.run(name).accepted) << name;
      for (const Duration part : parts.parts) ASSERT_GE(part.ns, 0);
      running.push_back(name);
    } else {
      const std::string name = "run-" + std::to_string(accepted++);
      r.accept(now, name, kAllLevels[random() % 3], random() % 3);
      waiting.push_back(name);
    }
  }
  const auto result = r.recorder.finish(at_s(now + 10));
  double sum = 0;
  for (std::size_t i = 0; i + 1 < kWaitParts; ++i)
    sum += r.value(result, static_cast<Metric>(
                               static_cast<std::size_t>(Metric::attribution_workers_high) + i));
  const double mean = r.value(result, Metric::wait_mean);
  EXPECT_NEAR(sum, mean, 1e-9 * mean);
  for (const PriorityLevel level : kAllLevels)
    EXPECT_EQ(r.value(result, Metric::little_queue_time, Subject::of(level)),
              r.value(result, Metric::little_queue_integral, Subject::of(level)));
  EXPECT_EQ(r.value(result, Metric::flow_imbalance), 0);
}

TEST(OccupancyBlock, IsWaitingTimeBesideALowerLevelAtWork) {
  Recording r(small_pipeline());
  r.workers(0, 2);
  r.accept(0, "low", LOW), r.dispatch(0, "low");
  r.accept(0, "high", HIGH), r.dispatch(0, "high");
  r.accept(2, "waits", HIGH);
  r.end(6, "low");
  r.accept(6, "medium", MEDIUM);
  r.dispatch(8, "waits");
  const auto result = r.recorder.finish(at_s(10));
  EXPECT_EQ(r.value(result, Metric::occupancy_block_total, Subject::of(HIGH)), 4);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::occupancy_block_share, Subject::of(HIGH)), 4.0 / 6);
  EXPECT_EQ(r.value(result, Metric::occupancy_block_total, Subject::of(MEDIUM)), 0);
}

}  // namespace
}  // namespace sluice::test
