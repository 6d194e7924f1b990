#include "reports/figures/figure_text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

TEST(Compact, DurationsWithoutSpacesAndEmptyParts) {
  EXPECT_EQ(compact(200, Unit::seconds), "3m20s");
  EXPECT_EQ(compact(180, Unit::seconds), "3m");
  EXPECT_EQ(compact(7'800, Unit::seconds), "2h10m");
  EXPECT_EQ(compact(12.3, Unit::seconds), "12.3s");
}

TEST(Compact, LargeCountsWithASuffix) {
  EXPECT_EQ(compact_count(9'999), "9999");
  EXPECT_EQ(compact_count(14'105), "14.1k");
  EXPECT_EQ(compact_count(2'300'000), "2.3M");
  EXPECT_EQ(compact_count(999'700), "1M");
  EXPECT_EQ(compact_count(3.6), "3.6");
  EXPECT_EQ(compact_count(1'054.3), "1054");
  EXPECT_EQ(compact_count(9'999.7), "10k");
}

TEST(Compact, WhatIsNoNumberIsStillText) {
  EXPECT_EQ(compact(std::numeric_limits<double>::quiet_NaN(), Unit::count), "–");
  EXPECT_EQ(compact(kEndless, Unit::seconds), "∞");
  EXPECT_EQ(compact_count(kEndless), "∞");
  EXPECT_EQ(compact(nullptr, Unit::seconds), "–");
}

TEST(Compact, ALowerBoundSaysSo) {
  Figure figure;
  figure.value = 7'800;
  figure.lower_bound = true;
  EXPECT_EQ(compact(&figure, Unit::seconds), "≥2h10m");
}

TEST(CompactInterval, HalfTheWidthInTwoDigits) {
  Figure figure;
  EXPECT_EQ(compact_interval(&figure, Unit::seconds), "");
  figure.interval = Interval{10, 11.148};
  EXPECT_EQ(compact_interval(&figure, Unit::seconds), "±570ms");
  figure.interval = Interval{0, 1'092};
  EXPECT_EQ(compact_interval(&figure, Unit::seconds), "±9m10s");
  figure.interval = Interval{3, 3};
  EXPECT_EQ(compact_interval(&figure, Unit::seconds), "");
}

TEST(RoughShare, NeverRoundsToNothingOrAll) {
  EXPECT_EQ(rough_share(0), "0 %");
  EXPECT_EQ(rough_share(0.0001), "<1 %");
  EXPECT_EQ(rough_share(0.714), "71 %");
  EXPECT_EQ(rough_share(0.9999), ">99 %");
  EXPECT_EQ(rough_share(1), "100 %");
}

}  // namespace
}  // namespace sluice
