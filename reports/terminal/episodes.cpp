#include "reports/terminal/episodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text/units.hpp"
#include "reports/summary/episodes.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostEpisodes = 3;
constexpr std::size_t kMostBriefEpisodes = 2;
constexpr std::size_t kMostDispatched = 2;

}  // namespace

void episodes_section(const Report& report, TerminalScreen& screen) {
  const auto worst = worst_episodes(report, screen.brief() ? kMostBriefEpisodes : kMostEpisodes);
  if (worst.empty()) return;
  const std::vector<std::string> in_most = mostly_starving_lines(report);
  const bool several = report.header.replications > 1;
  // Of several replications a screen has room for when it starves in most of them.
  if (screen.brief() && !in_most.empty()) {
    const std::size_t shown = std::min(in_most.size(), kMostBriefEpisodes);
    for (std::size_t i = 0; i < shown; ++i) screen.paragraph(in_most[i], 2, 4);
    if (in_most.size() > shown)
      screen.line({{fmt::format("  … and {} more levels that starve", in_most.size() - shown)}});
    return;
  }
  const std::uint64_t all = episodes_in_all(report);
  screen.heading(
      "STARVED",
      fmt::format("{}{}; who waited, and who was dispatched meanwhile",
                  all == worst.size() ? std::string(all == 1 ? "once" : "when")
                                      : fmt::format("the longest {} of {} times", worst.size(),
                                                    format_count(static_cast<double>(all))),
                  several ? " in all replications" : ""));
  TextTable table{{Align::left, Align::left, Align::right, Align::left, Align::left}, {}, 8, 4};
  for (const Episode* episode : worst) {
    table.rows.push_back({{"  " + starved_text(report, *episode)},
                          {when_text(report, *episode)},
                          {length_text(*episode)},
                          {affected_text(*episode)},
                          {meanwhile_text(report, *episode, kMostDispatched)}});
    if (several) table.rows.back()[1].text += fmt::format(" (no. {})", episode->replication);
  }
  for (const std::string& line : in_most) screen.paragraph(line, 2, 4);
  screen.table(table);
  if (screen.brief()) return;
  if (several) screen.paragraph("no.: the replication, from 0", 2, 4, Tone::faint);
  if (const std::string left_out = left_out_text(report); !left_out.empty())
    screen.paragraph(left_out, 2, 4, Tone::faint);
  screen.blank();
}

}  // namespace sluice
