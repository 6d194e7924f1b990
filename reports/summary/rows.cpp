#include "reports/summary/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "base/text/display_text.hpp"

namespace sluice {
namespace {

LevelRow make_row(const Report& report, const Subject& subject) {
  return {subject.group, *subject.level, subject,
          level_label(report, subject.group, *subject.level)};
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

}  // namespace

std::string level_label(const Report& report, GroupId group, PriorityLevel level) {
  std::string label(name(level));
  if (!group.valid() || report.names.groups.size() < 2) return label;
  return short_name(report.names.groups.at(group.index())) + " " + label;
}

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

const LevelRow* worst_starved(const Report& report, const std::vector<LevelRow>& rows) {
  const LevelRow* worst = nullptr;
  for (const LevelRow& row : rows)
    if (value_or_zero(figure_of(report, Metric::starvation_count, row)) > 0 &&
        (!worst || longest_starvation(report, row) > longest_starvation(report, *worst)))
      worst = &row;
  return worst;
}

const LevelRow* slowest(const Report& report, const std::vector<LevelRow>& rows) {
  const LevelRow* slowest = nullptr;
  const auto waits = [&](const LevelRow& row) {
    return std::pair(value_or_zero(figure_of(report, Metric::wait_p95, row)),
                     value_or_zero(figure_of(report, Metric::wait_max, row)));
  };
  for (const LevelRow& row : rows)
    if (!slowest || waits(row) > waits(*slowest)) slowest = &row;
  return slowest;
}

bool attribution_known(const Report& report) { return !report.load; }

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

void leave_out_members(const Report& report, const std::vector<PoolId>& pools,
                       std::vector<CredentialId>& credentials) {
  std::set<CredentialId> members;
  for (const PoolId pool : pools)
    for (const CredentialId member : report.names.pools.at(pool.index()).members)
      members.insert(member);
  std::erase_if(credentials, [&](CredentialId id) { return members.contains(id); });
}

}  // namespace sluice
