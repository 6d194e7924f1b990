#include "reports/hour_tables.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace sluice {
namespace {

/// Sums over replications.
struct HourSums {
  double arrivals_per_h = 0;
  std::uint64_t waits = 0;
  double p50_s = 0;
  double p95_s = 0;
  bool lower_bound = false;
  std::size_t measured = 0;  ///< replications with waits

  void add(const HourFigures& hour) {
    arrivals_per_h += hour.arrivals_per_h;
    if (hour.waits == 0) return;
    waits += hour.waits;
    p50_s += hour.wait_p50_s;
    p95_s += hour.wait_p95_s;
    lower_bound |= hour.lower_bound;
    ++measured;
  }
  HourFigures mean(double replications) const {
    HourFigures hour;
    hour.arrivals_per_h = arrivals_per_h / replications;
    hour.waits = waits;
    if (measured == 0) return hour;
    hour.wait_p50_s = p50_s / static_cast<double>(measured);
    hour.wait_p95_s = p95_s / static_cast<double>(measured);
    hour.lower_bound = lower_bound;
    return hour;
  }
};

std::vector<HourLine> mean_lines(std::span<const ReplicationResult> replications,
                                 std::vector<HourLine> HourCounts::*which, std::size_t period) {
  std::map<Subject, std::vector<HourSums>> sums;
  for (const ReplicationResult& replication : replications)
    for (const HourLine& line : replication.hours.*which) {
      std::vector<HourSums>& of = sums[line.subject];
      of.resize(period);
      for (std::size_t hour = 0; hour < period; ++hour) of[hour].add(line.hours[hour]);
    }
  std::vector<HourLine> lines;
  for (const auto& [subject, hours] : sums) {
    lines.push_back({subject, {}});
    for (const HourSums& hour : hours)
      lines.back().hours.push_back(hour.mean(static_cast<double>(replications.size())));
  }
  return lines;
}

double longest_p95(const HourLine& line) {
  double longest = 0;
  for (const HourFigures& hour : line.hours) longest = std::max(longest, hour.wait_p95_s);
  return longest;
}

/// Levels of groups first; of the workspaces only the worst.
std::vector<HourLine> worst_only(std::vector<HourLine> lines) {
  std::map<WorkspaceId, double> worst;
  for (const HourLine& line : lines)
    if (line.subject.workspace.valid()) {
      double& longest = worst[line.subject.workspace];
      longest = std::max(longest, longest_p95(line));
    }
  std::vector<std::pair<double, WorkspaceId>> order;
  for (const auto& [workspace, longest] : worst) order.emplace_back(-longest, workspace);
  std::sort(order.begin(), order.end());
  std::vector<HourLine> kept;
  for (const HourLine& line : lines)
    if (!line.subject.workspace.valid()) kept.push_back(line);
  for (std::size_t i = 0; i < std::min(order.size(), HourTables::kMostWorkspaces); ++i)
    for (HourLine& line : lines)
      if (line.subject.workspace == order[i].second) kept.push_back(std::move(line));
  return kept;
}

/// Work that one run of a level brings, in seconds of a worker.
double work_of_run(const FigureTable& figures, GroupId group, PriorityLevel level) {
  const Figure* mean = figures.find(Metric::service_mean, Subject::of(group, level));
  return mean == nullptr ? 0 : mean->value;
}

/// The peaks of one level in one replication, by hour of the period.
struct Peaks {
  std::vector<std::optional<double>> sigma;
  std::vector<double> needed;
};

Peaks peaks_of(const HourCounts& counts, const FigureTable& figures, GroupId group,
               std::size_t level, std::size_t period) {
  Peaks peaks{std::vector<std::optional<double>>(period), std::vector<double>(period)};
  const std::vector<double>& present = counts.present_s[group.index()];
  const auto first = static_cast<std::size_t>(counts.from.ns / kOneHour.ns);
  for (std::size_t i = 0; i < present.size(); ++i) {
    double work = 0;
    for (std::size_t j = 0; j <= level; ++j) {
      const auto& arrivals = counts.arrivals[group.index() * kLevels + j];
      if (i < arrivals.size()) work += arrivals[i] * work_of_run(figures, group, kAllLevels[j]);
    }
    const std::size_t hour = (first + i) % period;
    peaks.needed[hour] = std::max(peaks.needed[hour], work / 3600 / kTargetSigma);
    if (present[i] <= 0) continue;
    peaks.sigma[hour] = std::max(peaks.sigma[hour].value_or(0), work / present[i]);
  }
  return peaks;
}

void add_peaks(std::span<const ReplicationResult> replications, const FigureTable& figures,
               HourLine& line) {
  const std::size_t period = line.hours.size();
  std::vector<std::size_t> known(period);
  for (const ReplicationResult& replication : replications) {
    const Peaks peaks = peaks_of(replication.hours, figures, line.subject.group,
                                 index(*line.subject.level), period);
    for (std::size_t hour = 0; hour < period; ++hour) {
      HourFigures& of = line.hours[hour];
      of.workers_needed = of.workers_needed.value_or(0) +
                          peaks.needed[hour] / static_cast<double>(replications.size());
      if (!peaks.sigma[hour]) continue;
      of.sigma_peak = of.sigma_peak.value_or(0) + *peaks.sigma[hour];
      ++known[hour];
    }
  }
  for (std::size_t hour = 0; hour < period; ++hour)
    if (known[hour] > 1) *line.hours[hour].sigma_peak /= static_cast<double>(known[hour]);
}

/// From hours since time 0 to hours of a day or week as clocks showed them at time 0.
void by_clock(HourLine& line, const Calendar& calendar) {
  constexpr std::int64_t kDay = 24 * kOneHour.ns;
  const std::int64_t day = calendar.local_day(Time::zero());
  const std::int64_t of_day = calendar.local_ns(Time::zero()) - day * kDay;
  const auto later = static_cast<std::size_t>(calendar.weekday(day) * 24 + of_day / kOneHour.ns) %
                     line.hours.size();
  std::rotate(line.hours.begin(), line.hours.end() - static_cast<std::ptrdiff_t>(later),
              line.hours.end());
}

}  // namespace

HourTables hour_tables(std::span<const ReplicationResult> replications, const FigureTable& figures,
                       const Calendar& calendar) {
  HourTables tables;
  tables.recorded = replications[0].hours.recorded;
  if (!tables.recorded) return tables;
  tables.day = worst_only(mean_lines(replications, &HourCounts::day, kHoursOfDay));
  tables.week = mean_lines(replications, &HourCounts::week, kHoursOfWeek);
  for (std::vector<HourLine>* lines : {&tables.day, &tables.week})
    for (HourLine& line : *lines)
      if (line.subject.group.valid()) add_peaks(replications, figures, line);
  if (calendar.has_dates())
    for (std::vector<HourLine>* lines : {&tables.day, &tables.week})
      for (HourLine& line : *lines) by_clock(line, calendar);
  return tables;
}

}  // namespace sluice
