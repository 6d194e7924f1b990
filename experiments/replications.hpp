// An experiment: a scenario's replications, in parallel, combined into one report.
//
// Each replication is one simulation on one thread, with streams of its own. Results are kept by
// number of the replication, so the report is the same, byte for byte, on any number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "experiments/one_replication.hpp"
#include "experiments/progress.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct ExperimentOptions {
  unsigned threads = 0;                     ///< 0: one per core
  std::string build_id;                     ///< for the report's header
  const std::atomic<bool>* stop = nullptr;  ///< ends everything where it is; may be null
  ExperimentProgress* progress = nullptr;   ///< may be null
  ListenerFactory listeners;                ///< may be empty
  Duration bucket{};  ///< of the time lines (RecorderConfig::time_line_bucket); zero: by number
  bool in_detail = false;  ///< records what only files show as well (RecorderConfig::in_detail)
};

/// Runs the scenario and judges its expectations. Told to stop, it reports the replications that
/// were over by then, or else the one that came furthest, as incomplete. With `warm_up: auto` a
/// pilot replication with a seed of its own decides how much all of them leave out. Rethrows what a
/// listener threw. `wall_seconds` is left to the caller.
Report run_experiment(const Scenario& scenario, const ExperimentOptions& options = {});

}  // namespace sluice
