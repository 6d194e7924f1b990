#include "experiments/warm_up.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/random/random.hpp"
#include "experiments/recurrence.hpp"
#include "reports/make_recorder.hpp"
#include "reports/statistics.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {
namespace {

constexpr std::uint32_t kPilotBuckets = 2000;

}  // namespace

WarmUpEnd find_warm_up(const Scenario& scenario, const SimulationControl& control) {
  if (!scenario.warm_up.automatic) {
    const Duration length = std::min(scenario.warm_up.length, scenario.duration);
    return {Time::zero() + length, length.ns > 0 ? WarmUp::given : WarmUp::none};
  }
  RecorderConfig config = recorder_config(scenario, Time::zero());
  config.time_line_buckets = kPilotBuckets;
  config.slices.clear();
  config.quantiles.clear();
  config.windows.clear();
  const auto recorder = make_recorder(config, scenario.pipeline);
  const ScopedCheckSeed seed(scenario.seed, 0);
  Simulation simulation(scenario, stream_key(scenario.seed, "pilot"), *recorder);
  const Time end = simulation.run(control);
  if (end < Time::zero() + scenario.duration) return {Time::zero(), WarmUp::none};
  const Time steady = warm_up_by_mser5(recorder->finish(end));
  const Duration period = recurrence(scenario);
  if (period.ns <= 0) return {steady, WarmUp::mser5};
  return {whole_periods(steady, period), WarmUp::mser5, period};
}

}  // namespace sluice
