#include "experiments/progress.hpp"

#include "experiments/rounds/looks.hpp"

namespace sluice {

ExperimentProgress::ExperimentProgress(const Scenario& scenario)
    : duration_(scenario.duration),
      has_pilot_(scenario.warm_up.automatic),
      wanted_(scenario.replications.value_or(1)),
      replications_(looks_of(scenario).last()) {}

double ExperimentProgress::fraction() const {
  return total().ns > 0 ? simulated().seconds() / total().seconds() : 1;
}

Duration ExperimentProgress::simulated() const {
  Duration sum{pilot_.simulated_ns.load(std::memory_order_relaxed)};
  for (const SimulationProgress& part : replications_)
    sum += Duration{part.simulated_ns.load(std::memory_order_relaxed)};
  return sum;
}

Duration ExperimentProgress::total() const {
  const std::int64_t replications = wanted_.load(std::memory_order_relaxed);
  return duration_ * (replications + (has_pilot_ ? 1 : 0));
}

std::uint64_t ExperimentProgress::runs() const {
  std::uint64_t sum = pilot_.runs.load(std::memory_order_relaxed);
  for (const SimulationProgress& part : replications_)
    sum += part.runs.load(std::memory_order_relaxed);
  return sum;
}

}  // namespace sluice
