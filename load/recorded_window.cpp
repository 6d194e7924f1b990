#include "load/recorded_window.hpp"

#include <algorithm>

#include "reports/observable.hpp"

namespace sluice {

RecordedWindow::RecordedWindow(const Scenario& scenario)
    : scenario_(scenario),
      warm_up_(find_warm_up(scenario)),
      config_(recorder_config(scenario, warm_up_.time)),
      recorder_(config_, scenario.pipeline),
      gate_({&recorder_}),
      runs_(scenario.pipeline, gate_) {}

void RecordedWindow::tell(Time until, Time end) {
  runs_.tell(std::min(until, end));
  if (until < end) return;
  if (!result_) {
    result_ = observable_from_outside(recorder_.finish(std::max(end, config_.from)));
    gate_.clear();
  }
  runs_.tell(until);
}

Report RecordedWindow::report(Time end, bool complete, const std::string& build_id) {
  tell(end, end);
  return report_on(scenario_, config_, {Engine::load, warm_up_.method, build_id, complete},
                   {*result_});
}

}  // namespace sluice
