// How far an experiment is.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "scenarios/scenario.hpp"
#include "sim/simulation.hpp"

namespace sluice {

/// Any thread may read it.
class ExperimentProgress {
 public:
  explicit ExperimentProgress(const Scenario& scenario);
  /// Of all simulated time that is wanted so far, the pilot's included; 0 … 1.
  double fraction() const;
  /// Simulated time of all replications together.
  Duration simulated() const;
  Duration total() const;
  std::uint64_t runs() const;

  SimulationProgress& pilot() { return pilot_; }
  SimulationProgress& replication(std::uint32_t number) { return replications_[number]; }
  /// So many replications are to be simulated, as far as is known. REQUIRES at most as many as the
  /// scenario may take.
  void want(std::uint32_t replications) { wanted_ = replications; }

 private:
  Duration duration_;
  bool has_pilot_;
  std::atomic<std::uint32_t> wanted_;
  SimulationProgress pilot_;
  std::vector<SimulationProgress> replications_;
};

}  // namespace sluice
