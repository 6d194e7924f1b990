#include "reports/summary/time_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/calendar/calendar.hpp"
#include "base/text/units.hpp"
#include "reports/figures/clock_text.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

constexpr std::size_t kNumbered = 9;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;

/// Round steps of an axis.
constexpr std::array<std::int64_t, 19> kSteps{
    kSecond,  5 * kSecond, 15 * kSecond, 60 * kSecond, 300 * kSecond, 900 * kSecond, kHour / 2,
    kHour,    2 * kHour,   4 * kHour,    6 * kHour,    12 * kHour,    kDay,          2 * kDay,
    7 * kDay, 14 * kDay,   28 * kDay,    91 * kDay,    364 * kDay};

std::string axis_label(const ReportHeader& header, Time t, std::int64_t step) {
  if (header.calendar.has_dates()) {
    constexpr std::size_t kYear = 4, kMonth = 9;  // in `Mon 2026-01-05 02:04`
    if (step < kDay) return header.calendar.time_of_day_text(t, step < 60 * kSecond);
    const std::string text = header.calendar.text(t);
    return step < 28 * kDay ? text.substr(kMonth, 5) : text.substr(kYear, 7);
  }
  if (step >= kDay) return fmt::format("{}d", t.ns / kDay);
  if (t.ns >= kDay) return fmt::format("{}d{}h", t.ns / kDay, t.ns % kDay / kHour);
  if (step >= kHour) return fmt::format("{}h", t.ns / kHour);
  return format_duration(t.seconds());
}

/// The first time from `from` on at which clocks show a multiple of `step`, or one of those after
/// it.
Time tick(const Calendar& calendar, Time from, std::int64_t step, std::int64_t number) {
  if (!calendar.has_dates()) return Time{((from.ns + step - 1) / step + number) * step};
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
    if (fits && labels > 0) return axis.substr(0, axis.find_last_not_of(' ') + 1);
  }
  return {};
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
