#include "reports/terminal/load.hpp"

#include <fmt/format.h>

#include "reports/summary/load.hpp"
#include "reports/summary/verdict.hpp"

namespace sluice {
namespace {

constexpr std::size_t kSubjectColumns = 15;

TextTable times_table(const LoadFacts& load) {
  TextTable table{{Align::left}, {{{}}}, kSubjectColumns};
  for (const std::string& heading : time_headings())
    table.rows[0].push_back({heading, Tone::faint});
  for (const LoadTime& time : load_times(load)) {
    Row row{{"  " + std::string(time.what)}};
    for (const std::string& cell : time_cells(*time.times)) row.push_back({cell});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

void load_cautions_section(const Report& report, TerminalScreen& screen) {
  if (!report.load) return;
  const auto lines = load_cautions(*report.load);
  const Tone tone = invalid_load(report) ? Tone::bad : Tone::caution;
  for (const std::string& line : lines) screen.paragraph(line, 0, 0, tone);
  if (!lines.empty()) screen.blank();
}

void load_section(const Report& report, TerminalScreen& screen) {
  if (!report.load) return;
  screen.heading("LOAD", load_setting(*report.load));
  for (const LoadLine& line : shown_load_lines(*report.load))
    screen.item({fmt::format("  {:<13}", line.subject), Tone::faint}, {line.text});
  const TextTable times = times_table(*report.load);
  if (times.rows.size() > 1) screen.table(times);
  screen.blank();
}

}  // namespace sluice
