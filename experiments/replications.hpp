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

/// With `replications: auto` no look is begun that would bring it above so many accepted runs:
/// about a minute of one core.
inline constexpr std::uint64_t kMostRunsOfLooks = 100'000'000;

struct ExperimentOptions {
  unsigned threads = 0;                     ///< 0: one per core
  std::string build_id;                     ///< for the report's header
  const std::atomic<bool>* stop = nullptr;  ///< ends everything where it is; may be null
  ExperimentProgress* progress = nullptr;   ///< may be null
  ListenerFactory listeners;                ///< may be empty
  Duration bucket{};  ///< of the time lines (RecorderConfig::time_line_bucket); zero: by number
  std::uint64_t most_runs = kMostRunsOfLooks;  ///< with `replications: auto`
  bool in_detail = false;  ///< records what only files show as well (RecorderConfig::in_detail)
};

/// Runs the scenario and judges its expectations. Told to stop, it reports the replications that
/// were over by then, or else the one that came furthest, as incomplete. With `warm_up: auto` a
/// pilot replication with a seed of its own decides how much all of them leave out. Rethrows what a
/// listener threw. `wall_seconds` is left to the caller.
///
/// With `replications: auto` it is one replication where nothing is expected or nothing is drawn;
/// else they are looked at after 5, 8, 12, … of them (experiments/rounds/looks.hpp) until each
/// sentence is decided, none of those that are not could be by more of them, or the next look would
/// be beyond ExperimentOptions::most_runs. Only replication 0 has listeners then.
Report run_experiment(const Scenario& scenario, const ExperimentOptions& options = {});

}  // namespace sluice
