// One report out of several replications.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "reports/hour_tables.hpp"
#include "reports/instruments/longest_episodes.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/stability_lines.hpp"
#include "reports/statistics.hpp"
#include "reports/tightest_lines.hpp"

namespace sluice {

namespace {

/// Pools are numbered in order of first use, which differs between replications: the same members
/// are the same pool.
class PoolNumbers {
 public:
  explicit PoolNumbers(Names& names) : names_(names) { names_.pools.clear(); }

  PoolId number(const std::vector<CredentialId>& members) {
    for (std::size_t i = 0; i < names_.pools.size(); ++i)
      if (names_.pools[i].members == members) return PoolId::at(i);
    names_.pools.push_back({pool_name(members), members});
    return PoolId::at(names_.pools.size() - 1);
  }

 private:
  std::string credential(CredentialId id) const {
    return id.index() < names_.credentials.size() ? names_.credentials[id.index()]
                                                  : "#" + std::to_string(id.value);
  }
  /// "portal" of portal-1 … portal-n in order; empty: they are no such family.
  std::string family_of(const std::vector<CredentialId>& members) const {
    const std::string first = credential(members.front());
    if (!first.ends_with("-1")) return {};
    const std::string family = first.substr(0, first.size() - 2);
    for (std::size_t i = 0; i < members.size(); ++i)
      if (credential(members[i]) != family + "-" + std::to_string(i + 1)) return {};
    return family;
  }
  std::string pool_name(const std::vector<CredentialId>& members) const {
    if (members.empty()) return "(0)";
    if (members.size() == 1) return credential(members[0]) + " (1)";
    if (const std::string family = family_of(members); !family.empty())
      return family + " (" + std::to_string(members.size()) + ")";
    const std::string between = members.size() == 2 ? ", " : " … ";
    return credential(members.front()) + between + credential(members.back()) + " (" +
           std::to_string(members.size()) + ")";
  }

  Names& names_;
};

/// Values of one figure over replications.
struct Gathered {
  std::vector<double> values;
  std::vector<double> most;  ///< what each cannot exceed
  Interval within;           ///< sums: between which the exact values lie
  bool exact = true;
  Figure sum;

  void add(const Figure& f) {
    values.push_back(f.value);
    most.push_back(f.lower_bound ? f.at_most.value_or(INFINITY) : f.value);
    sum.samples += f.samples;
    sum.censored += f.censored;
    sum.lower_bound |= f.lower_bound;
    sum.upper_bound |= f.upper_bound;
    within.low += f.within ? f.within->low : f.value;
    within.high += f.within ? f.within->high : f.value;
    exact = exact && !f.within;
  }
  /// Of replications in which nothing happened.
  void add_zeros(std::size_t count) {
    values.resize(values.size() + count, 0.0);
    most.resize(most.size() + count, 0.0);
  }
  Figure figure(double confidence) const {
    Figure f = sum;
    f.interval = student_t_interval(values, confidence);
    // Of equal values the mean is that value, to the last bit.
    f.value = f.interval ? std::accumulate(values.begin(), values.end(), 0.0) /
                               static_cast<double>(values.size())
                         : values[0];
    if (f.interval) {
      const auto [least, most_of_all] = std::ranges::minmax(values);
      f.range = Interval{least, most_of_all};
    }
    f.replications = static_cast<std::uint32_t>(values.size());
    const auto n = static_cast<double>(values.size());
    if (!exact) f.within = Interval{within.low / n, within.high / n};
    const bool bounded = *std::max_element(most.begin(), most.end()) < INFINITY;
    if (f.lower_bound && bounded) {
      const auto interval = student_t_interval(most, confidence);
      f.at_most = interval ? interval->high : most[0];
    }
    return f;
  }
};

bool is_attribution(Metric metric) {
  return metric >= Metric::attribution_workers_high && metric <= Metric::attribution_api;
}

/// Entries of all replications in order of keys, pools renumbered.
std::vector<FigureEntry> all_entries(std::span<const ReplicationResult> replications,
                                     const std::vector<std::vector<PoolId>>& pools) {
  std::vector<FigureEntry> entries;
  for (std::size_t r = 0; r < replications.size(); ++r)
    for (FigureEntry entry : replications[r].figures.entries()) {
      PoolId& pool = entry.key.subject.pool;
      if (pool.valid()) pool = pools[r][pool.index()];
      entries.push_back(std::move(entry));
    }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const FigureEntry& a, const FigureEntry& b) { return a.key < b.key; });
  return entries;
}

FigureTable combine_figures(std::span<const ReplicationResult> replications,
                            const std::vector<std::vector<PoolId>>& pools, double confidence) {
  FigureTable table;
  const std::vector<FigureEntry> entries = all_entries(replications, pools);
  if (replications.size() == 1) {
    for (const FigureEntry& e : entries) table.add(e.key.metric, e.key.subject, e.figure);
    table.seal();
    return table;
  }
  const auto measured = static_cast<std::size_t>(
      std::count_if(replications.begin(), replications.end(),
                    [](const ReplicationResult& r) { return r.until > r.from; }));
  std::map<Subject, std::size_t> with_waits;  // how many replications have waits of a subject
  for (std::size_t i = 0; i < entries.size();) {
    const FigureKey key = entries[i].key;
    Gathered gathered;
    for (; i < entries.size() && entries[i].key == key; ++i) gathered.add(entries[i].figure);
    if (key.metric == Metric::wait_mean) with_waits[key.subject] = gathered.values.size();
    // A part that no run had is left out where there are many subjects: it was zero.
    if (is_attribution(key.metric)) {
      const auto waits = with_waits.find(key.subject);
      if (waits != with_waits.end() && waits->second > gathered.values.size())
        gathered.values.resize(waits->second, 0.0);
    }
    if (zero_if_absent(key.metric) && gathered.values.size() < measured)
      gathered.add_zeros(measured - gathered.values.size());
    if (key.metric == Metric::wait_mean)
      gathered.sum.lower_bound = censoring_matters(gathered.sum.censored, gathered.sum.samples);
    table.add(key.metric, key.subject, gathered.figure(confidence));
  }
  table.seal();
  return table;
}

std::vector<DispatchedMeanwhile> combine_meanwhile(
    std::span<const ReplicationResult> replications) {
  using Queue = std::pair<WorkspaceId, PriorityLevel>;
  std::map<std::pair<GroupId, PriorityLevel>, std::map<Queue, std::uint64_t>> counts;
  for (const ReplicationResult& replication : replications)
    for (const DispatchedMeanwhile& meanwhile : replication.dispatched_meanwhile)
      for (const auto& share : meanwhile.shares)
        counts[{meanwhile.group, meanwhile.starved}][{share.workspace, share.level}] +=
            share.dispatches;

  std::vector<DispatchedMeanwhile> result;
  for (const auto& [starved, by_queue] : counts) {
    DispatchedMeanwhile meanwhile{starved.first, starved.second, 0, {}};
    for (const auto& [queue, dispatches] : by_queue) {
      meanwhile.dispatches += dispatches;
      meanwhile.shares.push_back({queue.second, queue.first, dispatches, 0});
    }
    for (auto& share : meanwhile.shares)
      share.share =
          static_cast<double>(share.dispatches) / static_cast<double>(meanwhile.dispatches);
    std::stable_sort(meanwhile.shares.begin(), meanwhile.shares.end(),
                     [](const auto& a, const auto& b) { return a.dispatches > b.dispatches; });
    result.push_back(std::move(meanwhile));
  }
  return result;
}

/// The longest of all replications.
EpisodeList combine_episodes(std::span<const ReplicationResult> replications,
                             EpisodeList StarvedTimes::*which) {
  std::map<std::pair<GroupId, PriorityLevel>, LongestEpisodes> longest;
  EpisodeList list;
  for (std::size_t r = 0; r < replications.size(); ++r) {
    const EpisodeList& episodes = replications[r].starved.*which;
    list.left_out += episodes.left_out;
    for (Episode episode : episodes.episodes) {
      episode.replication = static_cast<std::uint32_t>(r);
      LongestEpisodes& kept = longest[{episode.group, episode.level}];
      if (kept.has_room_for(episode.length())) kept.add(std::move(episode));
    }
  }
  for (const auto& [of, kept] : longest) {
    list.left_out += kept.left_out();
    list.episodes.insert(list.episodes.end(), kept.episodes().begin(), kept.episodes().end());
  }
  sort_episodes(list.episodes);
  return list;
}

/// Mean, lowest and highest of the values, each over those that have one.
TimeLine combine_line(const std::vector<const TimeLine*>& lines) {
  TimeLine mean{lines[0]->line, lines[0]->subject, {}};
  for (std::size_t j = 0; j < lines[0]->values.size(); ++j) {
    double sum = 0, low = INFINITY, high = -INFINITY;
    std::size_t n = 0;
    for (const TimeLine* line : lines) {
      const double value = line->values[j];
      if (std::isnan(value)) continue;
      sum = n == 0 ? value : sum + value;
      low = std::min(low, value);
      high = std::max(high, value);
      ++n;
    }
    mean.values.push_back(n > 0 ? sum / static_cast<double>(n) : NAN);
    if (lines.size() < 2) continue;
    mean.lowest.push_back(n > 0 ? low : NAN);
    mean.highest.push_back(n > 0 ? high : NAN);
  }
  return mean;
}

/// Of those replications whose time lines have the shape of the first.
TimeLines combine_time_lines(std::span<const ReplicationResult> replications) {
  const TimeLines& first = replications[0].time_lines;
  std::vector<const TimeLines*> alike;
  for (const ReplicationResult& replication : replications) {
    const TimeLines& lines = replication.time_lines;
    const bool same =
        lines.from == first.from && lines.bucket == first.bucket &&
        lines.lines.size() == first.lines.size() &&
        (first.lines.empty() || lines.lines[0].values.size() == first.lines[0].values.size());
    if (same) alike.push_back(&lines);
  }
  TimeLines mean{first.from, first.bucket, {}};
  for (std::size_t i = 0; i < first.lines.size(); ++i) {
    std::vector<const TimeLine*> lines;
    for (const TimeLines* of : alike) lines.push_back(&of->lines[i]);
    mean.lines.push_back(combine_line(lines));
  }
  return mean;
}

std::vector<WaitGrid> combine_grids(std::span<const ReplicationResult> replications) {
  std::map<Subject, std::pair<std::vector<double>, double>> sums;
  for (const ReplicationResult& replication : replications)
    for (const WaitGrid& grid : replication.wait_grids) {
      auto& [values, n] = sums[grid.subject];
      values.resize(grid.values.size());
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += grid.values[i];
      ++n;
    }
  std::vector<WaitGrid> grids;
  for (auto& [subject, sum] : sums) {
    for (double& value : sum.first) value /= sum.second;
    grids.push_back({subject, std::move(sum.first)});
  }
  return grids;
}

/// Of one replication more; by limit, in the same order in all.
void add_breaks(const std::vector<WindowBreaks>& more, std::vector<WindowBreaks>& sums) {
  if (sums.empty()) {
    sums = more;
    return;
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    WindowBreaks& sum = sums[i];
    const double all = sum.replications + more[i].replications;
    if (more[i].first && (!sum.first || *more[i].first < *sum.first)) sum.first = more[i].first;
    if (all > 0)
      sum.first_mean_s =
          (sum.first_mean_s * sum.replications + more[i].first_mean_s * more[i].replications) / all;
    sum.windows += more[i].windows;
    sum.broken += more[i].broken;
    sum.times += more[i].times;
    sum.replications += more[i].replications;
  }
}

std::vector<WindowFigure> combine_windows(std::span<const ReplicationResult> replications,
                                          double confidence) {
  using Key = std::tuple<Metric, Subject, Duration>;
  std::map<Key, std::pair<Gathered, Gathered>> gathered;
  std::map<Key, std::vector<WindowBreaks>> breaks;
  for (const ReplicationResult& replication : replications)
    for (const WindowFigure& window : replication.windows) {
      auto& [highest, lowest] = gathered[{window.metric, window.subject, window.over}];
      highest.add(window.highest);
      lowest.add(window.lowest);
      add_breaks(window.breaks, breaks[{window.metric, window.subject, window.over}]);
    }
  std::vector<WindowFigure> windows;
  for (const auto& [key, pair] : gathered)
    windows.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key),
                       pair.first.figure(confidence), pair.second.figure(confidence),
                       std::move(breaks[key])});
  return windows;
}

}  // namespace

Report combine(ReportHeader header, Names names, std::span<const ReplicationResult> replications) {
  Report report;
  report.header = std::move(header);
  report.header.replications = static_cast<std::uint32_t>(replications.size());
  report.header.from = replications[0].from;
  report.header.until = replications[0].until;
  report.header.runs = 0;
  report.names = std::move(names);
  PoolNumbers numbers(report.names);
  std::vector<std::vector<PoolId>> pools;
  for (const ReplicationResult& replication : replications) {
    report.header.runs += replication.runs;
    report.reached += replication.reached;
    pools.emplace_back();
    for (const auto& members : replication.pools) pools.back().push_back(numbers.number(members));
  }
  const double confidence = report.header.confidence;
  report.figures = combine_figures(replications, pools, confidence);
  report.dispatched_meanwhile = combine_meanwhile(replications);
  report.starved = {combine_episodes(replications, &StarvedTimes::levels),
                    combine_episodes(replications, &StarvedTimes::workspaces),
                    replications[0].starved.workspaces_recorded};
  report.time_lines = combine_time_lines(replications);
  complete_lines(report.time_lines, report.names, report.figures);
  report.wait_grids = combine_grids(replications);
  report.windows = combine_windows(replications, confidence);
  report.hours = hour_tables(replications, report.figures, report.header.calendar);
  add_stability_lines(report, replications, pools);
  return report;
}

}  // namespace sluice
