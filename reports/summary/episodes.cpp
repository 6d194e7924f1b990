#include "reports/summary/episodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/text/units.hpp"
#include "reports/figures/clock_text.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/rows.hpp"

namespace sluice {
namespace {

const EpisodeList& told(const Report& report) {
  return report.starved.levels.episodes.empty() ? report.starved.workspaces : report.starved.levels;
}

/// How many replications starve, from one change to the next.
struct Step {
  Time from;
  Time until;
  std::uint32_t starving = 0;
};

/// In order of time; where none starves there is no step.
std::vector<Step> starving_steps(const Report& report, GroupId group, PriorityLevel level) {
  std::map<Time, std::int64_t> changes;
  for (const Episode& episode : report.starved.levels.episodes) {
    if (episode.group != group || episode.level != level) continue;
    ++changes[episode.from];
    --changes[episode.until];
  }
  std::vector<Step> steps;
  std::int64_t starving = 0;
  Time from;
  for (const auto& [time, change] : changes) {
    if (starving > 0) steps.push_back({from, time, static_cast<std::uint32_t>(starving)});
    starving += change;
    from = time;
  }
  return steps;
}

/// Maximal stretches of steps with at least `least` replications.
std::vector<StarvingStretch> stretches(const std::vector<Step>& steps, double least,
                                       double replications) {
  std::vector<StarvingStretch> found;
  for (const Step& step : steps) {
    if (step.starving < least) continue;
    if (found.empty() || found.back().until != step.from)
      found.push_back({step.from, step.from, 0});
    found.back().until = step.until;
    found.back().share += step.starving * (step.until - step.from).seconds();
  }
  for (StarvingStretch& stretch : found)
    stretch.share /= replications * (stretch.until - stretch.from).seconds();
  return found;
}

/// "14h02m to 16h40m, 20h to 21h and 4 shorter times".
std::string stretches_text(const Report& report, std::vector<StarvingStretch> all) {
  constexpr std::size_t kMost = 3;
  const std::size_t count = all.size();
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.until - a.from > b.until - b.from;
  });
  all.resize(std::min(kMost, count));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  std::string text;
  for (const StarvingStretch& stretch : all)
    text += (text.empty() ? "from " : ", ") +
            clock_span_text(report.header, stretch.from, stretch.until);
  if (count > kMost)
    text += fmt::format(" and {} shorter {}", count - kMost, count == kMost + 1 ? "time" : "times");
  return text;
}

}  // namespace

std::vector<const Episode*> worst_episodes(const Report& report, std::size_t most) {
  std::vector<const Episode*> worst;
  for (const Episode& episode : told(report).episodes) worst.push_back(&episode);
  const auto place = [](const Episode* e) {
    return std::tuple(-e->length().ns, e->from, e->replication, e->group, e->level, e->workspace);
  };
  const std::size_t count = std::min(most, worst.size());
  std::partial_sort(worst.begin(), worst.begin() + static_cast<std::ptrdiff_t>(count), worst.end(),
                    [&](const Episode* a, const Episode* b) { return place(a) < place(b); });
  worst.resize(count);
  return worst;
}

std::uint64_t episodes_in_all(const Report& report) {
  return told(report).episodes.size() + told(report).left_out;
}

std::string starved_text(const Report& report, const Episode& episode) {
  const std::string level = level_label(report, episode.group, episode.level);
  if (!episode.workspace.valid()) return level;
  return level + " of " + short_name(report.names.workspaces.at(episode.workspace.index()));
}

std::string when_text(const Report& report, const Episode& episode) {
  return clock_span_text(report.header, episode.from, episode.until);
}

std::string length_text(const Episode& episode) {
  return (episode.censored ? "≥" : "") + format_duration(episode.length().seconds());
}

std::string affected_text(const Episode& episode) {
  std::string text =
      format_count(static_cast<double>(episode.runs)) + (episode.runs == 1 ? " run" : " runs");
  if (episode.workspace.valid()) return text;
  return text + fmt::format(" of {} {}", format_count(static_cast<double>(episode.workspaces)),
                            episode.workspaces == 1 ? "workspace" : "workspaces");
}

std::string meanwhile_text(const Report& report, const Episode& episode, std::size_t most) {
  const auto all = static_cast<double>(episode.dispatches());
  if (all == 0) return "nobody was dispatched";
  std::string text;
  double rest = 1;
  std::size_t named = 0;
  for (const Episode::Dispatched& part : episode.dispatched) {
    if (named++ == most) break;
    const double share = static_cast<double>(part.dispatches) / all;
    const std::string who =
        part.workspace.valid()
            ? short_name(report.names.workspaces.at(part.workspace.index())) + " "
            : std::string();
    text += fmt::format("{}{}{} {}", text.empty() ? "" : ", ", who, name(part.level),
                        rough_share(share));
    rest -= share;
  }
  return rest >= 0.005 ? text + ", rest " + rough_share(rest) : text;
}

std::vector<StarvingStretch> mostly_starving(const Report& report, GroupId group,
                                             PriorityLevel level) {
  const double replications = report.header.replications;
  return stretches(starving_steps(report, group, level), replications / 2, replications);
}

std::vector<std::string> mostly_starving_lines(const Report& report) {
  std::vector<std::string> lines;
  const std::uint32_t replications = report.header.replications;
  if (replications < 2) return lines;
  for (const LevelRow& row : level_rows(report)) {
    const GroupId group = row.group.valid() ? row.group : GroupId::at(0);
    const std::vector<Step> steps = starving_steps(report, group, row.level);
    if (steps.empty()) continue;
    const auto half = stretches(steps, replications / 2.0, replications);
    if (!half.empty()) {
      lines.push_back(fmt::format("{} starves {} in at least half of {} replications", row.label,
                                  stretches_text(report, half), replications));
      continue;
    }
    const std::uint32_t most =
        std::max_element(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
          return a.starving < b.starving;
        })->starving;
    lines.push_back(fmt::format(
        "{} starves at no moment in half of {} replications at once; in at most {} at once {}",
        row.label, replications, most,
        stretches_text(report, stretches(steps, most, replications))));
  }
  return lines;
}

std::string left_out_text(const Report& report) {
  const std::uint64_t levels = report.starved.levels.left_out;
  const std::uint64_t workspaces = report.starved.workspaces.left_out;
  if (levels + workspaces == 0) return {};
  return fmt::format("only the {} longest episodes of each level are kept: {} shorter ones are not",
                     format_count(static_cast<double>(StarvedTimes::kMost)),
                     format_count(static_cast<double>(levels > 0 ? levels : workspaces)));
}

}  // namespace sluice
