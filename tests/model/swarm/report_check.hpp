// What must be true of every report and run log, whatever the scenario.
#pragma once

#include "scenarios/scenario.hpp"
#include "tests/model/swarm/faults.hpp"
#include "tests/model/swarm/play.hpp"

namespace sluice::swarm {

/// Simulates the scenario as `sluice simulate` does, twice.
void check_reports(const Scenario& scenario, const Played& played, Faults& faults);

}  // namespace sluice::swarm
