// The room that kept values share. What quantiles make of them:
// tests/unit/sim/quantile_limit_test.cpp.
#include "reports/instruments/kept_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/instruments/log_histogram.hpp"

namespace sluice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr Duration kFive{5'000'000'000}, kLittleMore{5'000'000'001};

struct KeptValuesTest : ::testing::Test {
  KeptValuesTest() {
    EXPECT_EQ(LogHistogram::bucket_of(kFive), LogHistogram::bucket_of(kLittleMore));
    values.want(LogHistogram::bucket_of(kFive));
  }
  KeptRoom room{.left = 1};
  KeptValues values{room};
};

TEST_F(KeptValuesTest, OneValueHoweverOftenItComesTakesOneRoom) {
  values.add(kFive);
  values.add(kFive);
  EXPECT_EQ(room.left, 0u);
  EXPECT_TRUE(values.complete());
  EXPECT_THAT(values.counts(), ElementsAre(Pair(kFive.ns, 2)));
}

TEST_F(KeptValuesTest, WithoutRoomTheyAreNotAll) {
  values.add(kFive);
  values.add(kLittleMore);
  EXPECT_FALSE(values.complete());
  EXPECT_THAT(values.counts(), ElementsAre(Pair(kFive.ns, 1)));
}

TEST_F(KeptValuesTest, TheLastOfAValueThatIsTakenOutMakesRoom) {
  values.add(kFive);
  values.add(kFive);
  values.remove(kFive);
  EXPECT_EQ(room.left, 0u);
  values.remove(kFive);
  EXPECT_EQ(room.left, 1u);
  values.add(kLittleMore);
  EXPECT_TRUE(values.complete());
  EXPECT_THAT(values.counts(), ElementsAre(Pair(kLittleMore.ns, 1)));
}

TEST_F(KeptValuesTest, ThoseThatAreClearedMakeRoom) {
  values.add(kFive);
  values.clear();
  EXPECT_EQ(room.left, 1u);
  EXPECT_TRUE(values.counts().empty());
}

TEST_F(KeptValuesTest, OtherBucketsAndZerosAreNotKept) {
  values.add(Duration{});
  values.add(kFive * 2);
  EXPECT_EQ(room.left, 1u);
  EXPECT_TRUE(values.counts().empty());
}

}  // namespace
}  // namespace sluice::test
