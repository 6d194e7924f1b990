// Simulations and experiments with the invariants of the pipeline checked all along.
#pragma once

#include "experiments/replications.hpp"
#include "pipeline/observer.hpp"
#include "scenarios/scenario.hpp"
#include "sim/simulation.hpp"

namespace sluice::test {

/// Simulates the scenario once; a violated invariant is a test failure. Where the scenario pauses
/// groups or workflows nothing is checked: transitions do not tell of such pauses (the reference
/// property test checks them).
Time simulate_checked(const Scenario& scenario, std::uint64_t seed, PipelineObserver& observer,
                      const SimulationControl& control = {});

/// run_experiment() with the same in every replication.
Report run_checked(const Scenario& scenario, ExperimentOptions options = {});

}  // namespace sluice::test
