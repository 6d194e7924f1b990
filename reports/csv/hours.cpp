#include "reports/csv/hours.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {
namespace {

void add_hours(const Report& report, std::string_view period, const HourLine& line,
               CsvTable& table) {
  const Names& names = report.names;
  const Subject& subject = line.subject;
  const auto number = [](const std::optional<double>& value) {
    return value ? csv_number(*value) : std::string();
  };
  for (std::size_t i = 0; i < line.hours.size(); ++i) {
    const HourFigures& hour = line.hours[i];
    const bool waited = hour.waits > 0;
    table.rows.push_back(
        {std::string(period), std::to_string(i),
         subject.group.valid() ? names.groups.at(subject.group.index()) : "",
         subject.workspace.valid() ? names.workspaces.at(subject.workspace.index()) : "",
         std::string(name(*subject.level)), csv_number(hour.arrivals_per_h),
         std::to_string(hour.waits), waited ? csv_number(hour.wait_p50_s) : "",
         waited ? csv_number(hour.wait_p95_s) : "", hour.lower_bound ? "1" : "0",
         number(hour.sigma_peak), number(hour.workers_needed)});
  }
}

}  // namespace

CsvTable hours_table(const Report& report) {
  CsvTable table{"hours.csv",
                 {"period", "hour", "group", "workspace", "level", "arrivals_per_h", "waits",
                  "wait_p50_s", "wait_p95_s", "lower_bound", "sigma_peak", "workers_needed"},
                 {}};
  for (const HourLine& line : report.hours.day) add_hours(report, "day", line, table);
  for (const HourLine& line : report.hours.week) add_hours(report, "week", line, table);
  return table;
}

}  // namespace sluice
