// The end of a scenario's warm-up, given or found by a pilot replication.
#pragma once

#include "base/time.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"
#include "sim/simulation.hpp"

namespace sluice {

/// The end of the warm-up, and how it was found.
struct WarmUpEnd {
  Time time;
  WarmUp method = WarmUp::none;
  Duration period{};  ///< with which arrivals recur, if an automatic one had to heed it
};

/// As the scenario says. `warm_up: auto` takes a pilot replication, with a seed of its own; where
/// arrivals recur it is a whole number of their periods, perhaps none. Told to stop, there is none.
WarmUpEnd find_warm_up(const Scenario& scenario, const SimulationControl& control = {});

}  // namespace sluice
