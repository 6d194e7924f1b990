// The calendar against `date`, which reads the same database with other code: each hour of a year
// with two changes of the clock, in three zones, and every minute around the changes.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/calendar/calendar.hpp"
#include "base/iso8601.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

/// Lines that a command writes; none: it cannot be run.
std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 256> line{};
  while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    lines.emplace_back(line.data());
    lines.back().pop_back();
  }
  return lines;
}

class CalendarAndDate : public ::testing::TestWithParam<const char*> {
 protected:
  /// What `date` says of these Unix seconds in the zone.
  static std::vector<std::string> told_by_date(const std::vector<std::int64_t>& seconds) {
    const std::string file = (std::filesystem::temp_directory_path() /
                              ("sluice_calendar_" + std::string(GetParam()).substr(0, 3)))
                                 .string();
    std::ofstream out(file);
    for (const std::int64_t second : seconds) out << '@' << second << '\n';
    out.close();
    auto lines = lines_of("LC_ALL=C TZ=" + std::string(GetParam()) + " date -f " + file +
                          " '+%a %Y-%m-%d %H:%M:%S %z' 2>/dev/null");
    std::filesystem::remove(file);
    return lines;
  }
};

TEST_P(CalendarAndDate, say_the_same) {
  std::string problem;
  const auto zone = TimeZone::find(GetParam(), problem);
  if (zone == nullptr) GTEST_SKIP() << problem;
  const std::int64_t start = parse_iso8601("2026-01-01T00:00:00Z").value() / kSecondNs;
  std::vector<std::int64_t> seconds;
  for (std::int64_t hour = 0; hour < 366 * 24; ++hour) seconds.push_back(start + hour * 3600);
  std::size_t changes = 0;
  for (std::int64_t hour = 0; hour < 365 * 24; ++hour) {
    const std::int64_t at = start + hour * 3600;
    if (zone->period_at(at).offset_s == zone->period_at(at + 3600).offset_s) continue;
    ++changes;
    for (std::int64_t minute = -180; minute < 180; ++minute) seconds.push_back(at + minute * 60);
  }
  EXPECT_EQ(changes, 2u);
  const std::vector<std::string> told = told_by_date(seconds);
  if (told.size() != seconds.size()) GTEST_SKIP() << "`date -f` cannot be run here";
  const Calendar calendar(start * kSecondNs, zone);
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    const Time time = Time::zero() + Duration{(seconds[i] - start) * kSecondNs};
    // Mon 2026-01-05 02:04:00 +0100, against the calendar's own words for it.
    const std::string iso = calendar.iso8601(time);
    const std::string offset = iso.substr(19, 3) + iso.substr(23);
    const std::string said = calendar.text(time, true).substr(0, 23) + " " + offset;
    ASSERT_EQ(said, told[i]) << seconds[i];
    // And back: the first instant at which clocks show this.
    const std::int64_t local = calendar.local_ns(time);
    const Time first = calendar.time_of_local(local);
    ASSERT_LE(first, time);
    ASSERT_EQ(calendar.local_ns(first), local) << seconds[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, CalendarAndDate,
                         ::testing::Values("Europe/Berlin", "America/New_York",
                                           "Australia/Lord_Howe"));

}  // namespace
}  // namespace sluice
