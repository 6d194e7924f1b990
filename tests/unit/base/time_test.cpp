#include "base/time.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sluice {
namespace {

using namespace literals;

TEST(Duration, RoundsSecondsToTheNearestNanosecond) {
  EXPECT_EQ(Duration::from_seconds(1.5), 1500_ms);
  EXPECT_EQ(Duration::from_seconds(0.4e-9), 0_ns);
  EXPECT_EQ(Duration::from_seconds(0.6e-9), 1_ns);
  EXPECT_EQ(Duration::from_seconds(-0.6e-9), -1_ns);
}

TEST(Duration, SaturatesWhereSecondsAreTooManyAndTakesNanAsZero) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Duration::from_seconds(1e30), Duration::max());
  EXPECT_EQ(Duration::from_seconds(infinity), Duration::max());
  EXPECT_EQ(Duration::from_seconds(-infinity), -Duration::max());
  EXPECT_EQ(Duration::from_seconds(std::nan("")), Duration::zero());
}

TEST(Duration, LiteralsAgreeWithEachOther) {
  EXPECT_EQ(1_h, 60_min);
  EXPECT_EQ(1_min, 60_s);
  EXPECT_EQ(1_s, 1000_ms);
  EXPECT_EQ(1_ms, 1'000'000_ns);
  EXPECT_EQ(3 * 1_s, 1_s * 3);
  EXPECT_DOUBLE_EQ((90_s).seconds(), 90);
}

TEST(Duration, AddsAndSubtracts) {
  Duration d = 3_s;
  d += 2_s;
  d -= 1_s;
  EXPECT_EQ(d, 4_s);
  EXPECT_EQ(1_s - 3_s, -(2_s));
  EXPECT_LT(1_s, 2_s);
}

TEST(Time, IsADurationAfterTheStart) {
  const Time t = Time::zero() + 90_s;
  EXPECT_EQ(t, Time::from_seconds(90));
  EXPECT_EQ(t - Time::zero(), 90_s);
  EXPECT_EQ(t - 30_s, Time::from_seconds(60));
  EXPECT_LT(t, Time::never());
}

TEST(Time, StaysAtNeverInsteadOfOverflowing) {
  EXPECT_EQ(Time::never() + 1_ns, Time::never());
  EXPECT_EQ(Time::from_seconds(1) + Duration::max(), Time::never());
  EXPECT_EQ(Time::zero() + Duration::max(), Time::never());
}

}  // namespace
}  // namespace sluice
