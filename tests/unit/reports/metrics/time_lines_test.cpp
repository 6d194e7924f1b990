// Time lines with buckets of a given width.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/report.hpp"
#include "tests/unit/reports/recording.hpp"

namespace sluice::test {
namespace {

using enum PriorityLevel;

TEST(TimeLines, OfAGivenWidthBeginAtMultiplesOfIt) {
  RecorderConfig config;
  config.from = at_s(25);
  config.until = at_s(60);
  config.time_line_bucket = 10_s;
  Recording r(small_pipeline(), config);
  r.accept(0, "a", LOW);
  r.accept(27, "b", LOW);
  r.dispatch(45, "a");
  r.dispatch(46, "b");
  const auto result = r.recorder.finish(at_s(55));
  EXPECT_EQ(result.time_lines.from, at_s(20));
  EXPECT_EQ(result.time_lines.bucket, 10_s);
  const Subject low = Subject::of(GroupId::at(0), LOW);
  const TimeLine* eligible = result.time_lines.find(Line::eligible, low);
  ASSERT_NE(eligible, nullptr);
  EXPECT_THAT(eligible->values, ::testing::ElementsAre(::testing::DoubleEq((2 + 3 * 2) / 5.0), 2,
                                                       ::testing::DoubleEq((5 * 2 + 1) / 10.0), 0))
      << "the first and the last one are five seconds long";
  EXPECT_THAT(result.time_lines.find(Line::dispatched, low)->values,
              ::testing::ElementsAre(0, 0, 12, 0));
}

}  // namespace
}  // namespace sluice::test
