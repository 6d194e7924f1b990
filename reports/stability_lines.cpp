#include "reports/stability_lines.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/check.hpp"

namespace sluice {
namespace {

constexpr std::size_t kTightResources = 20;
constexpr std::size_t kMostStretches = 5;

/// The figures of one subject.
StabilityLine stability_line(const FigureTable& figures, const Subject& subject, double servers) {
  const auto value = [&](Metric metric) { return value_or_zero(figures.find(metric, subject)); };
  StabilityLine line;
  line.subject = subject;
  line.arrivals_per_s = value(Metric::arrivals_rate) / 60;
  line.mean_service_s = value(Metric::service_mean);
  line.servers = servers;
  line.sigma = value(Metric::stability_sigma);
  line.headroom = 1 - line.sigma;
  const Figure* sigma = figures.find(Metric::stability_sigma, subject);
  line.lower_bound = sigma != nullptr && sigma->lower_bound;
  const Figure* needed = figures.find(Metric::workers_needed_mean, subject);
  line.workers_needed =
      needed != nullptr ? needed->value : line.arrivals_per_s * line.mean_service_s / kTargetSigma;
  const Figure* peak = figures.find(Metric::stability_peak_sigma, subject);
  if (peak == nullptr || !(peak->value > 0)) return line;
  line.peak_sigma = peak->value;
  line.peak_interval = peak->interval;
  line.peak_lower_bound = peak->lower_bound;
  const Figure* needed_then = figures.find(Metric::workers_needed, subject);
  line.workers_needed_at_peak =
      needed_then != nullptr ? needed_then->value : line.peak_sigma * servers / kTargetSigma;
  line.servers_at_peak = line.workers_needed_at_peak * kTargetSigma / line.peak_sigma;
  line.time_at_or_above_one = Duration::from_seconds(value(Metric::stability_overloaded));
  return line;
}

/// The mean over the replications whose windows are those of the first; of each window over those
/// that had any capacity in it.
std::optional<SigmaOverTime> mean_over_time(const Subject& subject,
                                            std::span<const ReplicationResult> replications) {
  std::optional<SigmaOverTime> mean;
  std::vector<float> with_capacity;
  for (const ReplicationResult& replication : replications)
    for (const SigmaOverTime& one : replication.sigma) {
      if (one.subject != subject) continue;
      if (!mean) {
        mean = one;
        std::fill(mean->windows.begin(), mean->windows.end(), 0.0F);
        with_capacity.resize(one.windows.size());
      }
      if (one.windows.size() != with_capacity.size() || one.step != mean->step) continue;
      for (std::size_t i = 0; i < one.windows.size(); ++i) {
        if (one.windows[i] == SigmaOverTime::kNoCapacity) continue;
        mean->windows[i] += one.windows[i];
        ++with_capacity[i];
      }
    }
  if (!mean) return mean;
  for (std::size_t i = 0; i < with_capacity.size(); ++i)
    mean->windows[i] =
        with_capacity[i] > 0 ? mean->windows[i] / with_capacity[i] : SigmaOverTime::kNoCapacity;
  return mean;
}

/// What a window says it says of its middle; the first and the last one of the edges too.
std::vector<OverloadedStretch> overloaded(const SigmaOverTime& sigma) {
  std::vector<OverloadedStretch> stretches;
  const Duration to_middle{(sigma.window - sigma.step).ns / 2};
  for (std::size_t i = 0; i < sigma.windows.size(); ++i) {
    if (sigma.windows[i] < 1) continue;
    const Time middle = sigma.from + sigma.step * static_cast<std::int64_t>(i) + to_middle;
    const Time from = i == 0 ? sigma.from : std::max(sigma.from, middle);
    const bool last = i + 1 == sigma.windows.size();
    const Time until = last ? sigma.until : std::min(sigma.until, middle + sigma.step);
    const double value = static_cast<double>(sigma.windows[i]);
    if (!stretches.empty() && from - stretches.back().until < sigma.window) {
      stretches.back().until = until;
      stretches.back().sigma = std::max(stretches.back().sigma, value);
    } else {
      stretches.push_back({from, until, value});
    }
  }
  std::stable_sort(stretches.begin(), stretches.end(),
                   [](const OverloadedStretch& a, const OverloadedStretch& b) {
                     return a.until - a.from > b.until - b.from;
                   });
  if (stretches.size() > kMostStretches) stretches.resize(kMostStretches);
  std::sort(stretches.begin(), stretches.end(),
            [](const OverloadedStretch& a, const OverloadedStretch& b) { return a.from < b.from; });
  return stretches;
}

void add_when(StabilityLine& line, std::span<const ReplicationResult> replications) {
  const std::optional<SigmaOverTime> mean = mean_over_time(line.subject, replications);
  if (!mean || !(line.peak_sigma > 0)) return;
  line.overloaded = overloaded(*mean);
  if (replications.size() == 1) {
    line.peak_from = mean->peak_from;
    line.peak_until = mean->peak_until;
    return;
  }
  const auto highest = std::max_element(mean->windows.begin(), mean->windows.end());
  const auto number = static_cast<std::int64_t>(highest - mean->windows.begin());
  line.peak_from = mean->from + mean->step * number;
  const bool last = highest + 1 == mean->windows.end();
  line.peak_until = last ? mean->until : line.peak_from + std::max(mean->window, mean->step);
}

/// Of a credential or pool: from the first to the last of the replications' windows.
void add_when(StabilityLine& line, std::span<const ReplicationResult> replications,
              const std::vector<std::vector<PoolId>>& pools) {
  bool any = false;
  for (std::size_t r = 0; r < replications.size(); ++r)
    for (const ResourcePeak& peak : replications[r].resource_peaks) {
      Subject subject = peak.subject;
      if (subject.pool.valid()) subject.pool = pools[r][subject.pool.index()];
      if (subject != line.subject) continue;
      line.peak_from = any ? std::min(line.peak_from, peak.from) : peak.from;
      line.peak_until = any ? std::max(line.peak_until, peak.until) : peak.until;
      any = true;
    }
}

std::vector<GroupStability> stability_of_groups(const Report& report,
                                                std::span<const ReplicationResult> replications) {
  std::vector<GroupStability> result;
  for (std::size_t g = 0; g < report.names.groups.size(); ++g) {
    GroupStability group;
    group.group = GroupId::at(g);
    const Figure* workers = report.figures.find(Metric::workers_mean, Subject::of(group.group));
    for (const PriorityLevel level : kAllLevels) {
      const Subject subject = Subject::of(group.group, level);
      if (report.figures.find(Metric::stability_sigma, subject) == nullptr) continue;
      group.levels.push_back(stability_line(report.figures, subject, value_or_zero(workers)));
      add_when(group.levels.back(), replications);
      if (!group.first_to_starve && group.levels.back().sigma >= 1) group.first_to_starve = level;
    }
    result.push_back(std::move(group));
  }
  return result;
}

double tightness(const StabilityLine& line) { return std::max(line.sigma, line.peak_sigma); }

/// A member of a pool says what its pool says, unless it alone is too tight.
void keep_pools_for_members(const Names& names, std::vector<StabilityLine>& lines) {
  std::vector<const StabilityLine*> pool_of(names.credentials.size());
  for (const StabilityLine& line : lines) {
    if (!line.subject.pool.valid()) continue;
    for (const CredentialId member : names.pools[line.subject.pool.index()].members) {
      if (member.index() >= pool_of.size()) continue;
      const StabilityLine*& tightest = pool_of[member.index()];
      if (tightest == nullptr || tightness(*tightest) < tightness(line)) tightest = &line;
    }
  }
  std::vector<StabilityLine> kept;
  for (const StabilityLine& line : lines) {
    const CredentialId credential = line.subject.credential;
    const StabilityLine* pool = credential.valid() ? pool_of[credential.index()] : nullptr;
    if (pool == nullptr || (tightness(line) >= 1 && tightness(*pool) < 1)) kept.push_back(line);
  }
  lines = std::move(kept);
}

std::vector<StabilityLine> tight_resources(const Report& report,
                                           std::span<const ReplicationResult> replications,
                                           const std::vector<std::vector<PoolId>>& pools) {
  std::vector<StabilityLine> lines;
  for (const FigureEntry& e : report.figures.all(Metric::stability_sigma)) {
    const Subject& s = e.key.subject;
    double slots = 0;
    if (s.credential.valid())
      slots = report.names.credential_limits[s.credential.index()];
    else if (s.pool.valid())
      for (const CredentialId member : report.names.pools[s.pool.index()].members)
        slots += report.names.credential_limits[member.index()];
    else
      continue;
    lines.push_back(stability_line(report.figures, s, slots));
  }
  keep_pools_for_members(report.names, lines);
  std::stable_sort(lines.begin(), lines.end(), [](const StabilityLine& a, const StabilityLine& b) {
    return tightness(a) > tightness(b);
  });
  if (lines.size() > kTightResources) lines.resize(kTightResources);
  for (StabilityLine& line : lines) add_when(line, replications, pools);
  return lines;
}

}  // namespace

void add_stability_lines(Report& report, std::span<const ReplicationResult> replications,
                         const std::vector<std::vector<PoolId>>& pools) {
  SLUICE_REQUIRE(!replications.empty(), "a report has a replication");
  report.stability = stability_of_groups(report, replications);
  report.tight_resources = tight_resources(report, replications, pools);
}

}  // namespace sluice
