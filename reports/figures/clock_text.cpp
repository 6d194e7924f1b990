#include "reports/figures/clock_text.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "base/calendar/calendar.hpp"
#include "base/text/units.hpp"

namespace sluice {
namespace {

constexpr Duration kSoShortThatSecondsCount{std::int64_t{600} * 1'000'000'000};

bool counts_seconds(const ReportHeader& header) {
  return header.until - header.from < 12 * kSoShortThatSecondsCount;
}

/// To the minute, where there are days.
std::string time_text(Time time) {
  constexpr std::int64_t kMinute = 60'000'000'000;
  const std::int64_t minutes = time.ns / kMinute;
  if (minutes < 24 * 60 || minutes % (24 * 60) == 0) return format_duration(time.seconds());
  return fmt::format("{}d{:02}h{:02}m", minutes / 1440, minutes / 60 % 24, minutes % 60);
}

}  // namespace

std::string clock_text(const ReportHeader& header, Time time) {
  if (!header.calendar.has_dates()) return time_text(time);
  return header.calendar.text(time, counts_seconds(header));
}

std::string clock_span_text(const ReportHeader& header, Time from, Time until) {
  const Calendar& calendar = header.calendar;
  if (!calendar.has_dates()) return time_text(from) + " to " + time_text(until);
  const bool seconds = until - from < kSoShortThatSecondsCount || counts_seconds(header);
  const bool same_day = calendar.local_day(from) == calendar.local_day(until);
  return calendar.text(from, seconds) + " to " +
         (same_day ? calendar.time_of_day_text(until, seconds) : calendar.text(until, seconds));
}

}  // namespace sluice
