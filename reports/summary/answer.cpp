#include "reports/summary/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/fair_share.hpp"
#include "reports/summary/phrases.hpp"
#include "reports/summary/rows.hpp"
#include "reports/summary/stability_words.hpp"
#include "reports/summary/waited_for.hpp"

namespace sluice {
namespace {

/// The level with the largest σ; null: there is no stability line.
const StabilityLine* tightest_level(const Report& report) {
  const StabilityLine* tightest = nullptr;
  for (const GroupStability& group : report.stability)
    for (const StabilityLine& line : group.levels)
      if (!tightest || line.sigma > tightest->sigma) tightest = &line;
  return tightest;
}

/// "at least 2h10m".
std::string in_words(const Figure* seconds) {
  if (seconds == nullptr) return "an unknown time";
  return (seconds->lower_bound ? "at least " : "") + compact(seconds->value, Unit::seconds);
}

/// "up to 2h10m"; of a lower bound "at least 2h10m".
std::string up_to(const Figure* seconds) {
  return (seconds != nullptr && seconds->lower_bound ? "" : "up to ") + in_words(seconds);
}

/// Of something extreme in each replication: "on average over 20 replications, 24m to 43m". Empty:
/// they do not differ.
std::string range_in_words(const Figure* seconds) {
  if (seconds == nullptr || !seconds->range) return {};
  const std::string low = compact(seconds->range->low, Unit::seconds);
  const std::string high = compact(seconds->range->high, Unit::seconds);
  if (low == high) return {};
  const char* const bound = seconds->lower_bound ? "≥" : "";
  return fmt::format(" on average over {} replications, {}{} to {}{}", seconds->replications, bound,
                     low, bound, high);
}

/// "σ = 1.2", "σ is at least 1.2".
std::string sigma_words(const StabilityLine& line) {
  return (line.lower_bound ? "σ is at least " : "σ = ") + format_number(line.sigma);
}

/// Runs that are in nobody's queue yet; empty: there are none.
std::string submitting_words(const Report& report) {
  const double count = value_or_zero(report.figures.find(Metric::submitting_count));
  if (count == 0) return {};
  const double refused = value_or_zero(report.figures.find(Metric::submitting_refused_count));
  std::string text = count == 1 ? "1 run is still being submitted"
                                : compact_count(count) + " runs are still being submitted";
  if (refused == 0) return text + ": the API has not answered yet.";
  const std::string with = refusals_text(report);
  text += refused == count ? ": the API refused " + std::string(count == 1 ? "it" : "them")
                           : fmt::format(": the API refused {} of them", compact_count(refused));
  return text + (with.empty() ? "." : " (" + with + ").");
}

bool api_refuses(const Report& report) {
  return value_or_zero(report.figures.find(Metric::submitting_refused_count)) > 0;
}

/// Of a simulation in which some run waited, and none was ever started.
std::string nothing_started_sentence(const Report& report) {
  const Figure* const dispatched = report.figures.find(Metric::dispatched_count);
  if (report.load || dispatched == nullptr || dispatched->value > 0) return {};
  const bool no_worker = value_or_zero(report.figures.find(Metric::workers_mean)) == 0;
  return no_worker ? " No run was started: no worker was there." : " No run was started.";
}

std::string starvation_sentence(const Report& report, const LevelRow& row) {
  const StabilityLine* line = stability_of(report, row);
  const Figure* longest = figure_of(report, Metric::starvation_longest, row);
  std::string text = row.label;
  if (line && line->sigma >= 1)
    text += fmt::format(" starves: {}, so its backlog grows as long as this load lasts.",
                        sigma_words(*line));
  else if (line && line->lower_bound)
    text += fmt::format(" starves at times: {}, with what still runs.", sigma_words(*line));
  else if (line && has_peak(report, *line) && line->peak_sigma >= 1)
    text += " starves at times.";
  else if (line)
    text += fmt::format(" starves at times, although σ = {} leaves room on average.",
                        format_number(line->sigma));
  else if (report.load)
    text += " starves, unless its own credentials hold it: that cannot be seen from outside.";
  else
    text += " starves.";
  const std::string range = range_in_words(longest);
  return text + fmt::format(" Its longest starvation{} {}{}{}.", range.empty() ? " lasted" : ":",
                            in_words(longest), range,
                            longest && longest->lower_bound ? " and was not over at the end" : "");
}

/// When there was too much work, although there was room on average; empty: never.
std::string highest_peak_sentence(const Report& report) {
  const StabilityLine* const line = highest_peak(report);
  if (line == nullptr || line->sigma >= 1) return {};
  const std::string sentence = peak_sentence(report, *line);
  return sentence.empty() ? sentence : " " + sentence;
}

std::string blame_sentence(const Report& report, const LevelRow& row) {
  const auto shares = wait_shares(report, row);
  if (shares.empty()) return {};
  return fmt::format(" {} of its waiting time went by with {}.", rough_share(shares[0].share),
                     phrase(shares[0].part, row.level));
}

/// One workspace is named only if most of its level's dispatches were its own.
std::string meanwhile_sentence(const Report& report, const LevelRow& row) {
  const DispatchedMeanwhile* meanwhile = dispatched_meanwhile(report, row);
  if (!meanwhile || meanwhile->shares.empty()) return {};
  const std::vector<LevelShare> levels = shares_by_level(*meanwhile);
  const LevelShare& level =
      *std::max_element(levels.begin(), levels.end(),
                        [](const LevelShare& a, const LevelShare& b) { return a.share < b.share; });
  if (level.workspaces > 1 && level.most.share < level.share / 2)
    return fmt::format(" Meanwhile {} of the dispatches were {} runs, of {} workspaces.",
                       rough_share(level.share), name(level.level), level.workspaces);
  return fmt::format(" Meanwhile {} of the dispatches were {} runs of {}.",
                     rough_share(level.most.share), name(level.level),
                     short_name(report.names.workspaces.at(level.most.workspace.index())));
}

std::string slowest_sentence(const Report& report, const LevelRow& row) {
  const Figure* p95 = figure_of(report, Metric::wait_p95, row);
  const Figure* longest = figure_of(report, Metric::wait_max, row);
  if (longest == nullptr) return " No run came in the window, and none waited when it ended.";
  if (longest->value == 0 && longest->lower_bound) return " How long its runs waited was not seen.";
  if (longest->value == 0)
    return api_refuses(report) ? " No accepted run waited." : " No run waited.";
  if (value_or_zero(p95) == 0)
    return fmt::format(" 95 % of the runs of each level did not wait; one of {} waited {}.",
                       row.label, in_words(longest));
  return fmt::format(" {} waits longest: 95 % of its runs {}, one {}{}.{}", row.label, up_to(p95),
                     in_words(longest), range_in_words(longest), blame_sentence(report, row));
}

/// A level goes on, and yet nothing of one workspace is dispatched for θ or longer.
std::string starved_workspaces_sentence(const Report& report) {
  auto worst = worst_workspaces(report, report.names.workspaces.size() * kLevels);
  std::erase_if(worst, [](const WorstWorkspace& one) { return !one.starved; });
  if (worst.empty()) return {};
  std::set<std::uint32_t> workspaces;
  for (const WorstWorkspace& one : worst) workspaces.insert(one.workspace.value);
  const WorstWorkspace& first = worst.front();
  const Subject subject = Subject::of(first.workspace, first.level);
  return fmt::format(
      " But {}{} runs of {} starved for {}.",
      workspaces.size() == 1
          ? ""
          : fmt::format("{} workspaces starved behind others of their level: ", workspaces.size()),
      name(first.level), short_name(report.names.workspaces.at(first.workspace.index())),
      in_words(report.figures.find(Metric::starvation_longest, subject)));
}

/// The workspace of the level whose runs waited longest by p95; empty: there is but one.
std::string who_waits(const Report& report, const LevelRow& row) {
  if (report.names.workspaces.size() > 1)
    for (const WorstWorkspace& one :
         worst_workspaces(report, report.names.workspaces.size() * kLevels))
      if (one.level == row.level && (!row.group.valid() || report.names.group_of_workspace.at(
                                                               one.workspace.index()) == row.group))
        return fmt::format("{} runs of {}", row.label,
                           short_name(report.names.workspaces.at(one.workspace.index())));
  return row.label + " runs";
}

/// Nobody is passed over for θ, and yet somebody waits that long, for what are no workers; empty:
/// no such thing.
std::string waited_for_sentence(const Report& report, const LevelRow& row) {
  const Figure* const longest = figure_of(report, Metric::wait_max, row);
  const double theta = report.header.starvation_threshold[index(row.level)].seconds();
  const std::optional<WaitedFor> what = waited_for(report, row);
  if (longest == nullptr || !what) return {};
  const bool grows = std::ranges::any_of(report.tight_resources, [&](const StabilityLine& line) {
    return line.subject == what->subject && line.sigma >= 1;
  });
  if (longest->value < theta && !grows) return {};
  const std::string range = range_in_words(longest);
  const std::string who = who_waits(report, row);
  std::string text =
      range.empty() ? fmt::format("{} wait {} for {}", who, up_to(longest), what->text)
                    : fmt::format("{} wait for {}, {}{}", who, what->text, up_to(longest), range);
  if (grows) text += ", and ever longer as long as this load lasts";
  return text + ".";
}

std::string calm_answer(const Report& report, const std::vector<LevelRow>& rows) {
  const StabilityLine* tightest = tightest_level(report);
  const std::string workspaces = starved_workspaces_sentence(report);
  const std::string not_started = nothing_started_sentence(report);
  std::string text = !workspaces.empty()   ? "No level starves"
                     : api_refuses(report) ? "No accepted run starves"
                                           : "Nobody starves";
  const LevelRow* row = slowest(report, rows);
  const std::string waiting = row ? waited_for_sentence(report, *row) : "";
  if (!waiting.empty() && workspaces.empty()) {
    text += ", but " + waiting;
    if (tightest)
      text += tightest->lower_bound
                  ? fmt::format(" Of the workers {}.", sigma_words(*tightest))
                  : fmt::format(" Of the workers {} at most.", sigma_words(*tightest));
    return text + not_started + highest_peak_sentence(report) + fair_share_sentence(report);
  }
  if (const std::string fair = fair_share_sentence(report); !fair.empty() && workspaces.empty()) {
    // Who gets a twentieth of a fair share starves, although it is dispatched all the time.
    text = "No level starves, but" + fair;
    if (tightest && tightest->sigma >= 1)
      text += fmt::format(" And {} at {}: its backlog grows as long as this load lasts.",
                          sigma_words(*tightest), level_text(report, *tightest));
    return text + not_started + (row ? slowest_sentence(report, *row) : "") +
           highest_peak_sentence(report);
  }
  if (tightest && tightest->sigma >= 1)
    text += fmt::format(" yet, but {} at {}: its backlog grows as long as this load lasts.",
                        sigma_words(*tightest), level_text(report, *tightest));
  else if (!not_started.empty())
    text += " yet.";
  else if (tightest && tightest->lower_bound)
    text += fmt::format(": the largest {}.", sigma_words(*tightest));
  else if (tightest)
    text += fmt::format(": σ is {} at most.", format_number(tightest->sigma));
  else
    text += ".";
  text += workspaces + not_started;
  if (row) text += slowest_sentence(report, *row);
  return text + highest_peak_sentence(report) + fair_share_sentence(report);
}

std::string tight_resource_sentence(const Report& report) {
  if (report.tight_resources.empty() || report.tight_resources[0].sigma < 1) return {};
  const StabilityLine& line = report.tight_resources[0];
  return fmt::format(" Demand for {} is {}{} times what its limit of {} can serve.",
                     describe(line.subject, report.names), line.lower_bound ? "at least " : "",
                     format_number(line.sigma), compact_count(line.servers));
}

std::string answer_without_waits(const Report& report) {
  if (report.header.until <= report.header.from)
    return fmt::format("The window ends where it begins, at {}: nothing was measured.",
                       format_duration(report.header.from.seconds()));
  const std::string submitting = submitting_words(report);
  if (!submitting.empty()) return "No run was accepted in the window. " + submitting;
  return "No run was waiting in the window: there is nothing to say about starvation.";
}

}  // namespace

std::string answer(const Report& report) {
  const std::vector<LevelRow> rows = level_rows(report);
  if (rows.empty()) return answer_without_waits(report);
  std::string text;
  if (const LevelRow* starved = worst_starved(report, rows))
    text = starvation_sentence(report, *starved) + nothing_started_sentence(report) +
           blame_sentence(report, *starved) + meanwhile_sentence(report, *starved) +
           highest_peak_sentence(report) + fair_share_sentence(report);
  else
    text = calm_answer(report, rows);
  const std::string submitting = api_refuses(report) ? " " + submitting_words(report) : "";
  return text + tight_resource_sentence(report) + submitting;
}

}  // namespace sluice
