// One replication of a scenario in virtual time, from its start to its end.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/time.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/observer_list.hpp"
#include "pipeline/pipeline.hpp"
#include "scenarios/scenario.hpp"
#include "sim/incidents.hpp"
#include "sim/simulation_seeds.hpp"
#include "sim/submitters/pipeline_target.hpp"
#include "sim/submitters/submitter.hpp"

namespace sluice {

/// How far a simulation is, for whoever shows it. Written rarely by the simulation's thread, read
/// by any.
struct SimulationProgress {
  std::atomic<std::int64_t> simulated_ns{0};
  std::atomic<std::uint64_t> runs{0};  ///< submitted
};

/// What other threads may have to do with a simulation under way; both may be null and are only
/// looked at now and then.
struct SimulationControl {
  const std::atomic<bool>* stop = nullptr;  ///< ends the simulation where it is
  SimulationProgress* progress = nullptr;
};

/// A value in spirit: everything it touches is its own, so any number can run in one process, one
/// thread each. Keeps references to the scenario and the observer.
class Simulation {
 public:
  Simulation(const Scenario& scenario, std::uint64_t seed, PipelineObserver& observer);
  Simulation(const Scenario& scenario, const SimulationSeeds& seeds, PipelineObserver& observer);
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// Runs to the scenario's duration, that instant included, or until it is told to stop. Returns
  /// the time that it came to. To be called once.
  Time run(const SimulationControl& control = {});

  std::uint64_t submitted_count() const { return submitters_.submitted_count(); }

 private:
  void handle(Time now, const ScheduledEvent& scheduled);
  /// Tells how far it is; whether it is to stop.
  bool stopped(Time now, const SimulationControl& control) const;

  Time end_;
  EventQueue events_;
  ObserverList with_submitters_;  // closed loops listen; without any, nobody is in between
  Pipeline pipeline_;
  PipelineTarget target_;
  Submitters submitters_;
  Incidents incidents_;
};

/// Seed of replication `number`, from 0.
std::uint64_t replication_seed(std::uint64_t seed, std::uint32_t number);

}  // namespace sluice
