#include "experiments/progress.hpp"

namespace sluice {

ExperimentProgress::ExperimentProgress(const Scenario& scenario) : duration_(scenario.duration) {
  const std::size_t parts = scenario.replications + (scenario.warm_up.automatic ? 1 : 0);
  for (std::size_t i = 0; i < parts; ++i) parts_.push_back(std::make_unique<SimulationProgress>());
}

double ExperimentProgress::fraction() const {
  return total().ns > 0 ? simulated().seconds() / total().seconds() : 1;
}

Duration ExperimentProgress::simulated() const {
  Duration sum;
  for (const auto& part : parts_)
    sum += Duration{part->simulated_ns.load(std::memory_order_relaxed)};
  return sum;
}

std::uint64_t ExperimentProgress::runs() const {
  std::uint64_t sum = 0;
  for (const auto& part : parts_) sum += part->runs.load(std::memory_order_relaxed);
  return sum;
}

}  // namespace sluice
