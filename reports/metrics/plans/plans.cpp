#include "reports/metrics/plans/plans.hpp"

#include <algorithm>

namespace sluice {
namespace {

/// Whether the plan says all that is asked for.
template <class FamilyList>
bool suffices(const RecorderConfig& config) {
  const auto is_said = [](Metric metric) { return FamilyList::said_by(metric) > 0; };
  return std::all_of(config.only->begin(), config.only->end(), is_said) &&
         std::all_of(config.windows.begin(), config.windows.end(),
                     [&](const WindowWatch& watch) { return is_said(watch.metric); });
}

}  // namespace

Plan plan_for(const RecorderConfig& config) {
  if (config.in_detail) return Plan::detailed;
  if (!config.only) return Plan::everything;
  const bool has_slices = !config.slices.empty() || !config.windows.empty();
  if (!has_slices && suffices<CountsPlan>(config)) return Plan::counts;
  return suffices<WaitsPlan>(config) ? Plan::waits : Plan::everything;
}

}  // namespace sluice
