#include "experiments/recurrence.hpp"

#include <algorithm>
#include <numeric>
#include <variant>
#include <vector>

namespace sluice {
namespace {

/// Zero: they do not recur.
Duration period_of(const Arrivals& arrivals) {
  if (const auto* poisson = std::get_if<PoissonArrivals>(&arrivals))
    return poisson->rate.points.size() > 1 ? poisson->rate.period : Duration{};
  if (const auto* batches = std::get_if<BatchArrivals>(&arrivals)) return batches->period;
  return {};
}

/// The shortest time that holds a whole number of each; none up to `most`.
Duration common_period(const std::vector<Duration>& periods, Duration most) {
  Duration common{1};
  for (const Duration period : periods) {
    const std::int64_t times = period.ns / std::gcd(common.ns, period.ns);
    if (common.ns > most.ns / times) return {};
    common = common * times;
  }
  return common;
}

}  // namespace

Duration recurrence(const Scenario& scenario) {
  std::vector<Duration> periods;
  const auto note = [&](Duration period) {
    if (period.ns > 0 && period <= scenario.duration) periods.push_back(period);
  };
  for (const SubmitterConfig& submitter : scenario.submitters) note(period_of(submitter.arrivals));
  for (const ResourceGroupConfig& group : scenario.pipeline.groups)
    if (!group.workers.autoscaling && !group.workers.schedule.empty())
      note(group.workers.schedule_period);
  if (periods.empty()) return {};
  const Duration common = common_period(periods, scenario.duration);
  return common.ns > 0 ? common : *std::max_element(periods.begin(), periods.end());
}

}  // namespace sluice
