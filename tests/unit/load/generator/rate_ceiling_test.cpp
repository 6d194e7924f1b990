// The ceiling of a lane, with time passed in.
#include "load/generator/rate_ceiling.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kFilledAt{1h};

/// How many of `wanted` requests may be sent at `now`.
int taken(RateCeiling& ceiling, SteadyTime now, int wanted) {
  int count = 0;
  for (int i = 0; i < wanted; ++i) count += ceiling.take(now);
  return count;
}

TEST(RateCeilingTest, TenPerSecondAdvanceAHundredMillisecondsOneAcquire) {
  RateCeiling ceiling(10, kFilledAt);
  EXPECT_FALSE(ceiling.take(kFilledAt));
  EXPECT_FALSE(ceiling.take(kFilledAt + 99ms));
  EXPECT_TRUE(ceiling.take(kFilledAt + 100ms));
  EXPECT_FALSE(ceiling.take(kFilledAt + 100ms));
  EXPECT_FALSE(ceiling.take(kFilledAt + 199ms));
  EXPECT_TRUE(ceiling.take(kFilledAt + 200ms));
}

TEST(RateCeilingTest, AfterAPauseOneSecondsWorthGoesAtOnceAndNoMore) {
  RateCeiling ceiling(10, kFilledAt);
  EXPECT_EQ(taken(ceiling, kFilledAt + 1h, 100), 10);
  EXPECT_EQ(taken(ceiling, kFilledAt + 1h + 300ms, 100), 3);
}

TEST(RateCeilingTest, LessThanOnePerSecondLetsOneThroughInItsTime) {
  RateCeiling ceiling(0.1, kFilledAt);
  EXPECT_FALSE(ceiling.take(kFilledAt + 9s));
  EXPECT_TRUE(ceiling.take(kFilledAt + 10s));
  EXPECT_EQ(taken(ceiling, kFilledAt + 1h, 100), 1);
}

TEST(RateCeilingTest, WhatIsAskedForInVainCostsNothing) {
  RateCeiling ceiling(10, kFilledAt);
  int sent = 0;
  for (auto now = kFilledAt; now <= kFilledAt + 10s; now += 1ms) sent += ceiling.take(now);
  EXPECT_GE(sent, 99);
  EXPECT_LE(sent, 100);
}

TEST(RateCeilingDeathTest, TimeDoesNotGoBack) {
  RateCeiling ceiling(10, kFilledAt);
  EXPECT_DEATH(ceiling.take(kFilledAt - 1ns), "time goes forward");
  EXPECT_DEATH(RateCeiling(0, kFilledAt), "lets nothing through");
}

}  // namespace
}  // namespace sluice::test
