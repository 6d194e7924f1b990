#include "reports/summary/time_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/calendar/calendar.hpp"
#include "base/calendar/civil_date.hpp"
#include "base/text/units.hpp"
#include "reports/figures/clock_text.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

constexpr std::size_t kNumbered = 9;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;

/// From here on a step is so many months.
constexpr std::int64_t kMonthStep = 28 * kDay;

/// Round steps of an axis.
constexpr std::array<std::int64_t, 24> kSteps{
    kSecond,   5 * kSecond, 15 * kSecond, 60 * kSecond, 300 * kSecond, 900 * kSecond,
    kHour / 2, kHour,       2 * kHour,    4 * kHour,    6 * kHour,     12 * kHour,
    kDay,      2 * kDay,    7 * kDay,     14 * kDay,    28 * kDay,     56 * kDay,
    91 * kDay, 182 * kDay,  364 * kDay,   728 * kDay,   1820 * kDay,   3640 * kDay};

/// `02:04`, `01-05`, `Apr`; where a year begins `2027`.
std::string calendar_label(const Calendar& calendar, Time t, std::int64_t step) {
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (step < kDay) return calendar.time_of_day_text(t, step < 60 * kSecond);
  const CivilDate date = civil_from_days(calendar.local_day(t));
  if (step < kMonthStep) return fmt::format("{:02}-{:02}", date.month, date.day);
  if (date.month == 1) return std::to_string(date.year);
  return kMonths[static_cast<std::size_t>(date.month - 1)];
}

std::string axis_label(const ReportHeader& header, Time t, std::int64_t step) {
  if (header.calendar.has_dates()) return calendar_label(header.calendar, t, step);
  if (step >= kDay) return fmt::format("{}d", t.ns / kDay);
  if (t.ns >= kDay) return fmt::format("{}d{}h", t.ns / kDay, t.ns % kDay / kHour);
  if (step >= kHour) return fmt::format("{}h", t.ns / kHour);
  return format_duration(t.seconds());
}

/// The first of every `months`-th month, counted from January.
Time first_of_month(const Calendar& calendar, Time from, std::int64_t months, std::int64_t number) {
  const CivilDate date = civil_from_days(calendar.local_day(from));
  const bool has_begun = calendar.time_of(calendar.local_day(from), {}) < from || date.day > 1;
  const std::int64_t month = date.year * 12 + date.month - (has_begun ? 0 : 1);
  const std::int64_t tick = ((month + months - 1) / months + number) * months;
  return calendar.time_of(days_from_civil({tick / 12, tick % 12 + 1, 1}), {});
}

/// The first time from `from` on at which clocks show a multiple of `step`, or one of those after
/// it.
Time tick(const Calendar& calendar, Time from, std::int64_t step, std::int64_t number) {
  if (!calendar.has_dates()) return Time{((from.ns + step - 1) / step + number) * step};
  constexpr std::int64_t kYear = 364 * kDay;
  if (step >= kMonthStep)
    return first_of_month(calendar, from, (step * 12 + kYear / 2) / kYear, number);
  const std::int64_t first = (calendar.local_ns(from) + step - 1) / step;
  return calendar.time_of_local((first + number) * step);
}

/// The column that shows a time.
std::size_t column_of(Time t, Time from, Duration length, std::size_t columns) {
  const double share = (t - from).seconds() / length.seconds();
  const double column = std::clamp(share, 0.0, 1.0) * static_cast<double>(columns);
  return std::min(columns - 1, static_cast<std::size_t>(column));
}

}  // namespace

std::string time_axis(const ReportHeader& header, Time from, Duration length, std::size_t columns) {
  if (columns == 0 || length.ns <= 0) return {};
  // The finest step of which at least two labels fit; where none does, the finest with one.
  std::string with_one;
  for (const std::int64_t step : kSteps) {
    std::string axis(columns, ' ');
    std::size_t free = 0;
    std::size_t labels = 0;
    bool fits = length.ns / step <= static_cast<std::int64_t>(columns);
    std::int64_t number = 0;
    for (Time t = tick(header.calendar, from, step, 0); fits && t < from + length;
         t = tick(header.calendar, from, step, ++number)) {
      const std::string label = "|" + axis_label(header, t, step);
      const std::size_t at = column_of(t, from, length, columns);
      if (at + label.size() > columns) break;
      fits = at >= free;
      if (fits) axis.replace(at, label.size(), label);
      free = at + label.size() + 2;
      ++labels;
    }
    if (!fits || labels == 0) continue;
    axis.erase(axis.find_last_not_of(' ') + 1);
    if (labels > 1) return axis;
    if (with_one.empty()) with_one = std::move(axis);
  }
  return with_one;
}

std::string starved_marks(std::span<const double> shares, std::size_t columns) {
  std::string marks;
  columns = std::min(columns, shares.size());
  for (std::size_t i = 0; i < columns; ++i) {
    const auto first = shares.begin() + static_cast<std::ptrdiff_t>(i * shares.size() / columns);
    const auto last =
        shares.begin() + static_cast<std::ptrdiff_t>((i + 1) * shares.size() / columns);
    const double share = *std::max_element(first, last);
    marks += share >= 0.5 ? '=' : share > 0 ? '-' : ' ';
  }
  return marks.substr(0, marks.find_last_not_of(' ') + 1);
}

std::string incident_marks(const Report& report, Time from, Duration length, std::size_t columns) {
  if (columns == 0 || length.ns <= 0) return {};
  std::string marks(columns, ' ');
  for (std::size_t i = report.incidents.size(); i-- > 0;) {
    const IncidentTime& incident = report.incidents[i];
    if (incident.until && *incident.until <= from) continue;
    const std::size_t first = column_of(incident.from, from, length, columns);
    const std::size_t last =
        incident.until ? column_of(*incident.until - Duration{1}, from, length, columns) : first;
    const char mark = i < kNumbered ? static_cast<char>('1' + i) : '+';
    std::fill(marks.begin() + static_cast<std::ptrdiff_t>(first),
              marks.begin() + static_cast<std::ptrdiff_t>(std::max(first, last)) + 1, mark);
  }
  return marks.substr(0, marks.find_last_not_of(' ') + 1);
}

std::string incidents_text(const Report& report) {
  std::string text;
  const std::size_t told = std::min(kNumbered, report.incidents.size());
  for (std::size_t i = 0; i < told; ++i) {
    const IncidentTime& incident = report.incidents[i];
    text +=
        fmt::format("{}{} {} {}{}", text.empty() ? "" : ", ", i + 1, short_name(incident.name),
                    incident.until ? "" : "at ",
                    incident.until ? clock_span_text(report.header, incident.from, *incident.until)
                                   : clock_text(report.header, incident.from));
  }
  if (report.incidents.size() > told)
    text += fmt::format(" and {} more (+)", report.incidents.size() - told);
  return text;
}

}  // namespace sluice
