// Runs that a pool holds: in the pool's own line, and credited to the member that served them.
#include <gtest/gtest.h>

#include "tests/reports/recording.hpp"

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
