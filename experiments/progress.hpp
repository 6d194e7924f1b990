// How far an experiment is.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.hpp"
#include "scenarios/scenario.hpp"
#include "sim/simulation.hpp"

namespace sluice {

/// Any thread may read it.
class ExperimentProgress {
 public:
  explicit ExperimentProgress(const Scenario& scenario);
  /// Of all simulated time, the pilot's included; 0 … 1.
  double fraction() const;
  /// Simulated time of all replications together.
  Duration simulated() const;
  Duration total() const { return duration_ * static_cast<std::int64_t>(parts_.size()); }
  std::uint64_t runs() const;

  SimulationProgress& pilot() { return *parts_.back(); }
  SimulationProgress& replication(std::uint32_t number) { return *parts_[number]; }

 private:
  Duration duration_;
  std::vector<std::unique_ptr<SimulationProgress>>
      parts_;  // replications, then the pilot if there is one
};

}  // namespace sluice
