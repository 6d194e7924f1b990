// One replication of a scenario: a simulation, and what was recorded of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/time.hpp"
#include "reports/recorder.hpp"
#include "reports/runs/run_listener.hpp"
#include "scenarios/scenario.hpp"
#include "sim/simulation.hpp"

namespace sluice {

/// Makes the listeners of a replication, often none; called once for each, from the thread that
/// runs it. The recorder outlives them; they see every transition in the order of the list, and are
/// destroyed when their replication is over.
using Listeners = std::vector<std::unique_ptr<RunListener>>;
using ListenerFactory = std::function<Listeners(std::uint32_t replication, const Recorder&)>;

struct Replication {
  ReplicationResult result;
  Time came_to;  ///< the scenario's end, or where it was told to stop
};

/// Simulates replication `number`, with streams of its own, on the caller's thread. `listeners` may
/// be empty. Rethrows what a listener threw.
Replication replicate(const Scenario& scenario, const RecorderConfig& config, std::uint32_t number,
                      const SimulationControl& control, const ListenerFactory& listeners = {});

}  // namespace sluice
