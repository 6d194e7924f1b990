#include "reports/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "reports/display_text.hpp"
#include "reports/figure_text.hpp"
#include "reports/units.hpp"

namespace sluice {
namespace {

double value_or_zero(const Figure* figure) { return figure ? figure->value : 0; }

/// A user's name for a sentence or the first column of a table.
std::string short_name(std::string_view name) { return clipped(printable(name), 32); }

std::string name_of_group(const Report& report, GroupId group) {
  return short_name(report.names.groups.at(group.index()));
}

LevelRow make_row(const Report& report, const Subject& subject) {
  LevelRow row{subject.group, *subject.level, subject, std::string(name(*subject.level))};
  if (subject.group.valid() && report.names.groups.size() > 1)
    row.label = name_of_group(report, subject.group) + " " + row.label;
  return row;
}

/// Rows of the subjects of `metric` that carry exactly `labels`.
std::vector<LevelRow> rows_labelled(const Report& report, Labels labels) {
  std::vector<LevelRow> rows;
  for (const FigureEntry& entry : report.figures.all(Metric::wait_count))
    if (entry.key.subject.labels() == labels &&
        (entry.figure.samples > 0 || entry.figure.value > 0))
      rows.push_back(make_row(report, entry.key.subject));
  return rows;
}

double longest_starvation(const Report& report, const LevelRow& row) {
  return value_or_zero(figure_of(report, Metric::starvation_longest, row));
}

/// Groups in order of their longest starvation, HIGH first inside.
void worst_group_first(const Report& report, std::vector<LevelRow>& rows) {
  std::vector<double> worst(report.names.groups.size(), 0);
  for (const LevelRow& row : rows)
    if (row.group.index() < worst.size())
      worst[row.group.index()] =
          std::max(worst[row.group.index()], longest_starvation(report, row));
  const auto badness = [&](const LevelRow& row) {
    return row.group.index() < worst.size() ? worst[row.group.index()] : 0;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const LevelRow& a, const LevelRow& b) {
    return std::tuple(-badness(a), a.group, a.level) < std::tuple(-badness(b), b.group, b.level);
  });
}

/// The level that starved longest in an episode of at least θ; null: none did.
const LevelRow* worst_starved(const Report& report, const std::vector<LevelRow>& rows) {
  const LevelRow* worst = nullptr;
  for (const LevelRow& row : rows)
    if (value_or_zero(figure_of(report, Metric::starvation_count, row)) > 0 &&
        (!worst || longest_starvation(report, row) > longest_starvation(report, *worst)))
      worst = &row;
  return worst;
}

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

std::string starvation_sentence(const Report& report, const LevelRow& row) {
  const StabilityLine* line = stability_of(report, row);
  const Figure* longest = figure_of(report, Metric::starvation_longest, row);
  std::string text = row.label;
  if (line && line->sigma >= 1)
    text += fmt::format(" starves: σ = {}, so its backlog grows as long as this load lasts.",
                        format_number(line->sigma));
  else if (line)
    text += fmt::format(" starves at times, although σ = {} leaves room on average.",
                        format_number(line->sigma));
  else
    text += " starves.";
  return text + fmt::format(" Its longest starvation lasted {}{}.", in_words(longest),
                            longest && longest->lower_bound ? " and was not over at the end" : "");
}

std::string blame_sentence(const Report& report, const LevelRow& row) {
  const auto shares = wait_shares(report, row);
  if (shares.empty()) return {};
  return fmt::format(" {} of its waiting time went by with {}.", rough_share(shares[0].share),
                     phrase(shares[0].part, row.level));
}

std::string meanwhile_sentence(const Report& report, const LevelRow& row) {
  const DispatchedMeanwhile* meanwhile = dispatched_meanwhile(report, row);
  if (!meanwhile || meanwhile->shares.empty()) return {};
  const auto& first = meanwhile->shares[0];
  return fmt::format(" Meanwhile {} of the dispatches were {} runs of {}.",
                     rough_share(first.share), name(first.level),
                     short_name(report.names.workspaces.at(first.workspace.index())));
}

/// The level with the longest p95 wait.
const LevelRow* slowest(const Report& report, const std::vector<LevelRow>& rows) {
  const LevelRow* slowest = nullptr;
  const auto p95 = [&](const LevelRow& row) {
    return value_or_zero(figure_of(report, Metric::wait_p95, row));
  };
  for (const LevelRow& row : rows)
    if (!slowest || p95(row) > p95(*slowest)) slowest = &row;
  return slowest;
}

std::string calm_answer(const Report& report, const std::vector<LevelRow>& rows) {
  const StabilityLine* tightest = tightest_level(report);
  std::string text = "Nobody starves";
  if (tightest && tightest->sigma >= 1)
    text += fmt::format(" yet, but σ = {} at {}: its backlog grows as long as this load lasts.",
                        format_number(tightest->sigma), name(*tightest->subject.level));
  else if (tightest)
    text += fmt::format(": σ is {} at most.", format_number(tightest->sigma));
  else
    text += ".";
  const LevelRow* row = slowest(report, rows);
  if (!row) return text;
  text += fmt::format(" {} waits longest: 95 % of its runs up to {}, one {}.", row->label,
                      in_words(figure_of(report, Metric::wait_p95, *row)),
                      in_words(figure_of(report, Metric::wait_max, *row)));
  const bool waited = value_or_zero(figure_of(report, Metric::wait_mean, *row)) > 0;
  return waited ? text + blame_sentence(report, *row) : text;
}

std::string tight_resource_sentence(const Report& report) {
  if (report.tight_resources.empty() || report.tight_resources[0].sigma < 1) return {};
  const StabilityLine& line = report.tight_resources[0];
  return fmt::format(" Demand for {} is {} times what its limit of {} can serve.",
                     describe(line.subject, report.names), format_number(line.sigma),
                     compact_count(line.servers));
}

void count_status(Status status, int& failed, int& inconclusive) {
  failed += status == Status::failed;
  inconclusive += status == Status::inconclusive;
}

std::string warm_up_text(const ReportHeader& header) {
  if (header.warm_up == WarmUp::none || header.from == Time::zero()) return "no warm-up removed";
  return fmt::format("warm-up of {} removed{}", compact_duration(header.from.seconds()),
                     header.warm_up == WarmUp::mser5 ? " by MSER-5" : "");
}

std::size_t figures_some_lack(const Report& report) {
  const auto entries = report.figures.entries();
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [&](const FigureEntry& entry) {
        return entry.figure.replications < report.header.replications;
      }));
}

}  // namespace

std::vector<LevelRow> level_rows(const Report& report) {
  std::vector<LevelRow> rows = rows_labelled(report, label::group | label::level);
  if (rows.empty()) rows = rows_labelled(report, label::level);
  worst_group_first(report, rows);
  return rows;
}

const Figure* figure_of(const Report& report, Metric metric, const LevelRow& row) {
  if (const Figure* figure = report.figures.find(metric, row.subject)) return figure;
  const bool only_group = report.names.groups.size() <= 1;
  if (!only_group) return nullptr;
  if (const Figure* figure = report.figures.find(metric, Subject::of(row.level))) return figure;
  return report.figures.find(metric, Subject::of(GroupId::at(0), row.level));
}

Metric attribution_metric(WaitPart part) {
  switch (part) {
    case WaitPart::workers_high:
      return Metric::attribution_workers_high;
    case WaitPart::workers_medium:
      return Metric::attribution_workers_medium;
    case WaitPart::workers_low:
      return Metric::attribution_workers_low;
    case WaitPart::own_workspace:
      return Metric::attribution_own_workspace;
    case WaitPart::worker_start_up:
      return Metric::attribution_worker_start_up;
    case WaitPart::held_by_policy:
      return Metric::attribution_held_by_policy;
    case WaitPart::credential_limit:
      return Metric::attribution_credential_limit;
    case WaitPart::login:
      return Metric::attribution_login;
    case WaitPart::pause:
      return Metric::attribution_pause;
    case WaitPart::workspace_cap:
      return Metric::attribution_workspace_cap;
    case WaitPart::retry_delay:
      return Metric::attribution_retry_delay;
    case WaitPart::api:
      return Metric::attribution_api;
  }
  return Metric::attribution_api;
}

std::string phrase(WaitPart part, PriorityLevel level) {
  const auto busy = [&](PriorityLevel with) {
    return fmt::format("workers busy with {}{} runs", with == level ? "other workspaces' " : "",
                       name(with));
  };
  switch (part) {
    case WaitPart::workers_high:
      return busy(PriorityLevel::HIGH);
    case WaitPart::workers_medium:
      return busy(PriorityLevel::MEDIUM);
    case WaitPart::workers_low:
      return busy(PriorityLevel::LOW);
    case WaitPart::own_workspace:
      return "workers busy with its own workspace";
    case WaitPart::worker_start_up:
      return "workers starting or missing";
    case WaitPart::held_by_policy:
      return "workers kept idle by policy";
    case WaitPart::credential_limit:
      return "a credential at its limit";
    case WaitPart::login:
      return "a login in progress";
    case WaitPart::pause:
      return "a credential or workflow paused";
    case WaitPart::workspace_cap:
      return "the workspace at its cap";
    case WaitPart::retry_delay:
      return "a retry delay";
    case WaitPart::api:
      return "no answer from the API";
  }
  return {};
}

std::string short_phrase(WaitPart part, PriorityLevel level) {
  const auto runs = [&](PriorityLevel with) {
    return fmt::format("{}{} runs", with == level ? "other " : "", name(with));
  };
  switch (part) {
    case WaitPart::workers_high:
      return runs(PriorityLevel::HIGH);
    case WaitPart::workers_medium:
      return runs(PriorityLevel::MEDIUM);
    case WaitPart::workers_low:
      return runs(PriorityLevel::LOW);
    case WaitPart::own_workspace:
      return "own workspace";
    case WaitPart::worker_start_up:
      return "worker start-up";
    case WaitPart::held_by_policy:
      return "policy";
    case WaitPart::credential_limit:
      return "credential limit";
    case WaitPart::login:
      return "login";
    case WaitPart::pause:
      return "pause";
    case WaitPart::workspace_cap:
      return "workspace cap";
    case WaitPart::retry_delay:
      return "retry delay";
    case WaitPart::api:
      return "API";
  }
  return {};
}

std::vector<PartShare> wait_shares(const Report& report, const LevelRow& row) {
  std::vector<PartShare> shares;
  double total = 0;
  for (std::size_t i = 0; i < kWaitParts; ++i) {
    const auto part = static_cast<WaitPart>(i);
    if (part == WaitPart::api) continue;
    const double mean = value_or_zero(figure_of(report, attribution_metric(part), row));
    if (!(mean > 0) || !std::isfinite(mean)) continue;
    shares.push_back({part, mean});
    total += mean;
  }
  for (PartShare& share : shares) share.share /= total;
  std::stable_sort(shares.begin(), shares.end(),
                   [](const PartShare& a, const PartShare& b) { return a.share > b.share; });
  return shares;
}

std::string shares_text(const std::vector<PartShare>& shares, PriorityLevel level, std::size_t most,
                        std::string (*phrase_of)(WaitPart, PriorityLevel)) {
  constexpr double kLeast = 0.01;
  std::string text;
  double rest = 1;
  for (std::size_t i = 0; i < std::min(shares.size(), most); ++i) {
    if (i > 0 && shares[i].share < kLeast) break;
    text += fmt::format("{}{} {}", i == 0 ? "" : " · ", phrase_of(shares[i].part, level),
                        rough_share(shares[i].share));
    rest -= shares[i].share;
  }
  const bool worth_a_word = !shares.empty() && rest >= kLeast;
  return worth_a_word ? text + " · rest " + rough_share(rest) : text;
}

std::string meanwhile_text(const Report& report, const DispatchedMeanwhile& meanwhile) {
  std::string text;
  for (const PriorityLevel level : kAllLevels) {
    double share = 0;
    std::size_t workspaces = 0;
    const DispatchedMeanwhile::Share* most = nullptr;
    for (const auto& one : meanwhile.shares) {
      if (one.level != level) continue;
      if (!most) most = &one;
      share += one.share;
      ++workspaces;
    }
    if (!most) continue;
    text += fmt::format(
        "{}{} {} ({} {}{})", text.empty() ? "" : " · ", name(level), rough_share(share),
        short_name(report.names.workspaces.at(most->workspace.index())), rough_share(most->share),
        workspaces > 1 ? fmt::format(", {} more", workspaces - 1) : "");
  }
  return text;
}

const DispatchedMeanwhile* dispatched_meanwhile(const Report& report, const LevelRow& row) {
  for (const DispatchedMeanwhile& meanwhile : report.dispatched_meanwhile)
    if (meanwhile.starved == row.level && (meanwhile.group == row.group || !row.group.valid()))
      return &meanwhile;
  return nullptr;
}

const StabilityLine* stability_of(const Report& report, const LevelRow& row) {
  for (const GroupStability& group : report.stability)
    for (const StabilityLine& line : group.levels)
      if (line.subject.level == row.level && (group.group == row.group || !row.group.valid()))
        return &line;
  return nullptr;
}

std::vector<FigureEntry> worker_figures(const Report& report) {
  std::vector<FigureEntry> busiest;
  for (const FigureEntry& entry : report.figures.all(Metric::utilisation))
    if (entry.key.subject.group.valid() || report.names.groups.size() != 1)
      busiest.push_back(entry);
  std::stable_sort(busiest.begin(), busiest.end(), [](const FigureEntry& a, const FigureEntry& b) {
    return a.figure.value > b.figure.value;
  });
  return busiest;
}

std::vector<CredentialId> worst_credentials(const Report& report) {
  struct Badness {
    double held, at_limit;
    CredentialId id;
  };
  std::vector<Badness> all;
  for (std::size_t i = 0; i < report.names.credentials.size(); ++i) {
    const Subject subject = Subject::of(CredentialId::at(i));
    if (report.figures.find(Metric::credential_in_use_mean, subject))
      all.push_back({value_or_zero(report.figures.find(Metric::credential_held_time, subject)),
                     value_or_zero(report.figures.find(Metric::credential_at_limit, subject)),
                     CredentialId::at(i)});
  }
  std::stable_sort(all.begin(), all.end(), [](const Badness& a, const Badness& b) {
    return a.held != b.held ? a.held > b.held : a.at_limit > b.at_limit;
  });
  std::vector<CredentialId> ids;
  ids.reserve(all.size());
  for (const Badness& one : all) ids.push_back(one.id);
  return ids;
}

std::string limit_text(const Report& report, CredentialId credential) {
  const std::uint32_t limit = report.names.credential_limits.at(credential.index());
  return limit == UINT32_MAX ? "∞" : compact_count(limit);
}

std::string threshold_text(const ReportHeader& header) {
  const auto& thetas = header.starvation_threshold;
  if (std::all_of(thetas.begin(), thetas.end(), [&](Duration d) { return d == thetas[0]; }))
    return compact_duration(thetas[0].seconds());
  std::string text;
  for (const PriorityLevel level : kAllLevels)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name(level),
                        compact_duration(thetas[index(level)].seconds()));
  return "θ (" + text + ")";
}

std::string_view verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "PASS";
    case Verdict::failed:
      return "FAIL";
    case Verdict::inconclusive:
      return "INCONCLUSIVE";
    case Verdict::none:
      return "NO EXPECTATIONS";
  }
  return {};
}

std::string verdict_summary(const Report& report) {
  int failed = 0, inconclusive = 0;
  for (const auto& result : report.expectations) count_status(result.status, failed, inconclusive);
  for (const auto& result : report.reaches) count_status(result.status, failed, inconclusive);
  const std::size_t all = report.expectations.size() + report.reaches.size();
  if (all == 0) return {};
  const std::string of = fmt::format(" of {} expectation{}", all, all == 1 ? "" : "s");
  if (failed > 0)
    return fmt::format("{}{} failed{}", failed, of,
                       inconclusive > 0 ? fmt::format(", {} inconclusive", inconclusive) : "");
  if (inconclusive > 0) return fmt::format("{}{} inconclusive", inconclusive, of);
  return all == 1 ? "its expectation holds" : fmt::format("all {} expectations hold", all);
}

std::string answer(const Report& report) {
  const std::vector<LevelRow> rows = level_rows(report);
  if (rows.empty())
    return "No run was waiting in the window: there is nothing to say about starvation.";
  const LevelRow* starved = worst_starved(report, rows);
  if (!starved) return calm_answer(report, rows) + tight_resource_sentence(report);
  return starvation_sentence(report, *starved) + blame_sentence(report, *starved) +
         meanwhile_sentence(report, *starved) + tight_resource_sentence(report);
}

std::vector<std::string> warnings(const Report& report) {
  std::vector<std::string> lines;
  const ReportHeader& header = report.header;
  if (!header.complete)
    lines.push_back(fmt::format("Incomplete: ended early; everything here is about {} to {} only.",
                                compact_duration(header.from.seconds()),
                                compact_duration(header.until.seconds())));
  if (const std::size_t count = figures_some_lack(report))
    lines.push_back(fmt::format("{} of {} figures are means over fewer than {} replications.",
                                format_count(static_cast<double>(count)),
                                format_count(static_cast<double>(report.figures.size())),
                                header.replications));
  return lines;
}

std::string provenance(const Report& report) {
  const ReportHeader& header = report.header;
  return fmt::format("{} runs · seed {} · {} · window {} to {}, {} · scenario {}",
                     format_count(static_cast<double>(header.runs)), header.seed,
                     header.replications == 1
                         ? "1 replication, chance not measured"
                         : fmt::format("{} replications, ± at {}", header.replications,
                                       format_share(header.confidence)),
                     compact_duration(header.from.seconds()),
                     compact_duration(header.until.seconds()), warm_up_text(header), header.hash);
}

}  // namespace sluice
