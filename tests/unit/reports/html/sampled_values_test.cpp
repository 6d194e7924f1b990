#include "reports/html/sampled_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sluice {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(BucketsPerPoint, AreAsFewAsFit) {
  EXPECT_EQ(buckets_per_point(100, 720), 1u);
  EXPECT_EQ(buckets_per_point(720, 720), 1u);
  EXPECT_EQ(buckets_per_point(721, 720), 2u);
  EXPECT_EQ(buckets_per_point(20'000, 720), 28u);
  EXPECT_EQ(buckets_per_point(0, 720), 1u);
}

TEST(SampledValues, KeepTheLowestAndTheHighest) {
  const TimeLine line{Line::eligible, {}, {1, 5, 0, 2, 9}};
  const SampledValues values = sample(line, 2);
  EXPECT_EQ(values.mean, (std::vector<double>{3, 1, 9}));
  EXPECT_EQ(values.lowest, (std::vector<double>{1, 0, 9}));
  EXPECT_EQ(values.highest, (std::vector<double>{5, 2, 9}));
}

TEST(SampledValues, AreThoseOfTheReplications) {
  TimeLine line{Line::eligible, {}, {1, 5, 0}};
  line.lowest = {0, 4, 0};
  line.highest = {2, 70, 1};
  const SampledValues values = sample(line, 3);
  EXPECT_EQ(values.lowest, (std::vector<double>{0}));
  EXPECT_EQ(values.highest, (std::vector<double>{70}));
}

TEST(SampledValues, LeaveOutWhatIsNotKnown) {
  const TimeLine line{Line::wait_p95, {}, {kNone, 4, kNone, kNone}};
  const SampledValues values = sample(line, 2);
  EXPECT_EQ(values.mean[0], 4);
  EXPECT_TRUE(std::isnan(values.mean[1]));
  EXPECT_TRUE(std::isnan(values.highest[1]));
}

TEST(RoundedNumbers, HaveFewDigits) {
  EXPECT_EQ(rounded_numbers({1.0 / 3, 12'345.678, 0, kNone}, 3).dump(), "[0.333,12300,0,null]");
  EXPECT_EQ(rounded_number(28'800, 10).dump(), "28800");
}

}  // namespace
}  // namespace sluice
