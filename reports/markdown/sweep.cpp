#include "reports/markdown/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/markdown/escape.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostSweptSettings = 100;

std::string cell_text(const SettingsCell& cell) {
  const std::string text = markdown_text(cell.text);
  return cell.standing == Standing::bad ? "**" + text + "**" : text;
}

}  // namespace

std::string markdown_table(const SettingsTable& table, std::size_t most) {
  std::string text = "|";
  for (const std::string& heading : table.headings) text += " " + markdown_text(heading) + " |";
  text += "\n|";
  for (std::size_t i = 0; i < table.headings.size(); ++i) text += i < table.left ? "---|" : "--:|";
  text += '\n';
  for (std::size_t i = 0; i < std::min(most, table.rows.size()); ++i) {
    text += '|';
    for (const SettingsCell& cell : table.rows[i]) text += " " + cell_text(cell) + " |";
    text += '\n';
  }
  if (table.rows.size() > most)
    text += fmt::format("\n… and {} more settings\n", table.rows.size() - most);
  return text + '\n';
}

std::string render_sweep_markdown(const SweepResult& sweep) {
  std::string text = fmt::format("### Sweep of {}: {}\n\n", markdown_text(sweep.header.scenario),
                                 sweep_headline(sweep));
  if (!sweep.header.complete) text += "Ended early: what was known by then.\n\n";
  text += markdown_table(sweep_table(sweep), kMostSweptSettings);
  for (const std::string& remark : sweep.remarks) text += "- " + markdown_text(remark) + "\n";
  if (!sweep.remarks.empty()) text += '\n';
  const SettingsTable differences = difference_table(sweep);
  if (!differences.rows.empty())
    text += fmt::format("<details><summary>Differences to {}</summary>\n\n{}</details>\n\n",
                        markdown_text(sweep.settings[sweep.base].setting.text()),
                        markdown_table(differences, kMostSweptSettings));
  return text + markdown_text(basis_text(sweep.header, sweep.spent)) + '\n';
}

}  // namespace sluice
