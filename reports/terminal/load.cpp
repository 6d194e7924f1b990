// The load itself in the terminal's report and in Markdown.
#include "reports/terminal/load.hpp"

#include <fmt/format.h>

#include "reports/markdown/markdown.hpp"
#include "reports/summary/load.hpp"

namespace sluice {
namespace {

constexpr std::size_t kSubjectColumns = 15;
constexpr std::size_t kMostNotes = 8;

std::vector<LoadLine> shown_lines(const LoadFacts& load) {
  std::vector<LoadLine> lines = load_lines(load);
  const std::size_t most = lines.size() - load.notes.size() + kMostNotes;
  if (lines.size() <= most) return lines;
  lines.resize(most);
  lines.push_back({"", fmt::format("… and {} more notes", load.notes.size() - kMostNotes)});
  return lines;
}

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
  for (const LoadLine& line : shown_lines(*report.load))
    screen.item({fmt::format("  {:<13}", line.subject), Tone::faint}, {line.text});
  const TextTable times = times_table(*report.load);
  if (times.rows.size() > 1) screen.table(times);
  screen.blank();
}

std::string load_markdown(const Report& report) {
  if (!report.load) return {};
  std::string text = "**Load**: " + markdown_text(load_setting(*report.load)) + "\n\n";
  for (const LoadLine& line : shown_lines(*report.load))
    text += fmt::format("- {}{}{}\n", line.subject, line.subject.empty() ? "" : ": ",
                        markdown_text(line.text));
  text += '\n';
  const auto times = load_times(*report.load);
  if (times.empty()) return text;
  std::string heading = "| |", rule = "|---|";
  for (const std::string& cell : time_headings()) heading += ' ' + cell + " |", rule += "--:|";
  text += heading + '\n' + rule + '\n';
  for (const LoadTime& time : times) {
    text += fmt::format("| {} |", time.what);
    for (const std::string& cell : time_cells(*time.times)) text += ' ' + cell + " |";
    text += '\n';
  }
  return text + '\n';
}

std::string load_cautions_markdown(const Report& report) {
  std::string text;
  if (report.load)
    for (const std::string& line : load_cautions(*report.load))
      text += "> ⚠️ " + markdown_text(line) + "\n>\n";
  if (text.empty()) return text;
  text.resize(text.size() - 2);
  return text + '\n';
}

}  // namespace sluice
