#include "reports/markdown/load.hpp"

#include <fmt/format.h>

#include "reports/markdown/escape.hpp"
#include "reports/summary/load.hpp"

namespace sluice {

std::string load_markdown(const Report& report) {
  if (!report.load) return {};
  std::string text = "**Load**: " + markdown_text(load_setting(*report.load)) + "\n\n";
  for (const LoadLine& line : shown_load_lines(*report.load))
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
