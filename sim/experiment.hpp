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

#include "pipeline/observer.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"
#include "sim/simulation.hpp"

namespace sluice {

/// Somebody more who listens to one replication, after its recorder.
class ReplicationListener : public PipelineObserver {
 public:
  /// The replication came to `end`; the recorder can still be asked.
  virtual void finish(Time /*end*/) {}
};

/// Makes the listeners of a replication, often none; called once for each, from the thread that
/// runs it. The recorder outlives them; they see every transition in the order of the list, and are
/// destroyed when their replication is over.
using Listeners = std::vector<std::unique_ptr<ReplicationListener>>;
using ListenerFactory = std::function<Listeners(std::uint32_t replication, const Recorder&)>;

/// How far an experiment is. Any thread may read it.
class ExperimentProgress {
 public:
  explicit ExperimentProgress(const Scenario& scenario);
  /// Of all simulated time, the pilot's included; 0 … 1.
  double fraction() const;
  /// Simulated time of all replications together.
  Duration simulated() const;
  Duration total() const { return duration_ * static_cast<std::int64_t>(parts_.size()); }
  std::uint64_t runs() const;

  SimulationProgress& pilot() { return *parts_.back(); }
  SimulationProgress& replication(std::uint32_t number) { return *parts_[number]; }

 private:
  Duration duration_;
  std::vector<std::unique_ptr<SimulationProgress>>
      parts_;  // replications, then the pilot if there is one
};

struct ExperimentOptions {
  unsigned threads = 0;                     ///< 0: one per core
  std::string build_id;                     ///< for the report's header
  const std::atomic<bool>* stop = nullptr;  ///< ends everything where it is; may be null
  ExperimentProgress* progress = nullptr;   ///< may be null
  ListenerFactory listeners;                ///< may be empty
};

/// The end of the warm-up, and how it was found.
struct WarmUpEnd {
  Time time;
  WarmUp method = WarmUp::none;
};
/// As the scenario says. `warm_up: auto` takes a pilot replication, with a seed of its own.
WarmUpEnd find_warm_up(const Scenario& scenario, const ExperimentOptions& options = {});

/// Runs the scenario and judges its expectations. Told to stop, it reports the replications that
/// were over by then, or else the one that came furthest, as incomplete. With `warm_up: auto` a
/// pilot replication with a seed of its own decides how much all of them leave out. Rethrows what a
/// listener threw. `wall_seconds` is left to the caller.
Report run_experiment(const Scenario& scenario, const ExperimentOptions& options = {});

/// What is true of a report besides its figures.
struct ReportFacts {
  Engine engine = Engine::virtual_time;
  WarmUp warm_up = WarmUp::none;
  std::string build_id;
  bool complete = true;
};
/// The report on replications of a scenario, with its expectations judged.
Report report_on(const Scenario& scenario, const RecorderConfig& config, const ReportFacts& facts,
                 const std::vector<ReplicationResult>& results);

/// The recorder's configuration for a scenario that is observed from `from` on.
RecorderConfig recorder_config(const Scenario& scenario, Time from);

}  // namespace sluice
