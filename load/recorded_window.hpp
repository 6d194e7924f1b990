// The recorder of a load: what was seen, as far as it belongs to the window of the report.
#pragma once

#include <optional>
#include <string>

#include "load/observed_runs.hpp"
#include "pipeline/observer_list.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"
#include "sim/experiment.hpp"

namespace sluice {

/// Not thread-safe. Keeps a reference to the scenario.
class RecordedWindow {
 public:
  /// `warm_up: auto` simulates a pilot, as a simulation would.
  explicit RecordedWindow(const Scenario& scenario);

  void take(const ObservationJournal::Batch& batch) { runs_.take(batch); }
  /// What happened up to `until` is told; the figures are those of `end`, once it is reached.
  void tell(Time until, Time end);
  const ObservedCounts& counts() const { return runs_.counts(); }
  /// What an outside observer can know of [warm-up, end]. REQUIRES tell(end or later, end).
  Report report(Time end, bool complete, const std::string& build_id);

 private:
  const Scenario& scenario_;
  WarmUpEnd warm_up_;
  RecorderConfig config_;
  Recorder recorder_;
  ObserverList gate_;  // the recorder, until the end of the window
  ObservedRuns runs_;
  std::optional<ReplicationResult> result_;
};

}  // namespace sluice
