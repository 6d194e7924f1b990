#include "reports/terminal/time_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "reports/figures/clock_text.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/time_axis.hpp"

namespace sluice {
namespace {

constexpr std::size_t kSparkColumns = 32;

const TimeLine* line_of(const Report& report, Line line, const LevelRow& level) {
  if (const TimeLine* found = report.time_lines.find(line, level.subject)) return found;
  return report.time_lines.find(line, Subject::of(GroupId::at(0), level.level));
}

double largest(const TimeLine* line) {
  if (!line || line->values.empty()) return 0;
  return *std::max_element(line->values.begin(), line->values.end());
}

/// The line of the level that starves for the most time; null: none does.
const TimeLine* starves_longest(const Report& report, const std::vector<LevelRow>& rows) {
  const TimeLine* longest = nullptr;
  double most = 0;
  for (const LevelRow& level : rows) {
    const TimeLine* const line = line_of(report, Line::starving, level);
    if (line == nullptr) continue;
    const double time = std::accumulate(line->values.begin(), line->values.end(), 0.0);
    if (time <= most) continue;
    most = time;
    longest = line;
  }
  return longest;
}

void add_spark(const TerminalScreen& screen, const TimeLine* line, Row& row) {
  const double most = largest(line);
  row.push_back({most > 0 ? screen.spark_line(line->values, kSparkColumns, most) : "none"});
  row.push_back({most > 0 ? compact_count(most) : ""});
}

std::size_t buckets_of(const TimeLines& lines) {
  std::size_t buckets = 0;
  for (const TimeLine& line : lines.lines) buckets = std::max(buckets, line.values.size());
  return buckets;
}

}  // namespace

void time_lines_section(const Report& report, const std::vector<LevelRow>& rows,
                        TerminalScreen& screen) {
  const TimeLines& lines = report.time_lines;
  if (lines.lines.empty() || rows.empty()) return;
  const std::size_t buckets = buckets_of(lines);
  const std::size_t columns = std::min(kSparkColumns, buckets);
  const Duration length = lines.bucket * static_cast<std::int64_t>(buckets);
  // From outside a waiting run may be eligible or blocked.
  const bool apart = !report.load;
  screen.heading("QUEUE OVER TIME",
                 fmt::format("{}, {}each line to its own maximum",
                             clock_span_text(report.header, lines.from, lines.from + length),
                             screen.brief() && apart ? "eligible and blocked, " : ""));
  TextTable table{{Align::left, Align::left, Align::right, Align::left, Align::right}, {}, 8};
  const std::string axis = time_axis(report.header, lines.from, length, columns);
  if (!screen.brief()) {
    table.rows.push_back({{}, {apart ? "eligible" : "waiting", Tone::faint}, {"max", Tone::faint}});
    if (apart)
      for (const char* heading : {"blocked", "max"})
        table.rows[0].push_back({heading, Tone::faint});
  }
  bool starved = false;
  const TimeLine* const longest = starves_longest(report, rows);
  for (const LevelRow& level : rows) {
    const TimeLine* const eligible = line_of(report, Line::eligible, level);
    const TimeLine* const blocked = apart ? line_of(report, Line::blocked, level) : nullptr;
    if (screen.brief() && largest(eligible) == 0 && largest(blocked) == 0) continue;
    Row row{{"  " + level.label}};
    add_spark(screen, eligible, row);
    if (apart) add_spark(screen, blocked, row);
    table.rows.push_back(std::move(row));
    const TimeLine* starving = line_of(report, Line::starving, level);
    if (largest(starving) <= 0 || (screen.brief() && starving != longest)) continue;
    starved = true;
    table.rows.push_back(
        {{"   starved", Tone::bad}, {starved_marks(starving->values, columns), Tone::bad}});
  }
  const std::string marks = incident_marks(report, lines.from, length, columns);
  if (!marks.empty()) table.rows.push_back({{"  incidents"}, {marks, Tone::caution}});
  Row axis_row{{}, {axis, Tone::faint}};
  if (apart) axis_row.insert(axis_row.end(), {Cell{}, Cell{axis, Tone::faint}});
  table.rows.push_back(std::move(axis_row));
  screen.table(table);
  if (starved && !screen.brief())
    screen.paragraph(report.header.replications > 1
                         ? "starved: = in half of the replications or more, - in fewer"
                         : "starved: = half of a column or more, - less",
                     2, 4, Tone::faint);
  if (!marks.empty()) screen.paragraph("incidents: " + incidents_text(report), 2, 4, Tone::faint);
  screen.end_section();
}

}  // namespace sluice
