#include "reports/summary/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "base/text/display_text.hpp"
#include "base/text/units.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/load.hpp"
#include "reports/summary/report_columns.hpp"

namespace sluice {
namespace {

std::string name_of_group(const Report& report, GroupId group) {
  return short_name(report.names.groups.at(group.index()));
}

LevelRow make_row(const Report& report, const Subject& subject) {
  LevelRow row{subject.group, *subject.level, subject, std::string(name(*subject.level))};
  if (subject.group.valid() && report.names.groups.size() > 1)
    row.label = name_of_group(report, subject.group) + " " + row.label;
  return row;
}

/// Rows of the subjects that carry exactly `labels` and of which runs waited or were dispatched in
/// the window; the latter may all have come before it.
std::vector<LevelRow> rows_labelled(const Report& report, Labels labels) {
  std::vector<LevelRow> rows;
  for (const Metric metric : {Metric::wait_count, Metric::dispatched_count})
    for (const FigureEntry& entry : report.figures.all(metric)) {
      const Subject& subject = entry.key.subject;
      const auto is_this = [&](const LevelRow& row) { return row.subject == subject; };
      if (subject.labels() == labels && entry.figure.value > 0 &&
          std::none_of(rows.begin(), rows.end(), is_this))
        rows.push_back(make_row(report, subject));
    }
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

void count_status(Status status, int& failed, int& inconclusive) {
  failed += status == Status::failed;
  inconclusive += status == Status::inconclusive;
}

std::string warm_up_text(const ReportHeader& header) {
  if (header.warm_up == WarmUp::none || header.from == Time::zero()) return "no warm-up removed";
  return fmt::format("warm-up of {} removed{}", format_duration(header.from.seconds()),
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

std::string short_name(std::string_view name) { return clipped_middle(printable(name), 32); }

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
    case WaitPart::no_worker:
      return Metric::attribution_no_worker;
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
      return "workers starting or cooling";
    case WaitPart::no_worker:
      return "no worker there";
    case WaitPart::held_by_policy:
      return "workers kept idle by policy";
    case WaitPart::credential_limit:
      return "a credential at its limit";
    case WaitPart::login:
      return "a login in progress";
    case WaitPart::pause:
      return "a paused group, workflow or credential";
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
    case WaitPart::no_worker:
      return "no worker";
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
  if (!attribution_known(report)) return {};
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

std::vector<LevelShare> shares_by_level(const DispatchedMeanwhile& meanwhile) {
  std::vector<LevelShare> levels;
  for (const PriorityLevel level : kAllLevels) {
    LevelShare all;
    all.level = level;
    for (const auto& one : meanwhile.shares) {
      if (one.level != level) continue;
      if (all.workspaces++ == 0) all.most = one;
      all.share += one.share;
    }
    if (all.workspaces > 0) levels.push_back(all);
  }
  return levels;
}

std::string meanwhile_text(const Report& report, const DispatchedMeanwhile& meanwhile) {
  constexpr double kWorthAName = 0.01;
  std::string text;
  for (const LevelShare& level : shares_by_level(meanwhile)) {
    text += fmt::format("{}{} {} ", text.empty() ? "" : " · ", name(level.level),
                        rough_share(level.share));
    if (level.workspaces > 1 && level.most.share < kWorthAName)
      text += fmt::format("({} workspaces)", level.workspaces);
    else
      text += fmt::format(
          "({} {}{})", short_name(report.names.workspaces.at(level.most.workspace.index())),
          rough_share(level.most.share),
          level.workspaces > 1 ? fmt::format(", {} more", level.workspaces - 1) : "");
  }
  return text;
}

std::string before_acceptance_text(const Report& report, const std::vector<LevelRow>& rows) {
  std::string text;
  for (const LevelRow& row : rows) {
    const Figure* api = figure_of(report, Metric::attribution_api, row);
    if (value_or_zero(api) > 0)
      text += fmt::format("{}{} {}", text.empty() ? "mean " : " · ", row.label,
                          compact(api, Unit::seconds));
  }
  return text;
}

const DispatchedMeanwhile* dispatched_meanwhile(const Report& report, const LevelRow& row) {
  for (const DispatchedMeanwhile& meanwhile : report.dispatched_meanwhile)
    if (meanwhile.starved == row.level && (meanwhile.group == row.group || !row.group.valid()))
      return &meanwhile;
  return nullptr;
}

std::string sigma_text(const StabilityLine& line) {
  return (line.lower_bound ? "≥" : "") + format_number(line.sigma);
}
std::string headroom_text(const StabilityLine& line) {
  return (line.lower_bound ? "≤" : "") + format_share(line.headroom);
}
std::string needed_text(const StabilityLine& line) {
  return (line.lower_bound ? "≥" : "") + whole_servers(line.workers_needed);
}

std::string refusals_text(const Report& report) {
  const bool limited = value_or_zero(report.figures.find(Metric::api_rate_limited_count)) > 0;
  const bool errors = value_or_zero(report.figures.find(Metric::api_error_count)) > 0;
  return limited && errors ? "429 and server errors"
         : limited         ? "429"
         : errors          ? "server errors"
                           : "";
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

std::vector<PoolId> worst_pools(const Report& report) {
  std::vector<std::pair<double, PoolId>> all;
  for (const FigureEntry& entry : report.figures.all(Metric::pool_held_time))
    all.emplace_back(entry.figure.value, entry.key.subject.pool);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<PoolId> ids;
  for (const auto& [held, id] : all) ids.push_back(id);
  return ids;
}

std::vector<std::string> pool_cells(const Report& report, PoolId pool) {
  const std::vector<CredentialId>& members = report.names.pools.at(pool.index()).members;
  const auto sum = [&](Metric metric) {
    double total = 0;
    bool any = false;
    for (const CredentialId member : members) {
      const Figure* figure = report.figures.find(metric, Subject::of(member));
      total += value_or_zero(figure);
      any = any || figure != nullptr;
    }
    return any ? compact_count(total) : "–";
  };
  double slots = 0;
  for (const CredentialId member : members) {
    const std::uint32_t limit = report.names.credential_limits.at(member.index());
    slots += limit == UINT32_MAX ? std::numeric_limits<double>::infinity() : limit;
  }
  const auto own = [&](Metric metric) {
    return column_text(report.figures.find(metric, Subject::of(pool)), metric);
  };
  return {
      compact_count(slots),           sum(Metric::credential_in_use_mean), "–",
      own(Metric::pool_runs_held),    own(Metric::pool_held_time),         sum(Metric::login_count),
      sum(Metric::login_failed_count)};
}

std::string limit_text(const Report& report, CredentialId credential) {
  const std::uint32_t limit = report.names.credential_limits.at(credential.index());
  return limit == UINT32_MAX ? "∞" : compact_count(limit);
}

std::string threshold_text(const ReportHeader& header) {
  const auto& thetas = header.starvation_threshold;
  if (std::all_of(thetas.begin(), thetas.end(), [&](Duration d) { return d == thetas[0]; }))
    return format_duration(thetas[0].seconds());
  std::string text;
  for (const PriorityLevel level : kAllLevels)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name(level),
                        format_duration(thetas[index(level)].seconds()));
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

namespace {

std::string expectations_summary(const Report& report) {
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

}  // namespace

std::string verdict_summary(const Report& report) {
  std::string text = expectations_summary(report);
  const Figure* refused = report.figures.find(Metric::submitting_refused_count);
  if (value_or_zero(refused) > 0)
    text += fmt::format("{}{} still being submitted", text.empty() ? "" : "; ",
                        compact_count(refused->value));
  return text;
}

std::vector<std::string> warnings(const Report& report) {
  std::vector<std::string> lines;
  const ReportHeader& header = report.header;
  if (!header.complete)
    lines.push_back(fmt::format("Incomplete: ended early; everything here is about {} to {} only.",
                                format_duration(header.from.seconds()),
                                format_duration(header.until.seconds())));
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
                     format_duration(header.from.seconds()),
                     format_duration(header.until.seconds()), warm_up_text(header), header.hash);
}

}  // namespace sluice
