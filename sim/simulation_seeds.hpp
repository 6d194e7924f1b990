// The two seeds of a simulation: what submitters decide, and what happens to their runs.
#pragma once

#include <cstdint>

namespace sluice {

/// What the draws of a simulation belong to. Two simulations with the same `submitters` get the
/// same runs at the same times (closed loop: as far as the ends of runs are the same).
struct SimulationSeeds {
  std::uint64_t submitters = 0;  ///< arrivals, what each run asks for, back-off, think times
  std::uint64_t pipeline = 0;    ///< service times, failures, logins, answers, workers, outages
};

}  // namespace sluice
