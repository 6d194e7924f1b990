#include "load/follow/recorded_window.hpp"

#include <algorithm>

#include "experiments/warm_up.hpp"
#include "reports/observable.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {

RecordedWindow::RecordedWindow(const Scenario& scenario)
    : scenario_(scenario),
      warm_up_(find_warm_up(scenario)),
      config_(recorder_config(scenario, warm_up_.time)),
      recording_(std::make_unique<Recording>(config_, scenario.pipeline)) {}

void RecordedWindow::take(const ObservationJournal::Batch& batch) {
  recording_->runs.take(batch);
  if (!kept_all_) return;
  kept_all_ = kept_.observations.size() + batch.observations.size() <= kMostKept;
  if (!kept_all_) {
    kept_ = {};
    return;
  }
  kept_.observations.insert(kept_.observations.end(), batch.observations.begin(),
                            batch.observations.end());
  kept_.requests.insert(kept_.requests.end(), batch.requests.begin(), batch.requests.end());
}

void RecordedWindow::tell(Time until, Time end) {
  Recording& recording = *recording_;
  recording.runs.tell(std::min(until, end));
  if (until < end) return;
  if (!recording.result) {
    recording.result =
        observable_from_outside(recording.recorder->finish(std::max(end, config_.from)));
    recording.gate.clear();
  }
  recording.runs.tell(until);
}

void RecordedWindow::put_in_order(Time until, Time end) {
  if (counts().told_late == 0 || !kept_all_) return;
  recording_ = std::make_unique<Recording>(config_, scenario_.pipeline);
  recording_->runs.take(kept_);
  kept_ = {};
  tell(until, end);
}

Report RecordedWindow::report(Time end, bool complete, const std::string& build_id) {
  tell(end, end);
  return report_on(scenario_, config_,
                   {Engine::load, warm_up_.method, build_id, complete, warm_up_.period, true},
                   {*recording_->result});
}

}  // namespace sluice
