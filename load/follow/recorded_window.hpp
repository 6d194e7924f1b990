// The recorder of a load: what was seen, as far as it belongs to the window of the report.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "experiments/warm_up.hpp"
#include "load/follow/observed_runs.hpp"
#include "pipeline/observer_list.hpp"
#include "reports/make_recorder.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Not thread-safe. Keeps a reference to the scenario. Memory: O(runs that have not ended), and up
/// to some 40 MB of what was seen, so that what is learnt late can be put in its place.
class RecordedWindow {
 public:
  /// `warm_up: auto` simulates a pilot, as a simulation would.
  explicit RecordedWindow(const Scenario& scenario);

  void take(const ObservationJournal::Batch& batch);
  /// What happened up to `until` is told; the figures are those of `end`, once it is reached.
  void tell(Time until, Time end);
  /// If something was told later than it happened: all of it is told again, in order, up to
  /// `until`, unless more was seen than is kept.
  void put_in_order(Time until, Time end);
  const ObservedCounts& counts() const { return recording_->runs.counts(); }
  std::vector<UnseenRuns> unseen() const { return recording_->runs.unseen(); }
  /// What an outside observer can know of [warm-up, end]. REQUIRES tell(end or later, end).
  Report report(Time end, bool complete, const std::string& build_id);

 private:
  struct Recording {
    Recording(const RecorderConfig& config, const PipelineConfig& pipeline)
        : recorder(make_recorder(config, pipeline)), gate({recorder.get()}), runs(pipeline, gate) {}

    std::unique_ptr<Recorder> recorder;
    ObserverList gate;  // the recorder, until the end of the window
    ObservedRuns runs;
    std::optional<ReplicationResult> result;
  };

  static constexpr std::size_t kMostKept = 400'000;

  const Scenario& scenario_;
  WarmUpEnd warm_up_;
  RecorderConfig config_;
  std::unique_ptr<Recording> recording_;
  ObservationJournal::Batch kept_;  // all that was taken, while kept_all_
  bool kept_all_ = true;
};

}  // namespace sluice
