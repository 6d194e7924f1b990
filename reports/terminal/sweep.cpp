#include "reports/terminal/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace sluice {
namespace {

Tone tone_of(Standing standing) {
  switch (standing) {
    case Standing::faint:
      return Tone::faint;
    case Standing::good:
      return Tone::good;
    case Standing::bad:
      return Tone::bad;
    case Standing::open:
      return Tone::caution;
    case Standing::plain:
      break;
  }
  return Tone::plain;
}

}  // namespace

void settings_table(TerminalScreen& screen, const SettingsTable& table, std::size_t most) {
  TextTable text{std::vector<Align>(table.left, Align::left), {}, table.left};
  Row headings;
  for (const std::string& heading : table.headings)
    headings.push_back({(headings.empty() ? "  " : "") + heading, Tone::faint});
  text.rows.push_back(std::move(headings));
  for (std::size_t i = 0; i < std::min(most, table.rows.size()); ++i) {
    Row row;
    for (const SettingsCell& cell : table.rows[i])
      row.push_back({(row.empty() ? "  " : "") + cell.text, tone_of(cell.standing)});
    text.rows.push_back(std::move(row));
  }
  screen.table(text);
  if (table.rows.size() > most)
    screen.paragraph(
        fmt::format("… and {} more settings (--full, --json, --csv)", table.rows.size() - most), 2,
        2, Tone::faint);
}

std::string render_sweep(const SweepResult& sweep, const TerminalStyle& style) {
  const std::size_t most = style.brief ? kMostSweptRows : std::numeric_limits<std::size_t>::max();
  TerminalScreen screen(style);
  screen.item({"SWEEP  ", Tone::strong},
              {sweep.header.scenario + ": " + sweep_headline(sweep), Tone::strong});
  if (!sweep.header.complete)
    screen.paragraph("Ended early: what was known by then.", 0, 0, Tone::caution);
  screen.blank();
  screen.heading("SETTINGS", "mean over n replications and what each expectation comes to");
  settings_table(screen, sweep_table(sweep), most);
  const bool marked =
      std::ranges::any_of(sweep.settings, [](const auto& s) { return s.undominated; });
  if (marked && sweep.expected > 0)
    screen.paragraph(sweep.header.cost.empty()
                         ? "* no other setting is as good in all that is expected"
                         : "* no other setting costs as little and is as good in all that is "
                           "expected",
                     2, 2, Tone::faint);
  screen.blank();
  const SettingsTable differences = difference_table(sweep);
  if (!differences.rows.empty()) {
    screen.heading("DIFFERENCES", "to " + sweep.settings[sweep.base].setting.text() +
                                      ", within pairs of the same draws");
    settings_table(screen, differences, most);
    screen.blank();
  }
  if (!sweep.remarks.empty()) {
    screen.heading("MORE IS WORSE", "");
    for (const std::string& remark : sweep.remarks) screen.paragraph(remark, 2, 2, Tone::caution);
    screen.blank();
  }
  screen.paragraph(basis_text(sweep.header, sweep.spent), 0, 2, Tone::faint);
  return screen.text();
}

}  // namespace sluice
