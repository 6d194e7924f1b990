#include "base/calendar/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "base/calendar/civil_date.hpp"
#include "base/check.hpp"
#include "base/floor_div.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kClockSecondNs = 1'000'000'000;
constexpr std::int64_t kSomeMonday = days_from_civil({1970, 1, 5});
constexpr std::array<std::string_view, 7> kDayNames{"Mon", "Tue", "Wed", "Thu",
                                                    "Fri", "Sat", "Sun"};

std::string clock_text_of(std::int64_t local_ns, bool seconds) {
  const std::int64_t of_day = floor_div(local_ns, kClockSecondNs) -
                              floor_div(local_ns, kNsPerDay) * (kNsPerDay / kClockSecondNs);
  std::string text = fmt::format("{:02}:{:02}", of_day / 3600, of_day / 60 % 60);
  return seconds ? text + fmt::format(":{:02}", of_day % 60) : text;
}

std::string date_text_of(std::int64_t local_day) {
  const CivilDate date = civil_from_days(local_day);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

}  // namespace

Calendar::Calendar()
    : start_unix_ns_(kSomeMonday * kNsPerDay), has_dates_(false), zone_(TimeZone::utc()) {}

Calendar::Calendar(std::int64_t start_unix_ns, std::shared_ptr<const TimeZone> zone,
                   std::vector<std::int64_t> holidays)
    : start_unix_ns_(start_unix_ns), has_dates_(true), zone_(std::move(zone)) {
  SLUICE_REQUIRE(zone_ != nullptr, "a date is of some zone");
  if (!holidays.empty())
    holidays_ = std::make_shared<const std::vector<std::int64_t>>(std::move(holidays));
}

std::int64_t Calendar::local_ns(Time time) const {
  const std::int64_t unix = unix_ns(time);
  const std::int64_t offset = zone_->period_at(floor_div(unix, kClockSecondNs)).offset_s;
  return (Time{unix} + Duration{offset * kClockSecondNs}).ns;
}

std::int64_t Calendar::local_day(Time time) const { return floor_div(local_ns(time), kNsPerDay); }

Time Calendar::time_of_local(std::int64_t local_ns) const {
  std::int64_t since_start = 0;
  if (__builtin_sub_overflow(zone_->utc_of(local_ns).next_ns, start_unix_ns_, &since_start))
    return Time::never();
  return Time{since_start};
}

Time Calendar::time_of(std::int64_t local_day, Duration of_day) const {
  std::int64_t local = 0;
  if (__builtin_mul_overflow(local_day, kNsPerDay, &local) ||
      __builtin_add_overflow(local, of_day.ns, &local))
    return Time::never();
  return time_of_local(local);
}

int Calendar::weekday(std::int64_t local_day) const {
  if (holidays_ && std::binary_search(holidays_->begin(), holidays_->end(), local_day)) return 6;
  return weekday_of(local_day);
}

std::string Calendar::text(Time time, bool seconds) const {
  SLUICE_REQUIRE(has_dates_, "time 0 has no date");
  const std::int64_t day = local_day(time);
  return fmt::format("{} {} {}", kDayNames[static_cast<std::size_t>(weekday_of(day))],
                     date_text_of(day), time_of_day_text(time, seconds));
}

std::string Calendar::time_of_day_text(Time time, bool seconds) const {
  const std::int64_t local = local_ns(time);
  std::string text = clock_text_of(local, seconds);
  if (zone_->utc_of(local).ambiguous)
    text += " " + zone_->period_at(floor_div(unix_ns(time), kClockSecondNs)).name;
  return text;
}

std::string Calendar::iso8601(Time time) const {
  const std::int64_t local = local_ns(time);
  const std::int64_t offset =
      zone_->period_at(floor_div(unix_ns(time), kClockSecondNs)).offset_s / 60;
  return fmt::format("{}T{}{}{:02}:{:02}", date_text_of(floor_div(local, kNsPerDay)),
                     clock_text_of(local, true), offset < 0 ? '-' : '+', std::abs(offset) / 60,
                     std::abs(offset) % 60);
}

}  // namespace sluice
