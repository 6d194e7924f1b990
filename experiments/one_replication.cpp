#include "experiments/one_replication.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "pipeline/observer_list.hpp"
#include "reports/make_recorder.hpp"

namespace sluice {

Replication replicate(const Scenario& scenario, const RecorderConfig& config, std::uint32_t number,
                      const SimulationControl& control, const ListenerFactory& make_listeners) {
  const auto recorder = make_recorder(config, scenario.pipeline);
  ObserverList all;
  all.add(*recorder);
  const Listeners listeners = make_listeners ? make_listeners(number, *recorder) : Listeners();
  for (const auto& listener : listeners) all.add(*listener);

  PipelineObserver& observer = listeners.empty() ? static_cast<PipelineObserver&>(*recorder) : all;
  const ScopedCheckSeed seed(scenario.seed, number);
  Simulation simulation(scenario, replication_seed(scenario.seed, number), observer);
  const Time end = simulation.run(control);
  for (const auto& listener : listeners) listener->finish(end);
  return {recorder->finish(std::max(end, config.from)), end};
}

}  // namespace sluice
