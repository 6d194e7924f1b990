// Starvation episodes one by one: when, who was affected, and who was dispatched meanwhile (S14).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/instruments/longest_episodes.hpp"
#include "reports/report.hpp"
#include "reports/statistics.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

RecorderConfig ten_seconds(bool in_detail = false) {
  RecorderConfig config;
  config.starvation_threshold = {10_s, 10_s, 10_s};
  config.in_detail = in_detail;
  return config;
}

/// "5-30 runs=1 workspaces=1", with "!" if it is censored.
std::string told(const Episode& e) {
  const auto number = [](double value) { return std::to_string(static_cast<int>(value)); };
  return number(e.from.seconds()) + "-" + number(e.until.seconds()) + (e.censored ? "!" : "") +
         " runs=" + std::to_string(e.runs) + " workspaces=" + std::to_string(e.workspaces);
}
std::vector<std::string> told(const EpisodeList& list) {
  std::vector<std::string> all;
  for (const Episode& episode : list.episodes) all.push_back(told(episode));
  return all;
}

TEST(Episodes, AreToldOneByOne) {
  Recording r(small_pipeline(2), ten_seconds());
  r.accept(5, "a", LOW, 0);
  r.accept(8, "b", LOW, 1);
  r.dispatch(30, "a");
  r.accept(31, "c", LOW, 1);
  r.dispatch(35, "b");  // 5 s: none
  r.dispatch(60, "c");
  r.accept(80, "d", LOW, 0);
  const auto result = r.recorder.finish(at_s(100));
  EXPECT_THAT(told(result.starved.levels),
              ::testing::ElementsAre("5-30 runs=2 workspaces=2", "35-60 runs=1 workspaces=1",
                                     "80-100! runs=1 workspaces=1"));
  EXPECT_EQ(result.starved.levels.episodes[0].level, LOW);
  EXPECT_FALSE(result.starved.levels.episodes[0].workspace.valid());
  EXPECT_EQ(result.starved.levels.left_out, 0U);
  EXPECT_FALSE(result.starved.workspaces_recorded);
}

TEST(Episodes, CountEachRunOnceHoweverOftenItBecomesACandidate) {
  Recording r(small_pipeline(2, 1), ten_seconds());
  r.accept(0, "a", LOW, 0);
  r.accept(1, "b", LOW, 1, {0});
  r.park(3, "b", BlockReason::credential_limit, 0);
  r.wake(6, "b");
  r.park(9, "b", BlockReason::credential_limit, 0);
  r.wake(12, "b");
  r.dispatch(20, "a");
  const auto result = r.recorder.finish(at_s(21));
  EXPECT_THAT(told(result.starved.levels), ::testing::ElementsAre("0-20 runs=2 workspaces=2"));
}

TEST(Episodes, DoNotCountWhoWasACandidateForNoTime) {
  Recording r(small_pipeline(4, 1), ten_seconds());
  r.accept(0, "a", LOW, 0);
  r.accept(4, "b", LOW, 1, {0});
  r.park(4, "b", BlockReason::credential_limit, 0);
  r.accept(20, "at the end", LOW, 2);
  r.dispatch(20, "a");
  const auto result = r.recorder.finish(at_s(25));
  EXPECT_THAT(told(result.starved.levels), ::testing::ElementsAre("0-20 runs=1 workspaces=1"));
}

TEST(Episodes, EndWhenTheLastCandidateGoesAwayOtherwise) {
  Recording r(small_pipeline(1, 1), ten_seconds());
  r.accept(0, "a", LOW, 0, {0});
  r.park(15, "a", BlockReason::credential_limit, 0);
  const auto result = r.recorder.finish(at_s(50));
  EXPECT_THAT(told(result.starved.levels), ::testing::ElementsAre("0-15 runs=1 workspaces=1"));
}

TEST(Episodes, SayWhoWasDispatchedMeanwhile) {
  Recording r(small_pipeline(3), ten_seconds());
  r.accept(2, "low", LOW, 2);
  r.serve(3, 4, "h1", HIGH, 0);
  r.serve(5, 6, "h2", HIGH, 1);
  r.serve(8, 9, "h3", HIGH, 1);
  r.serve(20, 21, "m1", MEDIUM, 0);
  r.accept(25, "again", LOW, 2);
  r.dispatch(30, "low");
  r.serve(40, 41, "h4", HIGH, 0);
  const auto result = r.recorder.finish(at_s(60));
  const auto& episodes = result.starved.levels.episodes;
  ASSERT_EQ(episodes.size(), 2U);
  ASSERT_EQ(episodes[0].dispatched.size(), 3U);
  EXPECT_EQ(episodes[0].dispatched[0].workspace, WorkspaceId::at(1));
  EXPECT_EQ(episodes[0].dispatched[0].dispatches, 2U);
  EXPECT_EQ(episodes[0].dispatched[1].level, HIGH);
  EXPECT_EQ(episodes[0].dispatched[2].level, MEDIUM);
  EXPECT_EQ(episodes[0].dispatches(), 4U);
  ASSERT_EQ(episodes[1].dispatched.size(), 1U) << "what is open says it too";
  EXPECT_EQ(episodes[1].dispatched[0].dispatches, 1U);
}

TEST(Episodes, TheDispatchThatBeginsOneIsNotInIt) {
  Recording r(small_pipeline(2), ten_seconds());
  r.accept(0, "low", LOW, 0);
  r.accept(1, "h1", HIGH, 1);
  r.accept(1, "h2", HIGH, 1);
  r.dispatch(2, "h1");
  r.dispatch(20, "h2");
  const auto result = r.recorder.finish(at_s(21));
  const auto& episodes = result.starved.levels.episodes;
  ASSERT_EQ(episodes.size(), 2U);
  EXPECT_EQ(episodes[0].level, HIGH);
  EXPECT_EQ(episodes[0].dispatches(), 0U);
  EXPECT_EQ(episodes[1].dispatches(), 2U);
}

TEST(Episodes, OfManyWorkspacesTheLargestAreTold) {
  Recording r(small_pipeline(20), ten_seconds());
  r.accept(0, "low", LOW, 19);
  for (std::size_t w = 0; w < 12; ++w)
    for (std::size_t i = 0; i <= w; ++i)
      r.serve(1, 1, "h" + std::to_string(w) + "-" + std::to_string(i), HIGH, w);
  r.dispatch(20, "low");
  const auto result = r.recorder.finish(at_s(60));
  const auto& dispatched = result.starved.levels.episodes.at(0).dispatched;
  ASSERT_EQ(dispatched.size(), 9U);
  EXPECT_EQ(dispatched[0].workspace, WorkspaceId::at(11));
  EXPECT_FALSE(dispatched[8].workspace.valid());
  EXPECT_EQ(dispatched[8].dispatches, 1U + 2 + 3 + 4);
  EXPECT_EQ(result.starved.levels.episodes[0].dispatches(), 78U);
}

TEST(Episodes, BeginAnewWithTheWindow) {
  RecorderConfig config = ten_seconds(true);
  config.from = at_s(100);
  Recording r(small_pipeline(), config);
  r.accept(0, "early", LOW);
  r.serve(50, 51, "h", HIGH);
  r.serve(105, 106, "h2", HIGH);
  r.dispatch(115, "early");
  const auto result = r.recorder.finish(at_s(200));
  EXPECT_THAT(told(result.starved.levels), ::testing::ElementsAre("100-115 runs=1 workspaces=1"));
  EXPECT_EQ(result.starved.levels.episodes[0].dispatches(), 1U);
  EXPECT_THAT(told(result.starved.workspaces),
              ::testing::ElementsAre("100-115 runs=1 workspaces=1"));
  EXPECT_EQ(result.starved.workspaces.episodes[0].dispatches(), 1U);
}

TEST(WorkspaceEpisodes, GoOnWhileOthersOfTheLevelAreDispatched) {
  Recording r(small_pipeline(2), ten_seconds(true));
  r.accept(0, "a", LOW, 0);
  r.accept(2, "b", LOW, 1);
  r.accept(3, "c", LOW, 1);
  r.accept(4, "d", LOW, 1);
  r.dispatch(5, "b");
  r.serve(6, 7, "h", HIGH, 1);
  r.dispatch(9, "c");
  r.dispatch(18, "d");
  r.dispatch(25, "a");
  const auto result = r.recorder.finish(at_s(30));
  EXPECT_TRUE(result.starved.levels.episodes.empty());
  EXPECT_TRUE(result.starved.workspaces_recorded);
  ASSERT_THAT(told(result.starved.workspaces), ::testing::ElementsAre("0-25 runs=1 workspaces=1"));
  const Episode& episode = result.starved.workspaces.episodes[0];
  EXPECT_EQ(episode.workspace, WorkspaceId::at(0));
  EXPECT_EQ(episode.level, LOW);
  ASSERT_EQ(episode.dispatched.size(), 2U);
  EXPECT_EQ(episode.dispatched[0].level, HIGH);
  EXPECT_EQ(episode.dispatched[0].dispatches, 1U);
  EXPECT_EQ(episode.dispatched[1].dispatches, 3U);
}

TEST(WorkspaceEpisodes, OwnDispatchesEndThemAndBeginTheNext) {
  Recording r(small_pipeline(), ten_seconds(true));
  r.accept(0, "a", LOW);
  r.accept(1, "b", LOW);
  r.dispatch(12, "a");
  const auto result = r.recorder.finish(at_s(30));
  EXPECT_THAT(told(result.starved.workspaces),
              ::testing::ElementsAre("0-12 runs=2 workspaces=1", "12-30! runs=1 workspaces=1"));
  for (const Episode& episode : result.starved.workspaces.episodes)
    EXPECT_EQ(episode.dispatches(), 0U) << "its own dispatch is in neither";
}

TEST(TimeLines, SayForWhichShareOfABucketALevelStarved) {
  RecorderConfig config = ten_seconds();
  config.until = at_s(100);
  config.time_line_buckets = 10;
  Recording r(small_pipeline(), config);
  r.accept(5, "a", LOW);
  r.dispatch(22, "a");
  const auto result = r.recorder.finish(at_s(100));
  const TimeLine* line = result.time_lines.find(Line::starving, Subject::of(GroupId::at(0), LOW));
  ASSERT_NE(line, nullptr);
  EXPECT_THAT(std::vector<double>(line->values.begin(), line->values.begin() + 4),
              ::testing::ElementsAre(0.5, 1, ::testing::DoubleEq(0.2), 0));
}

Episode of_length(double from, double length) {
  Episode episode;
  episode.from = at_s(from);
  episode.until = at_s(from + length);
  return episode;
}

TEST(LongestEpisodes, KeepTheLongestAndOfEqualOnesTheEarlier) {
  LongestEpisodes kept(2);
  const auto add = [&](double from, double length) {
    if (kept.has_room_for(Duration::from_seconds(length))) kept.add(of_length(from, length));
  };
  add(0, 20);
  add(100, 30);
  add(200, 20);
  add(300, 25);
  std::vector<Episode> episodes = kept.episodes();
  sort_episodes(episodes);
  ASSERT_EQ(episodes.size(), 2U);
  EXPECT_EQ(episodes[0].from, at_s(100));
  EXPECT_EQ(episodes[1].from, at_s(300));
  EXPECT_EQ(kept.left_out(), 2U);
}

TEST(LongestEpisodes, OfAllReplicationsTheLongestAreInTheReport) {
  std::vector<ReplicationResult> replications(2);
  replications[0].starved.levels.episodes = {of_length(0, 20)};
  replications[1].starved.levels.episodes = {of_length(5, 30), of_length(50, 15)};
  for (ReplicationResult& replication : replications)
    for (Episode& episode : replication.starved.levels.episodes) episode.group = GroupId::at(0);
  replications[1].starved.levels.left_out = 3;
  const Report report = combine({}, {}, replications);
  const auto& episodes = report.starved.levels.episodes;
  ASSERT_EQ(episodes.size(), 3U);
  EXPECT_EQ(episodes[0].replication, 0U);
  EXPECT_EQ(episodes[1].replication, 1U);
  EXPECT_EQ(report.starved.levels.left_out, 3U);
}

}  // namespace
}  // namespace sluice::test
