#include "reports/terminal/hours.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/reports/golden.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

TEST(RenderHours, ATableOfTheDayAndOneOfTheWeek) {
  test::expect_golden("tests/unit/reports/golden/hours.txt", render_hours(test::full_report(), {}));
}

TEST(RenderHours, NothingWhereNothingWasRecorded) {
  EXPECT_EQ(render_hours(test::monday_report(), {}), "");
}

}  // namespace
}  // namespace sluice
