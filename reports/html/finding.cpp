#include "reports/html/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/episodes.hpp"
#include "reports/summary/fair_share.hpp"
#include "reports/summary/lost_load.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/stability_words.hpp"

namespace sluice {
namespace {

std::string starving_finding(const Report& report, const LevelRow& row) {
  const Figure* const longest = figure_of(report, Metric::starvation_longest, row);
  const StabilityLine* const line = stability_of(report, row);
  if (line != nullptr && line->sigma >= 1)
    return fmt::format("{} starves: more work comes than {} workers can do", row.label,
                       compact_count(line->servers));
  const std::string how_long = compact(longest, Unit::seconds);
  const bool room = line != nullptr && !line->lower_bound;
  return fmt::format("{} starves for {} on end{}", row.label, how_long,
                     room ? ", with room to spare on average" : "");
}

std::size_t starved_workspaces(const Report& report) {
  std::set<std::uint32_t> starved;
  for (const WorstWorkspace& one :
       worst_workspaces(report, report.names.workspaces.size() * kLevels))
    if (one.starved) starved.insert(one.workspace.value);
  return starved.size();
}

KeyFigure key_of_starvation(const Report& report, const LevelRow& row) {
  const Figure* const longest = figure_of(report, Metric::starvation_longest, row);
  KeyFigure key{compact(longest, Unit::seconds), compact_interval(longest, Unit::seconds),
                row.label + "’s longest starvation.", "", "starvation"};
  const GroupId group = row.group.valid() ? row.group : GroupId::at(0);
  for (const std::string& line : mostly_starving_lines(report))
    if (line.starts_with(row.label + " ")) key.more = line + ".";
  if (key.more.empty())
    for (const Episode* episode : worst_episodes(report, 1))
      if (!episode->workspace.valid() && episode->level == row.level && episode->group == group)
        key.more = fmt::format("{}, {}.", when_text(report, *episode), affected_text(*episode));
  if (longest != nullptr && longest->range)
    key.more += fmt::format(" {} at worst.", compact(longest->range->high, Unit::seconds));
  return key;
}

/// Of the workspace that starves longest behind others of its level; none: nobody does.
std::vector<KeyFigure> key_of_workspace(const Report& report) {
  const std::vector<WorstWorkspace> worst = worst_workspaces(report, 1);
  if (worst.empty() || !worst.front().starved) return {};
  const Subject subject = Subject::of(worst.front().workspace, worst.front().level);
  const Figure* const longest = report.figures.find(Metric::starvation_longest, subject);
  const std::string workspace =
      short_name(report.names.workspaces.at(worst.front().workspace.index()));
  return {{compact(longest, Unit::seconds), compact_interval(longest, Unit::seconds),
           fmt::format("The longest starvation of {} runs of {}.", name(worst.front().level),
                       workspace),
           "Others of its level were dispatched meanwhile.", "starvation"}};
}

KeyFigure key_of_wait(const Report& report, const LevelRow& row) {
  const Figure* const p95 = figure_of(report, Metric::wait_p95, row);
  return {compact(p95, Unit::seconds), compact_interval(p95, Unit::seconds),
          fmt::format("The wait that 95 % of {} runs do not exceed.", row.label),
          fmt::format("The mean is {}, the longest {}.",
                      compact(figure_of(report, Metric::wait_mean, row), Unit::seconds),
                      compact(figure_of(report, Metric::wait_max, row), Unit::seconds)),
          "waits"};
}

/// Whose most of the dispatches were while the level starved: a workspace's, if most of its level's
/// were, else the level's.
KeyFigure dispatched_instead(const Report& report, const DispatchedMeanwhile& meanwhile) {
  const std::vector<LevelShare> levels = shares_by_level(meanwhile);
  const LevelShare& level = *std::ranges::max_element(levels, {}, &LevelShare::share);
  const bool one = level.workspaces == 1 || level.most.share >= level.share / 2;
  const std::string who =
      one ? fmt::format("{} runs of {}", name(level.level),
                        short_name(report.names.workspaces.at(level.most.workspace.index())))
          : fmt::format("{} runs, of {} workspaces", name(level.level), level.workspaces);
  return {rough_share(one ? level.most.share : level.share), "of dispatches meanwhile",
          "went to " + who + ".", "", "why"};
}

std::vector<KeyFigure> blamed(const Report& report, const LevelRow& row, bool starved) {
  const std::vector<PartShare> shares = wait_shares(report, row);
  const std::string waiting = shares.empty() ? "" : fmt::format("of {}’s waiting time", row.label);
  const DispatchedMeanwhile* const meanwhile = dispatched_meanwhile(report, row);
  if (starved && meanwhile != nullptr && !meanwhile->shares.empty()) {
    KeyFigure key = dispatched_instead(report, *meanwhile);
    if (!waiting.empty())
      key.more = fmt::format("{} {} went by with {}.", rough_share(shares[0].share), waiting,
                             phrase(shares[0].part, row.level));
    return {key};
  }
  if (shares.empty()) return {};
  return {{rough_share(shares[0].share), waiting,
           fmt::format("went by with {}.", phrase(shares[0].part, row.level)), "", "why"}};
}

std::vector<KeyFigure> asked_for(const Report& report) {
  const StabilityLine* const line = highest_peak(report);
  if (line == nullptr) return {};
  const std::string level = level_text(report, *line);
  if (!has_peak(report, *line))
    return {{sigma_text(*line), "σ of " + level, "Work that comes ÷ work that can be done.",
             fmt::format("{} workers are there; σ ≤ 0.8 needs {}.", compact_count(line->servers),
                         needed_text(*line)),
             "load"}};
  const double asked = line->peak_sigma * line->servers_at_peak;
  return {{(line->peak_lower_bound ? "≥" : "") + compact_count(std::round(asked)),
           fmt::format("asked for, {} there", compact_count(line->servers_at_peak)),
           "Workers at the peak.",
           fmt::format("σ of {} is {}; {} on average. For stability alone {} would be needed then.",
                       level, peak_when_text(report, *line), sigma_text(*line),
                       needed_at_peak_text(report, *line)),
           "load"}};
}

}  // namespace

std::string finding(const Report& report) {
  const std::vector<LevelRow> rows = level_rows(report);
  if (rows.empty()) return "No run waited in the window";
  if (const LevelRow* row = worst_starved(report, rows)) return starving_finding(report, *row);
  if (const std::size_t count = starved_workspaces(report); count > 0)
    return count == 1 ? "No level starves, but one workspace does"
                      : fmt::format("No level starves, but {} workspaces do", count);
  if (!fair_share_sentence(report).empty())
    return "No level starves, but not everybody gets a fair share";
  const StabilityLine* const line = highest_peak(report);
  if (line != nullptr && line->sigma >= 1)
    return fmt::format("Nobody starves yet, but more work comes than {} workers can do",
                       compact_count(line->servers));
  const LevelRow* const row = slowest(report, rows);
  const Figure* const p95 = row == nullptr ? nullptr : figure_of(report, Metric::wait_p95, *row);
  const std::string nobody =
      value_or_zero(report.figures.find(Metric::submitting_refused_count)) > 0
          ? "No accepted run starves"
          : "Nobody starves";
  if (value_or_zero(p95) <= 0) return nobody;
  const std::string wait = compact(p95->value, Unit::seconds);
  return p95->lower_bound
             ? fmt::format("{}, but 5 % of {} runs wait {} or longer", nobody, row->label, wait)
             : fmt::format("{}: 95 % of {} runs wait {} at most", nobody, row->label, wait);
}

std::vector<KeyFigure> key_figures(const Report& report) {
  std::vector<KeyFigure> keys;
  const std::vector<LevelRow> rows = level_rows(report);
  const LevelRow* const starved = worst_starved(report, rows);
  const LevelRow* const row = starved != nullptr ? starved : slowest(report, rows);
  const auto add = [&](std::vector<KeyFigure> more) {
    keys.insert(keys.end(), more.begin(), more.end());
  };
  if (row != nullptr) {
    if (starved != nullptr)
      keys.push_back(key_of_starvation(report, *row));
    else if (const auto workspace = key_of_workspace(report); !workspace.empty())
      add(workspace);
    else
      keys.push_back(key_of_wait(report, *row));
    add(blamed(report, *row, starved != nullptr));
  }
  add(asked_for(report));
  if (keys.size() < 3)
    if (const Figure* rate = report.figures.find(Metric::succeeded_rate))
      keys.push_back({compact_count(rate->value), "a minute", "Runs that succeeded.",
                      lost_load_text(report), "throughput"});
  return keys;
}

}  // namespace sluice
