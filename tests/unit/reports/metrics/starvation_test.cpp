// Starvation episodes, the starvation index, queue age, and who was dispatched meanwhile.
#include <gtest/gtest.h>

#include "reports/metrics/starvation.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

RecorderConfig with_threshold(Duration threshold) {
  RecorderConfig config;
  config.starvation_threshold = {threshold, threshold, threshold};
  return config;
}

TEST(Starvation, EpisodeBeginsWithTheArrivalAtAnEmptyLevelAndEndsWithItsDispatch) {
  Recording r(small_pipeline(), with_threshold(10_s));
  r.accept(5, "a", LOW);
  r.dispatch(30, "a");
  const auto result = r.recorder.finish(at_s(100));
  const Subject low = Subject::of(LOW);
  EXPECT_EQ(r.value(result, Metric::starvation_count, low), 1);
  EXPECT_EQ(r.value(result, Metric::starvation_total, low), 25);
  EXPECT_EQ(r.value(result, Metric::starvation_longest, low), 25);
  EXPECT_EQ(r.value(result, Metric::starvation_index, low), 1);
  EXPECT_EQ(r.value(result, Metric::starvation_runs, low), 1);
  EXPECT_EQ(r.value(result, Metric::starvation_workspaces, low), 1);
}

TEST(Starvation, EachDispatchBeginsANewEpisodeWhileTheLevelStaysBacklogged) {
  Recording r(small_pipeline(2), with_threshold(10_s));
  r.accept(0, "a", LOW, 0);
  r.accept(1, "b", LOW, 1);
  r.accept(2, "c", LOW, 1);
  r.dispatch(4, "a");   // 0…4: short
  r.dispatch(16, "b");  // 4…16: 12 s
  r.dispatch(31, "c");  // 16…31: 15 s
  const auto result = r.recorder.finish(at_s(50));
  const Subject low = Subject::of(LOW);
  EXPECT_EQ(r.value(result, Metric::starvation_count, low), 2);
  EXPECT_EQ(r.value(result, Metric::starvation_total, low), 27);
  EXPECT_EQ(r.value(result, Metric::starvation_longest, low), 15);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::starvation_index, low), 27.0 / 31);
  EXPECT_EQ(r.value(result, Metric::starvation_gap_mean, low), 13.5);
  EXPECT_EQ(r.value(result, Metric::starvation_gap_sd, low), 1.5);
  EXPECT_EQ(r.value(result, Metric::starvation_runs, low), 2)
      << "a was gone before the first long one";
  EXPECT_EQ(r.value(result, Metric::starvation_workspaces, low), 1);
  // The same per workspace: workspace 2 waits from 1 to 31, with a dispatch of its own at 16.
  const Subject second = Subject::of(WorkspaceId::at(1), LOW);
  EXPECT_EQ(r.value(result, Metric::starvation_count, second), 2);
  EXPECT_EQ(r.value(result, Metric::starvation_total, second), 30);
}

TEST(Starvation, AWorkspacesLongestIsThatOfOneOfItsLevels) {
  Recording r(small_pipeline(), with_threshold(10_s));
  r.accept(0, "a", LOW);
  r.accept(0, "b", HIGH);
  r.dispatch(15, "b");
  r.dispatch(40, "a");
  const auto result = r.recorder.finish(at_s(50));
  const Subject workspace = Subject::of(WorkspaceId::at(0));
  EXPECT_EQ(r.value(result, Metric::starvation_count, workspace), 2);
  EXPECT_EQ(r.value(result, Metric::starvation_total, workspace), 15 + 40);
  EXPECT_EQ(r.value(result, Metric::starvation_longest, workspace), 40);
}

TEST(Starvation, ABlockedRunIsThrottledNotStarved) {
  Recording r(small_pipeline(1, 1), with_threshold(10_s));
  r.accept(0, "a", LOW, 0, {0});
  r.park(2, "a", BlockReason::credential_limit, 0);
  r.wake(60, "a");
  r.dispatch(63, "a");
  const auto result = r.recorder.finish(at_s(100));
  EXPECT_EQ(r.value(result, Metric::starvation_count, Subject::of(LOW)), 0);
  EXPECT_EQ(r.value(result, Metric::starvation_longest, Subject::of(LOW)), 3);
}

TEST(Starvation, AnEpisodeThatIsOpenAtTheEndCountsAsFarAsItWent) {
  Recording r(small_pipeline(), with_threshold(10_s));
  r.accept(20, "a", LOW);
  const auto result = r.recorder.finish(at_s(50));
  const Figure* longest = result.figures.find(Metric::starvation_longest, Subject::of(LOW));
  ASSERT_NE(longest, nullptr);
  EXPECT_EQ(longest->value, 30);
  EXPECT_TRUE(longest->lower_bound);
  EXPECT_EQ(r.value(result, Metric::starvation_runs, Subject::of(LOW)), 1);
}

TEST(Starvation, ReportSoFarChangesNothing) {
  Recording r(small_pipeline(), with_threshold(10_s));
  r.accept(0, "a", LOW);
  EXPECT_EQ(r.value(r.recorder.finish(at_s(15)), Metric::starvation_total, Subject::of(LOW)), 15);
  EXPECT_EQ(r.value(r.recorder.finish(at_s(20)), Metric::starvation_total, Subject::of(LOW)), 20);
  r.dispatch(40, "a");
  EXPECT_EQ(r.value(r.recorder.finish(at_s(50)), Metric::starvation_total, Subject::of(LOW)), 40);
}

TEST(Starvation, TellsWhoWasDispatchedMeanwhile) {
  Recording r(small_pipeline(3), with_threshold(10_s));
  r.serve(0, 1, "before", HIGH, 0);
  r.accept(2, "low", LOW, 2);
  r.serve(3, 4, "h1", HIGH, 0);
  r.serve(5, 6, "h2", HIGH, 1);
  r.serve(8, 9, "h3", HIGH, 1);
  r.serve(20, 21, "m1", MEDIUM, 0);
  r.dispatch(30, "low");
  r.serve(40, 41, "after", HIGH, 0);
  r.accept(42, "short", LOW, 2);
  r.serve(43, 44, "h4", HIGH, 0);
  r.dispatch(45, "short");
  const auto result = r.recorder.finish(at_s(100));
  ASSERT_EQ(result.dispatched_meanwhile.size(), 1U);
  const DispatchedMeanwhile& meanwhile = result.dispatched_meanwhile[0];
  EXPECT_EQ(meanwhile.starved, LOW);
  EXPECT_EQ(meanwhile.dispatches, 4U);
  ASSERT_EQ(meanwhile.shares.size(), 3U);
  EXPECT_EQ(meanwhile.shares[0].workspace, WorkspaceId::at(1));
  EXPECT_EQ(meanwhile.shares[0].level, HIGH);
  EXPECT_EQ(meanwhile.shares[0].dispatches, 2U);
  EXPECT_EQ(meanwhile.shares[0].share, 0.5);
  EXPECT_EQ(meanwhile.shares[2].level, MEDIUM);
}

TEST(DispatchLog, KeepsOnlyWhatAnOpenEpisodeMayStillNeed) {
  DispatchLog log(6);
  const std::array<Duration, kLevels> threshold{10_s, 10_s, 10_s};
  log.begin(2, at_s(0));
  for (int i = 0; i < 1000; ++i) log.dispatched(at_s(i * 0.001), 0, 0, threshold);
  EXPECT_EQ(log.counts(2, at_s(9), 10_s), DispatchLog::Counts{});
  EXPECT_EQ(log.counts(2, at_s(10), 10_s)[0], 1000U);
  log.end(2, at_s(5), 10_s);
  log.begin(2, at_s(5));
  log.dispatched(at_s(16), 3, 0, threshold);
  EXPECT_EQ(log.counts(2, at_s(16), 10_s), (DispatchLog::Counts{0, 0, 0, 1, 0, 0}));
}

TEST(QueueAge, IsTheAgeOfTheOldestWaitingRunAtEveryInstant) {
  Recording r(small_pipeline(), with_threshold(10_s));
  r.accept(0, "a", LOW);
  r.accept(4, "b", LOW);
  r.dispatch(12, "a");  // age 0…12
  r.dispatch(20, "b");  // age 8…16
  const auto result = r.recorder.finish(at_s(40));
  const Subject low = Subject::of(LOW);
  EXPECT_EQ(r.value(result, Metric::queue_age_max, low), 16);
  EXPECT_EQ(r.value(result, Metric::queue_age_over_threshold, low), 2 + 6);
  EXPECT_DOUBLE_EQ(r.value(result, Metric::queue_age_mean, low),
                   (72.0 + (16 * 16 - 8 * 8) / 2.0) / 40);
}

TEST(QueueAge, DispatchFromTheMiddleLeavesTheOldest) {
  Recording r(small_pipeline(), with_threshold(10_s));
  r.accept(0, "a", LOW);
  r.accept(1, "b", LOW);
  r.accept(2, "c", LOW);
  r.dispatch(5, "b");
  r.dispatch(6, "a");
  r.dispatch(7, "c");
  const auto result = r.recorder.finish(at_s(7));
  EXPECT_EQ(r.value(result, Metric::queue_age_max, Subject::of(LOW)), 6);
}

TEST(Starvation, TheWindowCutsOffWhatWasBefore) {
  RecorderConfig config = with_threshold(10_s);
  config.from = at_s(100);
  Recording r(small_pipeline(), config);
  r.accept(0, "early", LOW);
  r.serve(50, 51, "h", HIGH);
  r.dispatch(115, "early");
  r.accept(120, "late", LOW);
  r.dispatch(123, "late");
  const auto result = r.recorder.finish(at_s(200));
  const Subject low = Subject::of(LOW);
  EXPECT_EQ(r.value(result, Metric::starvation_longest, low), 15);
  EXPECT_EQ(r.value(result, Metric::wait_count, low), 1)
      << "accepted before the window: not counted";
  EXPECT_EQ(r.value(result, Metric::wait_max, low), 3);
  EXPECT_EQ(r.value(result, Metric::queue_length_mean, low), (15.0 + 3) / 100);
  EXPECT_TRUE(result.dispatched_meanwhile.empty());
}

}  // namespace
}  // namespace sluice::test
