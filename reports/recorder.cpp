#include "reports/recorder.hpp"

#include <algorithm>

#include "reports/metrics/plans/plans.hpp"

namespace sluice {

bool from_histogram(Metric metric) {
  return (metric >= Metric::wait_p50 && metric <= Metric::wait_p999) ||
         metric == Metric::slowdown_p99 || metric == Metric::api_latency_p99 ||
         metric == Metric::webhooks_latency_p99;
}

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
  if (!config.only) return Plan::everything;
  const bool has_slices = !config.slices.empty() || !config.windows.empty();
  if (!has_slices && suffices<CountsPlan>(config)) return Plan::counts;
  return suffices<WaitsPlan>(config) ? Plan::waits : Plan::everything;
}

std::unique_ptr<Recorder> make_recorder(const RecorderConfig& config,
                                        const PipelineConfig& pipeline) {
  switch (plan_for(config)) {
    case Plan::counts:
      return record_counts(config, pipeline);
    case Plan::waits:
      return record_waits(config, pipeline);
    case Plan::everything:
      break;
  }
  return record_everything(config, pipeline);
}

}  // namespace sluice
