#include "reports/terminal/sections.hpp"
#include "reports/summary/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/stability_words.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostGroups = 4;
constexpr std::size_t kMostWorkspaces = 4;
constexpr std::size_t kMostPartsOnScreen = 3;

void and_more(TerminalScreen& screen, std::size_t all, std::size_t shown, std::string_view what) {
  if (all > shown)
    screen.line({{fmt::format("  … and {} more {}", all - shown, what), Tone::faint}});
}

// ---- stability
// -----------------------------------------------------------------------------------

Cell sigma_cell(const StabilityLine& line) {
  const double sigma = line.sigma;
  return {sigma_text(line), sigma >= 1 ? Tone::bad : sigma > 0.8 ? Tone::caution : Tone::plain};
}

Cell peak_cell(const StabilityLine& line) {
  const double sigma = line.peak_sigma;
  return {peak_text(line), sigma >= 1 ? Tone::bad : sigma > 0.8 ? Tone::caution : Tone::plain};
}

/// What `cell` says of each level.
Row levels_row(std::string label, const GroupStability& group,
               Cell (*cell)(const StabilityLine& line)) {
  Row row{{std::move(label)}};
  for (const PriorityLevel level : kAllLevels) {
    const auto line = std::find_if(group.levels.begin(), group.levels.end(),
                                   [&](const auto& l) { return l.subject.level == level; });
    row.push_back(line == group.levels.end() ? Cell{"–"} : cell(*line));
  }
  return row;
}

Row stability_row(const Report& report, const GroupStability& group) {
  Row row = levels_row("  " + report.names.groups.at(group.group.index()), group, sigma_cell);
  const StabilityLine& last = group.levels.back();
  row.push_back(group.first_to_starve ? Cell{std::string(name(*group.first_to_starve)), Tone::bad}
                                      : Cell{"none"});
  row.push_back({headroom_text(last)});
  row.push_back({compact_count(last.servers)});
  row.push_back({has_peak(report, last) ? "" : needed_text(last)});
  return row;
}

Row peak_row(const Report& report, const GroupStability& group) {
  Row row = levels_row("    at its peak", group, peak_cell);
  const auto first = std::find_if(group.levels.begin(), group.levels.end(),
                                  [](const StabilityLine& line) { return line.peak_sigma >= 1; });
  const StabilityLine& last = group.levels.back();
  row.push_back(first != group.levels.end()
                    ? Cell{std::string(name(*first->subject.level)), Tone::bad}
                    : Cell{"none"});
  row.push_back({(last.peak_lower_bound ? "≤" : "") + format_share(1 - last.peak_sigma)});
  row.push_back({compact_count(last.servers_at_peak)});
  row.push_back({needed_at_peak_text(report, last)});
  return row;
}

std::string tight_text(const Report& report, const StabilityLine& line) {
  const std::string peak = has_peak(report, line) ? ", peak " + peak_when_text(report, line) : "";
  return fmt::format("{} σ {}{} (limit {}, needs {})", describe(line.subject, report.names),
                     sigma_text(line), peak, compact_count(line.servers),
                     needed_at_peak_text(report, line));
}

/// Whether the tightest credential or pool is near to its limit.
bool is_tight(const Report& report) {
  if (report.tight_resources.empty()) return false;
  const StabilityLine& line = report.tight_resources.front();
  return std::max(line.sigma, line.peak_sigma) > kTargetSigma;
}

/// When the lowest level of a group is at its peak, and that "needed" is about nothing else.
void peak_paragraphs(const Report& report, const std::vector<const GroupStability*>& groups,
                     std::size_t shown, TerminalScreen& screen) {
  bool any = false;
  for (std::size_t i = 0; i < shown; ++i) {
    const StabilityLine& last = groups[i]->levels.back();
    if (!has_peak(report, last) || screen.brief()) continue;
    any = true;
    const std::string overloaded = overloaded_text(report, last);
    screen.paragraph(
        fmt::format("{}: peak σ {}{}", level_text(report, last), peak_when_text(report, last),
                    overloaded.empty() ? "" : "; " + overloaded),
        2, 4);
  }
  if (any && !screen.brief())
    screen.paragraph(
        fmt::format("peak: over {}; needed: then, for stability alone, not for expectations",
                    format_duration(report.header.stability_window.seconds())),
        2, 4, Tone::faint);
}

bool any_lower_bound(const Report& report) {
  const auto marked = [](const StabilityLine& line) {
    return line.lower_bound || line.peak_lower_bound;
  };
  const auto& tight = report.tight_resources;
  return std::any_of(tight.begin(), tight.end(), marked) ||
         std::any_of(report.stability.begin(), report.stability.end(), [&](const auto& group) {
           return std::any_of(group.levels.begin(), group.levels.end(), marked);
         });
}

// ---- starvation
// ----------------------------------------------------------------------------------

/// Two lines of headings; what stands over several columns is said once.
template <std::size_t n>
void add_headings(const std::array<FigureColumn, n>& columns, TextTable& table) {
  std::string_view last;
  for (const FigureColumn& column : columns) {
    table.rows[0].push_back({std::string(column.over == last ? "" : column.over), Tone::faint});
    table.rows[1].push_back({std::string(column.heading), Tone::faint});
    last = column.over;
  }
}

/// That a longest one is a mean of longest ones.
std::string means_note(const Report& report, bool brief) {
  const std::uint32_t count = report.header.replications;
  return count > 1 && !brief ? fmt::format("; means over {} replications", count) : "";
}

/// Stands out only where the level starved: shorter gaps are no episodes.
Row starvation_row(const Report& report, const LevelRow& level) {
  const bool starved = value_or_zero(figure_of(report, Metric::starvation_count, level)) > 0;
  Row row{{"  " + level.label}};
  for (const FigureColumn& column : kStarvationColumns) {
    const bool of_episodes =
        column.metric >= Metric::starvation_count && column.metric <= Metric::starvation_index;
    row.push_back({column_text(figure_of(report, column.metric, level), column.metric),
                   starved && of_episodes ? Tone::bad : Tone::plain});
  }
  return row;
}

/// None: there is no interval to show.
std::optional<Row> interval_row(const Report& report, const LevelRow& level) {
  Row row{{}};
  bool any = false;
  for (const FigureColumn& column : kStarvationColumns) {
    const bool wanted =
        column.metric != Metric::wait_count && column.metric != Metric::wait_censored;
    const Figure* figure = wanted ? figure_of(report, column.metric, level) : nullptr;
    row.push_back({compact_interval(figure, column_unit(column.metric)), Tone::faint});
    any = any || !row.back().text.empty();
  }
  return any ? std::optional(std::move(row)) : std::nullopt;
}

// ---- attribution
// ---------------------------------------------------------------------------------

void shares_table(const Report& report, const std::vector<LevelRow>& rows, TerminalScreen& screen) {
  screen.heading("WHY THEY WAITED",
                 "share of waiting time, by what the workers were busy with or what held the runs");
  TextTable table{{Align::left, Align::right, Align::left}, {}, 8, 2};
  const std::size_t parts = screen.width() < kWide ? kMostPartsOnScreen - 1 : kMostPartsOnScreen;
  // A screen has no room for levels that hardly wait.
  double longest = 0;
  for (const LevelRow& level : rows)
    longest = std::max(longest, value_or_zero(figure_of(report, Metric::wait_mean, level)));
  constexpr double kHardly = 0.05;
  for (const LevelRow& level : rows) {
    const Figure* mean = figure_of(report, Metric::wait_mean, level);
    if (screen.brief() && value_or_zero(mean) < kHardly * longest) continue;
    const std::string shares =
        shares_text(wait_shares(report, level), level.level, parts, short_phrase);
    table.rows.push_back({{"  " + level.label},
                          {"mean " + column_text(mean, Metric::wait_mean)},
                          {shares.empty() ? "did not wait" : shares}});
  }
  screen.table(table);
}

void unknown_shares(const Report& report, TerminalScreen& screen) {
  screen.heading("WHILE THEY WAITED", "what held a run cannot be seen from outside");
  if (const std::string means = means_text(report, Metric::wait_mean); !means.empty())
    screen.paragraph("mean wait: " + means, 2, 4);
  if (const std::string delays = means_text(report, Metric::attribution_retry_delay);
      !delays.empty())
    screen.paragraph("of it retry delays: " + delays, 2, 4);
}

std::size_t levels_of_workspaces(const Report& report) {
  const auto waiting = report.figures.all(Metric::wait_count);
  return static_cast<std::size_t>(
      std::count_if(waiting.begin(), waiting.end(), [](const FigureEntry& entry) {
        return entry.key.subject.labels() == (label::workspace | label::level);
      }));
}

}  // namespace

void stability_section(const Report& report, TerminalScreen& screen) {
  TextTable table{{Align::left}, {}, 12};
  table.rows.push_back(faint_row({"", "HIGH", "MEDIUM", "LOW", "first to starve", "headroom",
                                  "workers", "needed for σ ≤ 0.8"}));
  std::vector<const GroupStability*> groups;
  for (const GroupStability& group : report.stability)
    if (!group.levels.empty()) groups.push_back(&group);
  if (groups.empty() && report.tight_resources.empty()) return;
  screen.heading("STABILITY",
                 "σ = work offered by a level and those above it ÷ workers; from 1 on it starves");
  const auto tightness = [](const StabilityLine& line) {
    return std::max(line.sigma, line.peak_sigma);
  };
  std::stable_sort(groups.begin(), groups.end(), [&](const auto* a, const auto* b) {
    return tightness(a->levels.back()) > tightness(b->levels.back());
  });
  const std::size_t shown = std::min(groups.size(), kMostGroups);
  for (std::size_t i = 0; i < shown; ++i) {
    table.rows.push_back(stability_row(report, *groups[i]));
    if (has_peak(report, groups[i]->levels.back()))
      table.rows.push_back(peak_row(report, *groups[i]));
  }
  if (shown > 0) screen.table(table);
  and_more(screen, groups.size(), shown, "groups");
  peak_paragraphs(report, groups, shown, screen);
  std::string tight;
  const std::size_t most = !screen.brief() ? 3 : is_tight(report) ? 1 : 0;
  for (std::size_t i = 0; i < std::min(report.tight_resources.size(), most); ++i)
    tight += (i == 0 ? "tightest: " : " · ") + tight_text(report, report.tight_resources[i]);
  if (!tight.empty()) screen.paragraph(tight, 2, 4);
  if (any_lower_bound(report) && !screen.brief())
    screen.paragraph("≥: at least; runs that have not ended count with the time that they have had",
                     2, 4, Tone::faint);
  screen.end_section();
}

void starvation_section(const Report& report, const std::vector<LevelRow>& rows,
                        TerminalScreen& screen) {
  if (rows.empty()) return;
  screen.heading("STARVATION", fmt::format("none dispatched for {} while {} wait{}",
                                           threshold_text(report.header), waiting_runs(report),
                                           means_note(report, screen.brief())));
  TextTable table{{Align::left}, {faint_row({""}), faint_row({""})}, 8};
  add_headings(kStarvationColumns, table);
  for (const LevelRow& level : rows) {
    table.rows.push_back(starvation_row(report, level));
    if (screen.brief()) continue;
    if (auto row = interval_row(report, level)) table.rows.push_back(std::move(*row));
  }
  screen.table(table);
  if (!screen.brief())
    screen.paragraph(
        fmt::format("index: time starved ÷ time with {} waiting; ≥: at least, not over at the end",
                    waiting_runs(report)),
        2, 4, Tone::faint);
  screen.end_section();
}

void attribution_section(const Report& report, const std::vector<LevelRow>& rows,
                         TerminalScreen& screen) {
  if (rows.empty()) return;
  if (attribution_known(report))
    shares_table(report, rows, screen);
  else
    unknown_shares(report, screen);
  if (const std::string before = before_acceptance_text(report, rows); !before.empty())
    screen.paragraph("before acceptance, at the API: " + before, 2, 4);
  if (screen.brief()) return screen.end_section();
  for (const LevelRow& row : rows)
    if (const auto* meanwhile = dispatched_meanwhile(report, row);
        meanwhile && meanwhile->dispatches > 0)
      screen.paragraph(
          "dispatched while " + row.label + " starved: " + meanwhile_text(report, *meanwhile), 2,
          4);
  screen.end_section();
}

void workspaces_section(const Report& report, TerminalScreen& screen) {
  const std::size_t all = levels_of_workspaces(report);
  const auto worst = worst_workspaces(report, kMostWorkspaces);
  if (all < 2 || worst.empty()) return;
  const bool any_starved = worst.front().starved;
  screen.heading(any_starved ? "WORST WORKSPACES" : "LONGEST WAITS BY WORKSPACE",
                 any_starved
                     ? fmt::format("{} of {} levels of workspaces, by their own longest starvation",
                                   worst.size(), all)
                     : fmt::format("{} of {} levels of workspaces, by p95; none starved for {}",
                                   worst.size(), all, threshold_text(report.header)));
  TextTable table{{Align::left, Align::left}, {faint_row({"", ""})}, 0};
  for (const FigureColumn& column : kWorkspaceColumns)
    table.rows[0].push_back({std::string(column.heading), Tone::faint});
  for (const WorstWorkspace& workspace : worst) {
    Row row{{"  " + report.names.workspaces.at(workspace.workspace.index())},
            {std::string(name(workspace.level))}};
    const Subject subject = Subject::of(workspace.workspace, workspace.level);
    for (const FigureColumn& column : kWorkspaceColumns)
      row.push_back({column_text(report.figures.find(column.metric, subject), column.metric)});
    table.rows.push_back(std::move(row));
  }
  screen.table(table);
  screen.end_section();
}

}  // namespace sluice
