// Whom released things wake, and in which order; the world is three lines of a test.
#include "pipeline/waker.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace sluice::test {
namespace {

using WaitingRun = sluice::Run;  // a fixture has a Run of its own

constexpr GroupId kWaiters{0};
constexpr WakeLane kOnlyLane = WakeLane::of(kWaiters, 0);

WaitPoint point(CredentialId id) { return WaitPoint::of(WaitPoint::Kind::credential, id.index()); }

PipelineConfig three_credentials() {
  PipelineConfig config;
  config.credentials.resize(3);
  return config;
}

class WakerTest : public ::testing::Test {
 protected:
  /// A LOW run that waits on `on`.
  WaitingRun& waiting(CredentialId needs, WaitPoint on, WakeLane lane = kOnlyLane) {
    WaitingRun& run = runs.allocate();
    run.request.needs[0] = Need{needs.value};
    run.request.need_count = 1;
    run.request.workflow = WorkflowId{0};
    run.request.workspace = WorkspaceId{0};
    run.id = run.sequence = next++;
    run.state = RunState::parked;
    waker.park(run, on, lane, false);
    return run;
  }
  WaitingRun& waiting(CredentialId needs) { return waiting(needs, point(needs)); }

  /// Ids in the order in which they are tried. Each goes, and takes one of the places.
  struct Places {
    WakerTest& test;
    bool has_room(WaitPoint) const { return test.places > 0; }
    Woken wake(WaitPoint on, WakeLane lane, WaitingRun& run) const {
      test.tried += std::to_string(run.id) + " ";
      if (test.judge) return test.judge(on, lane, run);
      test.waker.remove(run);
      --test.places;
      return Woken::goes;
    }
  };
  std::string wake() {
    tried.clear();
    waker.wake_freed(Places{*this});
    return tried;
  }

  PipelineConfig with = three_credentials();
  RunTable runs;
  Credentials credentials{with, runs};
  Waker waker{runs, credentials};
  int places = 100;
  std::uint64_t next = 0;
  std::string tried;
  std::function<Woken(WaitPoint, WakeLane, WaitingRun&)> judge;
};

constexpr CredentialId kPortal{0}, kDesk{1}, kStore{2};

TEST_F(WakerTest, WhatNobodyWaitsOnWakesNobody) {
  waiting(kPortal);
  waker.freed(kDesk);
  EXPECT_FALSE(waker.any_freed());
  EXPECT_EQ(wake(), "");
}

TEST_F(WakerTest, InTheOrderOfReleaseAndThenOfTheQueue) {
  waiting(kPortal);  // 0
  waiting(kDesk);    // 1
  waiting(kPortal);  // 2
  waker.freed(kDesk);
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "1 0 2 ");
  EXPECT_FALSE(waker.any_freed());
}

TEST_F(WakerTest, AsLongAsThereIsRoom) {
  for (int i = 0; i < 3; ++i) waiting(kPortal);
  places = 2;
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "0 1 ");
  places = 1;
  EXPECT_EQ(wake(), "");  // nothing was released
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "2 ");
}

TEST_F(WakerTest, HigherLevelsFirst) {
  waiting(kPortal);
  WaitingRun& high = runs.allocate();
  high.request.needs[0] = Need{kPortal.value};
  high.request.level = PriorityLevel::HIGH;
  high.request.need_count = 1;
  high.id = high.sequence = 9;
  high.state = RunState::parked;
  waker.park(high, point(kPortal), kOnlyLane, false);
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "9 0 ");
}

TEST_F(WakerTest, ACredentialWakesThoseThatWaitOnAPoolWithIt) {
  bool is_new = false;
  const std::vector<CredentialId> members{kDesk, kStore};
  const Need pool = credentials.pool_need(WorkspaceId{0}, WorkflowId{0}, 0, members, is_new);
  waiting(CredentialId{pool.value},
          WaitPoint::of(WaitPoint::Kind::pool, credentials.pool_of(pool)));
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "");
  waker.freed(kStore);
  EXPECT_EQ(wake(), "0 ");
}

TEST_F(WakerTest, OneWhoCannotBeHelpedIsSetAsideWithAllThatNeedTheSame) {
  waiting(kDesk, point(kPortal));  // 0: needs another one besides
  waiting(kDesk, point(kPortal));  // 1
  waiting(kPortal);                // 2
  judge = [this](WaitPoint, WakeLane, WaitingRun& run) {
    if (run.request.needs[0].credential() == kDesk) return Woken::stays;
    waker.remove(run);
    return Woken::goes;
  };
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "0 2 ");
}

TEST_F(WakerTest, TheLastOneEndsTheWakeOfItsLaneOnly) {
  const WakeLane other = WakeLane::of(kWaiters, 1);
  waiting(kPortal);                         // 0
  waiting(kPortal);                         // 1
  waiting(kPortal, point(kPortal), other);  // 2
  waiting(kPortal, point(kPortal), other);  // 3
  judge = [this](WaitPoint, WakeLane, WaitingRun& run) {
    waker.remove(run);
    return Woken::last;
  };
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "0 2 ");
}

TEST_F(WakerTest, AWakeThatIsPassedOnReachesAnotherOne) {
  waiting(kPortal);  // 0
  waiting(kPortal);  // 1
  judge = [this](WaitPoint on, WakeLane lane, WaitingRun& run) {
    if (run.id == 0) waker.pass_on_later(on, lane);
    waker.remove(run);
    return Woken::last;
  };
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "0 1 ");
}

TEST_F(WakerTest, WhatIsReleasedMeanwhileComesAfterwards) {
  waiting(kPortal);  // 0
  waiting(kDesk);    // 1
  waiting(kPortal);  // 2
  judge = [this](WaitPoint, WakeLane, WaitingRun& run) {
    if (run.id == 0) waker.freed(kDesk);
    waker.remove(run);
    return Woken::goes;
  };
  waker.freed(kPortal);
  EXPECT_EQ(wake(), "0 2 1 ");
}

}  // namespace
}  // namespace sluice::test
