#include "reports/summary/time_axis.hpp"

#include <gtest/gtest.h>

#include "base/calendar/civil_date.hpp"
#include "base/calendar/time_zone.hpp"

namespace sluice {
namespace {

using namespace literals;

std::string axis(Duration from, Duration length, std::size_t columns = 32) {
  return time_axis({}, Time::zero() + from, length, columns);
}

TEST(TimeAxis, HasRoundTimes) {
  EXPECT_EQ(axis(0_s, 24_h), "|0h     |6h     |12h    |18h");
  EXPECT_EQ(axis(0_s, 10_min), "|0s             |5m");
}

TEST(TimeAxis, GoesOverToDays) {
  EXPECT_EQ(axis(0_s, 24_h * 28), "|0d     |7d     |14d    |21d");
  EXPECT_EQ(axis(0_s, 36_h).substr(0, 3), "|0h");
}

TEST(TimeAxis, IsNeverWiderThanTheChart) {
  for (std::size_t columns = 0; columns < 40; ++columns)
    for (const Duration length : {1_s, 59_s, 1_h, 7_h, 25_h, 24_h * 9, 24_h * 366}) {
      const std::string text = axis(17_min, length, columns);
      EXPECT_LE(text.size(), columns);
      EXPECT_TRUE(columns < 12 || !text.empty()) << columns << " for " << length.seconds();
    }
}

/// From 2026-`month`-`day` 00:00 on, an hour east of Greenwich.
std::string dated_axis(std::int64_t month, std::int64_t day, Duration length) {
  const auto zone =
      std::make_shared<const TimeZone>("East", std::vector<TimeZone::Period>{{0, 3600, "EAST"}});
  ReportHeader header;
  const std::int64_t midnight = days_from_civil({2026, month, day}) * (24_h).ns;
  header.calendar = Calendar(midnight - (1_h).ns, zone);
  header.until = Time::zero() + length;
  return time_axis(header, Time::zero(), length, 32);
}

TEST(TimeAxis, HasTimesDaysAndMonthsOfTheCalendar) {
  EXPECT_EQ(dated_axis(1, 5, 24_h), "|00:00  |06:00  |12:00  |18:00");
  EXPECT_EQ(dated_axis(1, 5, 24_h * 28), "   |01-08  |01-15  |01-22");
  EXPECT_EQ(dated_axis(1, 5, 24_h * 180), "         |Mar       |May");
  EXPECT_EQ(dated_axis(1, 5, 24_h * 365), "       |Apr    |Jul    |Oct");
  EXPECT_EQ(dated_axis(1, 1, 24_h * 365 * 5), "|2026       |2028        |2030");
}

TEST(TimeAxis, MarksWhereALevelStarves) {
  EXPECT_EQ(starved_marks(std::vector<double>{0, 0.2, 0.5, 1, 0}, 5), " -==");
  EXPECT_EQ(starved_marks(std::vector<double>{0, 0.2, 0.5, 0}, 2), "-=");
  EXPECT_EQ(starved_marks({}, 5), "");
}

TEST(TimeAxis, MarksIncidentsByNumber) {
  Report report;
  const Time t = Time::zero();
  report.incidents = {{"deploy", t + 1_h, t + 2_h}, {"outage", t + 3_h, std::nullopt}};
  EXPECT_EQ(incident_marks(report, t, 4_h, 8), "  11  2");
  EXPECT_EQ(incidents_text(report), "1 deploy 1h to 2h, 2 outage at 3h");
}

}  // namespace
}  // namespace sluice
