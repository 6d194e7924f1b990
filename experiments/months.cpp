#include "experiments/months.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "base/calendar/calendar.hpp"
#include "base/calendar/civil_date.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kDaysWithoutDates = 30;

std::string date_text(const CivilDate& date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

/// `{from: 2026-02-01, until: 2026-03-01}`; an empty end is the scenario's own.
std::string window_text(const std::string& from, const std::string& until) {
  if (from.empty()) return until.empty() ? "{}" : fmt::format("{{until: {}}}", until);
  if (until.empty()) return fmt::format("{{from: {}}}", from);
  return fmt::format("{{from: {}, until: {}}}", from, until);
}

std::vector<Month> calendar_months(const Calendar& calendar, Time end) {
  std::vector<Month> months;
  CivilDate first = civil_from_days(calendar.local_day(Time::zero()));
  first.day = 1;
  for (std::int64_t i = 0;; ++i) {
    const CivilDate begin = plus_months(first, i);
    const CivilDate next = plus_months(first, i + 1);
    const Time from =
        std::max(Time::zero(), calendar.time_of(days_from_civil(begin), Duration::zero()));
    const Time until = calendar.time_of(days_from_civil(next), Duration::zero());
    if (from >= end) return months;
    months.push_back(
        {date_text(begin).substr(0, 7), from, std::min(until, end),
         window_text(i == 0 ? "" : date_text(begin), until < end ? date_text(next) : "")});
  }
}

}  // namespace

std::vector<Month> months_of(const Scenario& scenario) {
  const Time end = Time::zero() + scenario.duration;
  if (scenario.calendar.has_dates()) return calendar_months(scenario.calendar, end);
  std::vector<Month> months;
  const Duration month{kNsPerDay * kDaysWithoutDates};
  for (Time from = Time::zero(); from < end; from = from + month) {
    const auto number = static_cast<std::int64_t>(months.size());
    const Time until = from + month;
    months.push_back(
        {fmt::format("month {}", number + 1), from, std::min(until, end),
         window_text(number == 0 ? "" : fmt::format("{}d", number * kDaysWithoutDates),
                     until < end ? fmt::format("{}d", (number + 1) * kDaysWithoutDates) : "")});
  }
  return months;
}

}  // namespace sluice
