// From the pings of a stream to the silence that is too long.
#include "http/client/ping_interval.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

PingInterval::At at(std::chrono::nanoseconds since) { return PingInterval::At(since + 1h); }

TEST(PingIntervalTest, WhatIsAssumedCountsUntilTwoPingsHaveCome) {
  PingInterval pings({});
  EXPECT_EQ(pings.too_long(), 45s);
  pings.ping(at(0s));
  EXPECT_EQ(pings.too_long(), 45s);
  pings.ping(at(2s));
  EXPECT_EQ(pings.too_long(), 6s);
}

TEST(PingIntervalTest, OnePingThatWasHeldUpChangesNothing) {
  PingInterval pings({});
  for (int i = 0; i < 5; ++i) pings.ping(at(i * 2s));
  pings.ping(at(28s));
  pings.ping(at(28s));
  EXPECT_EQ(pings.interval(), 2s);
}

TEST(PingIntervalTest, TheTimeBetweenConnectionsIsNone) {
  PingInterval pings({});
  pings.ping(at(0s));
  pings.break_off();
  pings.ping(at(1min));
  EXPECT_EQ(pings.interval(), 15s);
  pings.ping(at(63s));
  pings.break_off();
  EXPECT_EQ(pings.interval(), 3s) << "what was learnt is kept";
}

TEST(PingIntervalTest, AMachineThatIsHeldUpIsNoSilence) {
  PingInterval pings({.assumed = 1ms});
  EXPECT_EQ(pings.too_long(), 3s);
}

}  // namespace
}  // namespace sluice::test
