// A group by itself: pauses, candidates, workers; nobody else decides what becomes of a run.
#include "pipeline/resource_group.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

using CandidateRun = sluice::Run;  // a fixture has a Run of its own

constexpr GroupId kGroup{0};
constexpr Time kNow = Time::zero();

class ResourceGroupTest : public ::testing::Test {
 protected:
  ResourceGroup group() { return {kGroup, config, 2, 1, runs, events, 0}; }
  CandidateRun& candidate(PriorityLevel level = PriorityLevel::LOW, WorkspaceId workspace = {0}) {
    CandidateRun& run = runs.allocate();
    run.group = kGroup;
    run.request.level = level;
    run.request.workspace = workspace;
    run.sequence = next++;
    run.state = RunState::queued;
    return run;
  }
  static ResourceGroupConfig workers(std::uint32_t count) {
    ResourceGroupConfig config;
    config.workers.count = count;
    return config;
  }

  ResourceGroupConfig config = workers(2);
  RunTable runs;
  EventQueue events;
  std::uint64_t next = 0;
};

TEST_F(ResourceGroupTest, PausesNest) {
  ResourceGroup main = group();
  main.add(kNow, candidate());
  EXPECT_TRUE(main.has_work());
  EXPECT_TRUE(main.pause());
  EXPECT_FALSE(main.pause());
  EXPECT_FALSE(main.resume());
  EXPECT_FALSE(main.has_work());
  EXPECT_TRUE(main.resume());
  EXPECT_TRUE(main.has_work());
  EXPECT_FALSE(main.resume());  // there is none
  EXPECT_TRUE(main.pause());
}

TEST_F(ResourceGroupTest, AWorkerGoesToWhoeverThePolicyChooses) {
  ResourceGroup main = group();
  CandidateRun& low = candidate();
  CandidateRun& high = candidate(PriorityLevel::HIGH);
  main.add(kNow, low);
  main.add(kNow, high);
  ASSERT_EQ(main.choose(kNow), high.slot);
  main.give_worker(kNow, high, false);
  EXPECT_EQ(main.candidates(), 1u);
  EXPECT_EQ(main.workers().counts().running, 1u);
  EXPECT_EQ(main.run_with(high.worker), high.slot);
  ASSERT_EQ(main.choose(kNow), low.slot);
  main.give_worker(kNow, low, true);
  EXPECT_EQ(main.workers().counts().holding, 1u);
  EXPECT_FALSE(main.has_work());
  EXPECT_EQ(main.nth_run(1), low.slot);
}

TEST_F(ResourceGroupTest, TheOnlyCandidateIsQueuedWhenAnotherComesOrWhenItIsPassedOver) {
  ResourceGroup main = group();
  CandidateRun& first = candidate();
  main.add(kNow, first);
  EXPECT_EQ(main.choose(kNow), first.slot);
  CandidateRun& second = candidate();
  main.add(kNow, second);
  EXPECT_EQ(main.choose(kNow), first.slot);
  main.remove(first);
  EXPECT_EQ(main.choose(kNow), second.slot);
  main.pass_over(kNow, second);
  EXPECT_EQ(main.candidates(), 0u);
  EXPECT_FALSE(main.has_work());
}

TEST_F(ResourceGroupTest, ARunThatIsPassedOverBlocksItsQueueIfTheRuleSaysSo) {
  config.when_credential_busy = WhenCredentialBusy::block_workspace;
  ResourceGroup main = group();
  CandidateRun& head = candidate();
  CandidateRun& behind = candidate();
  CandidateRun& other = candidate(PriorityLevel::LOW, {1});
  for (CandidateRun* run : {&head, &behind, &other}) main.add(kNow, *run);
  ASSERT_EQ(main.choose(kNow), head.slot);
  main.pass_over(kNow, head);
  head.state = RunState::parked;
  EXPECT_TRUE(head.blocks_queue);
  ASSERT_EQ(main.choose(kNow), other.slot);
  main.give_worker(kNow, other, false);
  EXPECT_EQ(main.choose(kNow), RunSlot::none());
  EXPECT_TRUE(main.unblock(kNow, head));
  EXPECT_FALSE(main.unblock(kNow, head));
  EXPECT_EQ(main.choose(kNow), behind.slot);
}

TEST_F(ResourceGroupTest, AWorkerThatIsLeftIsThePoolsToTakeBack) {
  ResourceGroup main = group();
  CandidateRun& run = candidate();
  main.add(kNow, run);
  main.give_worker(kNow, run, false);
  main.take_run_away(kNow, run);
  EXPECT_EQ(main.run_with(run.worker), RunSlot::none());
  EXPECT_EQ(main.workers().counts().running, 1u);
  EXPECT_TRUE(main.workers().give_back(kNow, false));
  EXPECT_EQ(main.workers().counts().idle, 2u);
}

/// Workers kept for HIGH are kept from nobody while nobody waits.
TEST_F(ResourceGroupTest, KeepsIdleWorkersOnlyFromThoseWhoWait) {
  config.dispatch.kind = DispatchPolicyKind::reserved;
  config.dispatch.reserved = {2, 0, 0};
  ResourceGroup main = group();
  EXPECT_EQ(main.kept_idle(), 0u);
  main.add(kNow, candidate());
  EXPECT_EQ(main.choose(kNow), RunSlot::none());
  EXPECT_EQ(main.kept_idle(), 2u);
}

TEST_F(ResourceGroupTest, HasALaneForEachLevelIfItsPolicyRefusesLevels) {
  ResourceGroup strict = group();
  EXPECT_TRUE(strict.has_one_lane());
  ResourceGroupConfig kept = config;
  kept.dispatch.kind = DispatchPolicyKind::reserved;
  ResourceGroup reserved{kGroup, kept, 2, 1, runs, events, 0};
  EXPECT_FALSE(reserved.has_one_lane());
  CandidateRun& low = candidate();
  low.queue_level = PriorityLevel::LOW;
  CandidateRun& high = candidate(PriorityLevel::HIGH);
  high.queue_level = PriorityLevel::HIGH;
  EXPECT_EQ(strict.lane_of(low), strict.lane_of(high));
  EXPECT_NE(reserved.lane_of(low), reserved.lane_of(high));
  low.state = RunState::holding;
  EXPECT_EQ(reserved.lane_of(low), WakeLane::of(kGroup, 0));
}

}  // namespace
}  // namespace sluice::test
