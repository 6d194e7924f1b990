#include "reports/summary/episodes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

using namespace literals;

const Subject kLow = Subject::of(GroupId::at(0), PriorityLevel::LOW);

Episode low(Time from, Time until, std::uint32_t replication) {
  Episode episode;
  episode.group = GroupId::at(0);
  episode.from = from;
  episode.until = until;
  episode.replication = replication;
  return episode;
}

Report starving(std::uint32_t replications, std::vector<Episode> episodes) {
  Report report = test::monday_report();
  report.header.replications = replications;
  report.starved.levels = {std::move(episodes), 0};
  return report;
}

std::vector<std::pair<Time, Time>> half(const Report& report) {
  std::vector<std::pair<Time, Time>> times;
  for (const StarvingStretch& stretch : mostly_starving(report, kLow.group, *kLow.level))
    times.emplace_back(stretch.from, stretch.until);
  return times;
}

TEST(EpisodesText, TheWorstIsTheLongest) {
  const Report report = test::monday_report();
  const auto worst = worst_episodes(report, 2);
  ASSERT_EQ(worst.size(), 2U);
  EXPECT_EQ(starved_text(report, *worst[0]), "LOW");
  EXPECT_EQ(when_text(report, *worst[0]), "5h50m to 8h");
  EXPECT_EQ(length_text(*worst[0]), "≥2h10m");
  EXPECT_EQ(when_text(report, *worst[1]), "3h to 3h18m");
  EXPECT_EQ(affected_text(*worst[1]), "43 runs of 3 workspaces");
  EXPECT_EQ(meanwhile_text(report, *worst[1], 2), "acme HIGH 59 %, tenant-1 MEDIUM 41 %");
  EXPECT_EQ(meanwhile_text(report, *worst[0], 1), "acme HIGH 65 %, rest 35 %");
}

TEST(EpisodesText, OfAWorkspaceWhereNoLevelStarved) {
  Report report = starving(1, {});
  Episode episode = low(Time::zero(), Time::zero() + 1_h, 0);
  episode.workspace = WorkspaceId::at(1);
  episode.runs = 1;
  report.starved.workspaces.episodes = {episode};
  const auto worst = worst_episodes(report, 3);
  ASSERT_EQ(worst.size(), 1U);
  EXPECT_EQ(starved_text(report, *worst[0]), "LOW of tenant-1");
  EXPECT_EQ(affected_text(*worst[0]), "1 run");
  EXPECT_EQ(meanwhile_text(report, *worst[0], 3), "nobody was dispatched");
}

TEST(MostlyStarving, IsWhenAtLeastHalfOfTheReplicationsStarve) {
  const Time t = Time::zero();
  const Report report =
      starving(4, {low(t + 1_h, t + 3_h, 0), low(t + 2_h, t + 5_h, 1), low(t + 4_h, t + 6_h, 2)});
  EXPECT_THAT(half(report),
              ::testing::ElementsAre(std::pair(t + 2_h, t + 3_h), std::pair(t + 4_h, t + 5_h)));
  EXPECT_EQ(mostly_starving(report, kLow.group, *kLow.level)[0].share, 0.5);
  EXPECT_THAT(mostly_starving_lines(report),
              ::testing::ElementsAre(
                  "LOW starves from 2h to 3h, 4h to 5h in at least half of 4 replications"));
}

TEST(MostlyStarving, EpisodesThatFollowOneAnotherAreOneTime) {
  const Time t = Time::zero();
  const Report report = starving(2, {low(t + 1_h, t + 2_h, 0), low(t + 2_h, t + 3_h, 0)});
  EXPECT_THAT(half(report), ::testing::ElementsAre(std::pair(t + 1_h, t + 3_h)));
}

TEST(MostlyStarving, SaysSoIfThereIsNoSuchTime) {
  const Time t = Time::zero();
  const Report report = starving(5, {low(t + 1_h, t + 3_h, 0), low(t + 2_h, t + 5_h, 1)});
  EXPECT_TRUE(half(report).empty());
  EXPECT_THAT(mostly_starving_lines(report),
              ::testing::ElementsAre("LOW starves at no moment in half of 5 replications at "
                                     "once; in at most 2 at once from 2h to 3h"));
}

TEST(MostlyStarving, OneReplicationSaysNothingAboutChance) {
  EXPECT_TRUE(mostly_starving_lines(test::monday_report()).empty());
}

}  // namespace
}  // namespace sluice
