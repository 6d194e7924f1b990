// An experiment: a scenario's replications, in parallel, combined into one report.
//
// Each replication is one simulation on one thread, with streams of its own. Results are kept by
// number of the replication, so the report is the same, byte for byte, on any number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiments/progress.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"
#include "reports/runs/run_listener.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Makes the listeners of a replication, often none; called once for each, from the thread that
/// runs it. The recorder outlives them; they see every transition in the order of the list, and are
/// destroyed when their replication is over.
using Listeners = std::vector<std::unique_ptr<RunListener>>;
using ListenerFactory = std::function<Listeners(std::uint32_t replication, const Recorder&)>;

struct ExperimentOptions {
  unsigned threads = 0;                     ///< 0: one per core
  std::string build_id;                     ///< for the report's header
  const std::atomic<bool>* stop = nullptr;  ///< ends everything where it is; may be null
  ExperimentProgress* progress = nullptr;   ///< may be null
  ListenerFactory listeners;                ///< may be empty
  Duration bucket{};  ///< of the time lines (RecorderConfig::time_line_bucket); zero: by number
  bool in_detail = false;  ///< records what only files show as well (RecorderConfig::in_detail)
};

/// The end of the warm-up, and how it was found.
struct WarmUpEnd {
  Time time;
  WarmUp method = WarmUp::none;
  Duration period{};  ///< with which arrivals recur, if an automatic one had to heed it
};
/// As the scenario says. `warm_up: auto` takes a pilot replication, with a seed of its own; where
/// arrivals recur it is a whole number of their periods, perhaps none.
WarmUpEnd find_warm_up(const Scenario& scenario, const ExperimentOptions& options = {});

/// Runs the scenario and judges its expectations. Told to stop, it reports the replications that
/// were over by then, or else the one that came furthest, as incomplete. With `warm_up: auto` a
/// pilot replication with a seed of its own decides how much all of them leave out. Rethrows what a
/// listener threw. `wall_seconds` is left to the caller.
Report run_experiment(const Scenario& scenario, const ExperimentOptions& options = {});

}  // namespace sluice
