#include "reports/markdown/episodes.hpp"

#include <fmt/format.h>

#include "base/text/units.hpp"
#include "reports/markdown/escape.hpp"
#include "reports/summary/episodes.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostTableRows = 10;
constexpr std::size_t kMostServed = 4;

}  // namespace

std::string episodes_markdown(const Report& report) {
  const auto worst = worst_episodes(report, kMostTableRows);
  if (worst.empty()) return {};
  std::string text = "**Starved**: when, and who was dispatched meanwhile.\n\n";
  for (const std::string& line : mostly_starving_lines(report))
    text += "- " + markdown_text(line) + "\n";
  const bool several = report.header.replications > 1;
  if (several) text += "\n";
  text += fmt::format("| Level | When | For |{} Waited | Meanwhile |\n|---|---|--:|{}---|---|\n",
                      several ? " Replication |" : "", several ? "--:|" : "");
  for (const Episode* episode : worst)
    text += fmt::format(
        "| {} | {} | {} |{} {} | {} |\n", markdown_code(starved_text(report, *episode)),
        when_text(report, *episode), length_text(*episode),
        several ? fmt::format(" {} |", episode->replication) : "", affected_text(*episode),
        markdown_text(meanwhile_text(report, *episode, kMostServed)));
  const std::uint64_t all = episodes_in_all(report);
  if (all > worst.size())
    text += fmt::format("\n… and {} shorter ones\n",
                        format_count(static_cast<double>(all - worst.size())));
  return text + "\n";
}

}  // namespace sluice
