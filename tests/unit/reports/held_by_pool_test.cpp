// Runs that a pool holds: in the pool's own line, and credited to the member that served them.
#include <gtest/gtest.h>

#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;
constexpr std::uint32_t kPool = Need::kPoolBit;  // its only use has the number 0

/// A pool of credentials 0 and 1, and credential 2 beside it.
class PoolRecording : public Recording {
 public:
  explicit PoolRecording(const RecorderConfig& config = {})
      : Recording(small_pipeline(1, 3), config) {
    const std::vector<CredentialId> members{CredentialId::at(0), CredentialId::at(1)};
    recorder.pool_defined(0, 0, members.data(), members.size());
    workers(0, 4);
  }
};

void dispatch_with(Recording& r, double at, const std::string& run, std::uint32_t member) {
  r.run(run).held[0] = CredentialId{member};
  r.dispatch(at, run);
}

TEST(HeldByPool, CountsForThePoolAndForTheMemberThatServed) {
  PoolRecording r;
  r.accept(0, "a", LOW, 0, {kPool});
  r.park(0, "a", BlockReason::credential_limit, kPool);
  r.park(4, "a", BlockReason::login, kPool);
  r.wake(10, "a");
  dispatch_with(r, 12, "a", 1);
  r.end(20, "a");
  const auto result = r.recorder.finish(at_s(30));
  const auto of_pool = Subject::of(PoolId::at(0));
  EXPECT_EQ(r.value(result, Metric::pool_held_time, of_pool), 10);
  EXPECT_EQ(r.value(result, Metric::pool_runs_held, of_pool), 2);
  EXPECT_EQ(r.value(result, Metric::credential_held_time, Subject::of(CredentialId::at(1))), 10);
  EXPECT_EQ(r.value(result, Metric::credential_runs_held, Subject::of(CredentialId::at(1))), 2);
  EXPECT_EQ(result.figures.find(Metric::credential_held_time, Subject::of(CredentialId::at(0))),
            nullptr);
}

TEST(HeldByPool, WhoStillWaitsCountsForThePoolOnly) {
  PoolRecording r;
  r.accept(0, "served", LOW, 0, {kPool});
  dispatch_with(r, 0, "served", 0);
  r.accept(5, "waits", LOW, 0, {kPool});
  r.park(5, "waits", BlockReason::credential_limit, kPool);
  const auto result = r.recorder.finish(at_s(30));
  EXPECT_EQ(r.value(result, Metric::pool_held_time, Subject::of(PoolId::at(0))), 25);
  EXPECT_EQ(r.value(result, Metric::credential_held_time, Subject::of(CredentialId::at(0))), 0);
}

TEST(HeldByPool, EachAttemptIsCreditedOnce) {
  PoolRecording r;
  r.accept(0, "a", LOW, 0, {kPool});
  r.park(0, "a", BlockReason::credential_limit, kPool);
  r.wake(3, "a");
  dispatch_with(r, 3, "a", 0);
  r.requeue(5, "a");
  r.rejoin(6, "a");
  r.park(6, "a", BlockReason::credential_limit, kPool);
  r.wake(10, "a");
  dispatch_with(r, 10, "a", 1);
  const auto result = r.recorder.finish(at_s(30));
  EXPECT_EQ(r.value(result, Metric::credential_held_time, Subject::of(CredentialId::at(0))), 3);
  EXPECT_EQ(r.value(result, Metric::credential_held_time, Subject::of(CredentialId::at(1))), 4);
  EXPECT_EQ(r.value(result, Metric::pool_held_time, Subject::of(PoolId::at(0))), 7);
}

/// Two runs that need the same: 0 to 4 s on a pool, then on another one of credentials 1 and 2,
/// until 10 and 12 s. The pipeline tells of one of them only.
ReplicationResult moved_together(double window_from) {
  RecorderConfig config;
  config.from = at_s(window_from);
  PoolRecording r(config);
  const std::vector<CredentialId> members{CredentialId::at(1), CredentialId::at(2)};
  r.recorder.pool_defined(1, 1, members.data(), members.size());
  for (const char* run : {"a", "b"}) {
    r.accept(0, run, LOW, 0, {kPool, kPool | 1}).wait_class = 7;
    r.park(0, run, BlockReason::credential_limit, kPool);
  }
  r.park(4, "a", BlockReason::credential_limit, kPool | 1);
  double at = 10;
  for (const char* run : {"a", "b"}) {
    r.wake(at, run);
    r.run(run).held[1] = CredentialId{2};
    dispatch_with(r, at, run, 0);
    at += 2;
  }
  return r.recorder.finish(at_s(30));
}

TEST(HeldByPool, WhoIsMovedWithAnotherRunIsHeldByTheOtherPool) {
  const ReplicationResult report = moved_together(0);
  const auto value = [&](Metric metric, const Subject& of) {
    return report.figures.find(metric, of)->value;
  };
  const auto pool = [](std::size_t i) { return Subject::of(PoolId::at(i)); };
  EXPECT_EQ(value(Metric::pool_held_time, pool(0)), 4 + 4);
  EXPECT_EQ(value(Metric::pool_held_time, pool(1)), 6 + 8);
  for (const std::size_t i : {0, 1}) EXPECT_EQ(value(Metric::pool_runs_held, pool(i)), 2);
  const Subject served = Subject::of(CredentialId::at(2));
  EXPECT_EQ(value(Metric::credential_held_time, served), 6 + 8);
  EXPECT_EQ(value(Metric::credential_runs_held, served), 2);
}

TEST(HeldByPool, WhoIsMovedBeforeTheWindowIsHeldSinceItBegan) {
  const ReplicationResult report = moved_together(5);
  const auto value = [&](Metric metric, const Subject& of) {
    return report.figures.find(metric, of)->value;
  };
  EXPECT_EQ(value(Metric::pool_held_time, Subject::of(PoolId::at(0))), 0);
  EXPECT_EQ(value(Metric::pool_held_time, Subject::of(PoolId::at(1))), 5 + 7);
  EXPECT_EQ(value(Metric::credential_held_time, Subject::of(CredentialId::at(2))), 5 + 7);
}

TEST(HeldByPool, IsSplitByWhatItsMembersDo) {
  PoolRecording r;
  r.accept(0, "a", LOW, 0, {kPool});
  r.park(0, "a", BlockReason::credential_limit, kPool);
  r.credential(2, 0, false, true);  // one of two is paused
  r.credential(6, 1, true, false);  // the other logs in
  r.credential(10, 1, true, true);  // and is paused as well: the pause comes first
  r.credential(13, 0, false, false);
  r.credential(13, 1, false, false);
  r.wake(15, "a");
  dispatch_with(r, 15, "a", 1);
  const WaitAttribution parts = r.attribution("a");
  EXPECT_EQ(parts[WaitPart::credential_limit], Duration::from_seconds(2 + 2 + 2));
  EXPECT_EQ(parts[WaitPart::login], Duration::from_seconds(2));
  EXPECT_EQ(parts[WaitPart::pause], Duration::from_seconds(2 + 2 + 3));
  EXPECT_EQ(parts.wait(), Duration::from_seconds(15));
}

TEST(HeldByPool, KnowsMembersThatWerePausedBeforeItWasDefined) {
  Recording r(small_pipeline(1, 3));
  r.workers(0, 4);
  r.credential(1, 1, false, true);
  const std::vector<CredentialId> members{CredentialId::at(0), CredentialId::at(1)};
  r.recorder.pool_defined(0, 0, members.data(), members.size());
  r.accept(2, "a", LOW, 0, {kPool});
  r.park(2, "a", BlockReason::credential_limit, kPool);
  r.credential(6, 1, false, false);
  r.wake(8, "a");
  dispatch_with(r, 8, "a", 1);
  EXPECT_EQ(r.attribution("a")[WaitPart::pause], Duration::from_seconds(2));
  EXPECT_EQ(r.attribution("a")[WaitPart::credential_limit], Duration::from_seconds(4));
}

TEST(HeldByPool, WhatWasHeldBeforeTheWindowIsLeftOut) {
  RecorderConfig config;
  config.from = at_s(20);
  PoolRecording r(config);
  r.accept(5, "a", LOW, 0, {kPool});
  r.park(5, "a", BlockReason::credential_limit, kPool);
  r.wake(26, "a");
  dispatch_with(r, 26, "a", 0);
  const auto result = r.recorder.finish(at_s(30));
  EXPECT_EQ(r.value(result, Metric::pool_held_time, Subject::of(PoolId::at(0))), 6);
  EXPECT_EQ(r.value(result, Metric::credential_held_time, Subject::of(CredentialId::at(0))), 6);
}

}  // namespace
}  // namespace sluice::test
