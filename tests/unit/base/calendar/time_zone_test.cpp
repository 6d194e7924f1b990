#include "base/calendar/time_zone.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "base/calendar/tzif.hpp"
#include "base/iso8601.hpp"

namespace sluice {
namespace {

std::int64_t at(const char* text) { return parse_iso8601(text).value(); }
std::int64_t seconds_at(const char* text) { return at(text) / 1'000'000'000; }

TEST(TimeZones, know_their_daylight_saving) {
  std::string problem;
  const auto berlin = TimeZone::find("Europe/Berlin", problem);
  ASSERT_NE(berlin, nullptr) << problem;
  const auto utc = [&](const char* local) { return berlin->utc_of(at(local)); };
  EXPECT_EQ(utc("2026-01-05T12:00:00").earlier_ns, at("2026-01-05T11:00:00Z"));
  EXPECT_EQ(utc("2026-07-05T12:00:00").earlier_ns, at("2026-07-05T10:00:00Z"));
  EXPECT_EQ(utc("2026-10-25T01:59:59").earlier_ns, at("2026-10-24T23:59:59Z"));
  const LocalTime twice = utc("2026-10-25T02:30:00");
  EXPECT_TRUE(twice.ambiguous);
  EXPECT_EQ(twice.earlier_ns, at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(twice.later_ns, at("2026-10-25T01:30:00Z"));
  EXPECT_EQ(twice.next_ns, twice.earlier_ns);
  EXPECT_EQ(utc("2026-10-25T03:00:00").earlier_ns, at("2026-10-25T02:00:00Z"));
  const LocalTime never = utc("2026-03-29T02:30:00");
  EXPECT_TRUE(never.skipped);
  EXPECT_EQ(never.earlier_ns, at("2026-03-29T01:30:00Z"));
  EXPECT_EQ(never.later_ns, never.earlier_ns);
  EXPECT_EQ(never.next_ns, at("2026-03-29T01:00:00Z"));
  EXPECT_FALSE(utc("2026-03-29T03:00:00").skipped);
  EXPECT_EQ(utc("2026-03-29T03:00:00").earlier_ns, at("2026-03-29T01:00:00Z"));
}

TEST(TimeZones, go_on_behind_the_changes_that_their_files_list) {
  std::string problem;
  const auto berlin = TimeZone::find("Europe/Berlin", problem);
  ASSERT_NE(berlin, nullptr) << problem;
  EXPECT_EQ(berlin->utc_of(at("2045-07-05T12:00:00")).earlier_ns, at("2045-07-05T10:00:00Z"));
  EXPECT_EQ(berlin->utc_of(at("2045-12-05T12:00:00")).earlier_ns, at("2045-12-05T11:00:00Z"));
  EXPECT_TRUE(berlin->utc_of(at("2045-03-26T02:30:00")).skipped);
  EXPECT_TRUE(berlin->utc_of(at("2045-10-29T02:30:00")).ambiguous);
}

TEST(TimeZones, that_are_none_get_the_nearest_name) {
  std::string problem;
  EXPECT_EQ(TimeZone::find("Europe/Berln", problem), nullptr);
  EXPECT_NE(problem.find("did you mean `Europe/Berlin`?"), std::string::npos) << problem;
  for (const char* none : {"../../etc/passwd", "", "Europe", "tzdata.zi", "/etc/localtime"})
    EXPECT_EQ(TimeZone::find(none, problem), nullptr) << none;
}

TEST(TimeZones, utc_needs_no_file) {
  std::string problem;
  EXPECT_EQ(TimeZone::find("UTC", problem), TimeZone::utc());
  EXPECT_EQ(TimeZone::utc()->utc_of(at("2026-10-25T02:30:00")).later_ns, at("2026-10-25T02:30:00"));
}

TEST(PosixTz, tells_the_changes_of_each_year) {
  const auto find = [](const char* text, const char* when) {
    const auto periods = periods_of_posix_tz(text, 0);
    if (!periods) return std::string("none");
    ClockPeriod period = periods->front();
    for (const ClockPeriod& next : *periods)
      if (next.from_s <= seconds_at(when)) period = next;
    return period.name + " " + std::to_string(period.offset_s);
  };
  EXPECT_EQ(find("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z"), "CET 3600");
  EXPECT_EQ(find("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z"), "CEST 7200");
  EXPECT_EQ(find("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59Z"), "CEST 7200");
  EXPECT_EQ(find("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z"), "CET 3600");
  // South of the equator, half an hour, names in angle brackets.
  EXPECT_EQ(find("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-05T00:00:00Z"), "+11 39600");
  EXPECT_EQ(find("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-07-05T00:00:00Z"), "+1030 37800");
  // Days by number: J60 is 1 March in every year, 59 is 29 February in leap years.
  EXPECT_EQ(find("A0B,J60/0,J61/0", "2024-03-01T00:30:00Z"), "B 3600");
  EXPECT_EQ(find("A0B,59/0,60/0", "2024-02-29T00:30:00Z"), "B 3600");
  EXPECT_EQ(find("A0B,59/0,60/0", "2026-03-01T00:30:00Z"), "B 3600");
  EXPECT_EQ(find("<-03>3", "2026-03-01T00:30:00Z"), "-03 -10800");
  for (const char* none : {"", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                           "CET-1CEST,M3.5.0,M10.5.0/3x", "<CET-1", "CET-999"})
    EXPECT_EQ(find(none, "2026-03-01T00:30:00Z"), "none") << none;
}

TEST(Tzif, damaged_files_are_none) {
  for (const std::string& bytes :
       {std::string(), std::string("TZif"), std::string("no zone"),
        "TZif2" + std::string(39, '\xFF'), "TZif2" + std::string(200, '\0')})
    EXPECT_FALSE(parse_tzif(bytes).has_value());
}

}  // namespace
}  // namespace sluice
