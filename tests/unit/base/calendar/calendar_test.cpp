#include "base/calendar/calendar.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "base/calendar/civil_date.hpp"
#include "base/iso8601.hpp"

namespace sluice {
namespace {

using namespace literals;

Calendar calendar_of(const char* zone_name, const char* start_utc,
                     std::vector<std::int64_t> holidays = {}) {
  std::string problem;
  auto zone = TimeZone::find(zone_name, problem);
  EXPECT_NE(zone, nullptr) << problem;
  return {parse_iso8601(start_utc).value(), std::move(zone), std::move(holidays)};
}

TEST(CalendarTest, TellsTimesByTheClocksOfItsZone) {
  const Calendar berlin = calendar_of("Europe/Berlin", "2026-01-04T23:00:00Z");
  EXPECT_EQ(berlin.text(Time::zero()), "Mon 2026-01-05 00:00");
  EXPECT_EQ(berlin.text(Time::zero() + 2_h + 4_min + 59_s), "Mon 2026-01-05 02:04");
  EXPECT_EQ(berlin.text(Time::zero() + 2_h + 4_min + 59_s, true), "Mon 2026-01-05 02:04:59");
  EXPECT_EQ(berlin.iso8601(Time::zero()), "2026-01-05T00:00:00+01:00");
  EXPECT_EQ(berlin.text(Time::zero() + 24_h * 180), "Sat 2026-07-04 01:00");
  EXPECT_EQ(berlin.iso8601(Time::zero() + 24_h * 180), "2026-07-04T01:00:00+02:00");
  const Calendar adelaide = calendar_of("America/St_Johns", "2026-01-05T00:00:00Z");
  EXPECT_EQ(adelaide.iso8601(Time::zero()), "2026-01-04T20:30:00-03:30");
}

TEST(CalendarTest, SaysWhichOfTwoEqualTimesItMeans) {
  const Calendar berlin = calendar_of("Europe/Berlin", "2026-10-25T00:00:00Z");
  EXPECT_EQ(berlin.text(Time::zero() + 30_min), "Sun 2026-10-25 02:30 CEST");
  EXPECT_EQ(berlin.text(Time::zero() + 90_min), "Sun 2026-10-25 02:30 CET");
  EXPECT_EQ(berlin.text(Time::zero() + 120_min), "Sun 2026-10-25 03:00");
}

TEST(CalendarTest, ATimeThatDoesNotExistIsTheNextInstantAndOneThatComesTwiceTheFirst) {
  const Calendar spring = calendar_of("Europe/Berlin", "2026-03-28T23:00:00Z");
  const std::int64_t change = days_from_civil({2026, 3, 29});
  EXPECT_EQ(spring.time_of(change, 1_h + 59_min), Time::zero() + 119_min);
  EXPECT_EQ(spring.time_of(change, 2_h), Time::zero() + 2_h);
  EXPECT_EQ(spring.time_of(change, 2_h + 30_min), Time::zero() + 2_h);
  EXPECT_EQ(spring.time_of(change, 3_h), Time::zero() + 2_h);
  EXPECT_EQ(spring.time_of(change, 4_h), Time::zero() + 3_h);
  EXPECT_EQ(spring.time_of(change + 1, 0_h), Time::zero() + 23_h);
  const Calendar autumn = calendar_of("Europe/Berlin", "2026-10-24T22:00:00Z");
  const std::int64_t back = days_from_civil({2026, 10, 25});
  EXPECT_EQ(autumn.time_of(back, 2_h), Time::zero() + 2_h);
  EXPECT_EQ(autumn.time_of(back, 3_h), Time::zero() + 4_h);
  EXPECT_EQ(autumn.time_of(back + 1, 0_h), Time::zero() + 25_h);
}

TEST(CalendarTest, HalfAnHourIsSwitchedOnLordHowe) {
  const Calendar island = calendar_of("Australia/Lord_Howe", "2026-04-04T13:00:00Z");
  EXPECT_EQ(island.text(Time::zero()), "Sun 2026-04-05 00:00");
  EXPECT_EQ(island.text(Time::zero() + 1_h + 45_min), "Sun 2026-04-05 01:45 +11");
  EXPECT_EQ(island.text(Time::zero() + 2_h + 15_min), "Sun 2026-04-05 01:45 +1030");
  EXPECT_EQ(island.time_of(days_from_civil({2026, 4, 5}), 2_h), Time::zero() + 2_h + 30_min);
}

TEST(CalendarTest, HolidaysAreSundays) {
  const std::int64_t monday = days_from_civil({2026, 1, 5});
  const Calendar calendar = calendar_of("UTC", "2026-01-05T00:00:00Z", {monday + 1});
  EXPECT_EQ(calendar.weekday(monday), 0);
  EXPECT_EQ(calendar.weekday(monday + 1), 6);
  EXPECT_EQ(calendar.weekday(monday + 2), 2);
  EXPECT_EQ(calendar.text(Time::zero() + 24_h), "Tue 2026-01-06 00:00");
}

TEST(CalendarTest, WithoutAStartTimeZeroIsAMonday) {
  const Calendar none;
  EXPECT_FALSE(none.has_dates());
  EXPECT_EQ(none.weekday(none.local_day(Time::zero())), 0);
  EXPECT_EQ(none.weekday(none.local_day(Time::zero() + 24_h * 6)), 6);
  EXPECT_EQ(none.time_of(none.local_day(Time::zero()), 2_h), Time::zero() + 2_h);
}

TEST(CivilDateTest, MonthsEndWhereTheyEnd) {
  EXPECT_EQ(plus_months({2026, 1, 31}, 1), (CivilDate{2026, 2, 28}));
  EXPECT_EQ(plus_months({2024, 2, 29}, 12), (CivilDate{2025, 2, 28}));
  EXPECT_EQ(plus_months({2026, 12, 5}, 1), (CivilDate{2027, 1, 5}));
  EXPECT_EQ(civil_from_days(days_from_civil({2026, 11, 30})), (CivilDate{2026, 11, 30}));
}

}  // namespace
}  // namespace sluice
