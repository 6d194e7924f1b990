#include "reports/terminal/hours.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostHourGroups = 4;
constexpr std::size_t kMostHourWorkspaces = 5;
constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

using OfLevels = std::array<const HourLine*, kLevels>;

OfLevels lines_of(const std::vector<HourLine>& lines, GroupId group) {
  OfLevels of{};
  for (const HourLine& line : lines)
    if (line.subject.group.valid() && line.subject.group == group)
      of[index(*line.subject.level)] = &line;
  return of;
}

bool any(const OfLevels& of) {
  return std::any_of(of.begin(), of.end(), [](const HourLine* line) { return line != nullptr; });
}

std::string hour_text(std::size_t hour, bool of_week) {
  const std::string time = fmt::format("{:02}:00", hour % kHoursOfDay);
  return of_week ? fmt::format("  {} {}", kDays[hour / kHoursOfDay], time) : "  " + time;
}

Cell wait_cell(const HourFigures& hour, double seconds) {
  if (hour.waits == 0) return {"–", Tone::faint};
  return {compact(seconds, Unit::seconds)};
}

/// σ and the workers needed are those of the lowest level: with all above it.
void add_load(const OfLevels& of, std::size_t hour, Row& row) {
  const HourFigures* lowest = nullptr;
  for (const HourLine* line : of)
    if (line != nullptr) lowest = &line->hours[hour];
  const auto sigma = lowest->sigma_peak;
  row.push_back(sigma ? Cell{format_number(*sigma), *sigma >= 1    ? Tone::bad
                                                    : *sigma > 0.8 ? Tone::caution
                                                                   : Tone::plain}
                      : Cell{"–", Tone::faint});
  row.push_back({lowest->workers_needed ? whole_servers(*lowest->workers_needed) : "–"});
}

Row hour_row(const OfLevels& of, std::size_t hour, bool of_week) {
  Row row{{hour_text(hour, of_week)}};
  for (const HourLine* line : of)
    if (line != nullptr) row.push_back({compact_count(line->hours[hour].arrivals_per_h)});
  for (const HourLine* line : of) {
    if (line == nullptr) continue;
    const HourFigures& figures = line->hours[hour];
    row.push_back(wait_cell(figures, figures.wait_p50_s));
    row.push_back(wait_cell(figures, figures.wait_p95_s));
    if (figures.lower_bound) row.back().text.insert(0, "≥");
  }
  add_load(of, hour, row);
  return row;
}

TextTable group_table(const OfLevels& of, bool of_week) {
  TextTable table{{Align::left}, {faint_row({""}), faint_row({""})}, 8};
  for (std::size_t k = 0; k < kLevels; ++k)
    if (of[k] != nullptr) {
      table.rows[0].push_back({table.rows[0].size() == 1 ? "arrivals/h" : "", Tone::faint});
      table.rows[1].push_back({std::string(name(kAllLevels[k])), Tone::faint});
    }
  for (std::size_t k = 0; k < kLevels; ++k)
    if (of[k] != nullptr) {
      table.rows[0].push_back({std::string(name(kAllLevels[k])), Tone::faint});
      table.rows[0].push_back({"wait", Tone::faint});
      table.rows[1].push_back({"p50", Tone::faint});
      table.rows[1].push_back({"p95", Tone::faint});
    }
  for (const char* heading : {"peak", "workers"}) table.rows[0].push_back({heading, Tone::faint});
  for (const char* heading : {"σ", "needed"}) table.rows[1].push_back({heading, Tone::faint});
  for (std::size_t hour = 0; hour < (of_week ? kHoursOfWeek : kHoursOfDay); ++hour)
    table.rows.push_back(hour_row(of, hour, of_week));
  return table;
}

void group_tables(const Report& report, const std::vector<HourLine>& lines, bool of_week,
                  TerminalScreen& screen) {
  std::size_t shown = 0;
  for (std::size_t g = 0; g < report.names.groups.size() && shown < kMostHourGroups; ++g) {
    const OfLevels of = lines_of(lines, GroupId::at(g));
    if (!any(of)) continue;
    ++shown;
    screen.heading(
        of_week ? "BY HOUR OF THE WEEK" : "BY HOUR",
        fmt::format("{}waits by the hour of acceptance; σ: the highest of these hours; "
                    "needed for σ ≤ 0.8",
                    report.names.groups.size() > 1 ? short_name(report.names.groups[g]) + "; "
                                                   : std::string()));
    screen.table(group_table(of, of_week));
    screen.blank();
  }
}

void workspaces_table(const Report& report, TerminalScreen& screen) {
  std::vector<const HourLine*> lines;
  for (const HourLine& line : report.hours.day)
    if (line.subject.workspace.valid() && lines.size() < kMostHourWorkspaces)
      lines.push_back(&line);
  if (lines.empty()) return;
  screen.heading("P95 OF WAITS BY HOUR", "of the workspaces with the longest ones");
  TextTable table{{Align::left}, {faint_row({""}), faint_row({""})}, 8};
  for (const HourLine* line : lines) {
    table.rows[0].push_back(
        {short_name(report.names.workspaces.at(line->subject.workspace.index())), Tone::faint});
    table.rows[1].push_back({std::string(name(*line->subject.level)), Tone::faint});
  }
  for (std::size_t hour = 0; hour < kHoursOfDay; ++hour) {
    Row row{{hour_text(hour, false)}};
    for (const HourLine* line : lines)
      row.push_back(wait_cell(line->hours[hour], line->hours[hour].wait_p95_s));
    table.rows.push_back(std::move(row));
  }
  screen.table(table);
  screen.blank();
}

}  // namespace

std::string render_hours(const Report& report, const TerminalStyle& style) {
  TerminalScreen screen(style);
  group_tables(report, report.hours.day, false, screen);
  workspaces_table(report, screen);
  group_tables(report, report.hours.week, true, screen);
  return screen.text();
}

}  // namespace sluice
