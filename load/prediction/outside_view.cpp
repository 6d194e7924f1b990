#include "load/prediction/outside_view.hpp"

namespace sluice {

void OutsideView::submitted(Time now, const RunRequest& request) {
  listener_.submitted(now, request);
}

void OutsideView::answered(Time now, const RunRequest& request, const Answer& answer) {
  listener_.answered(now, request, answer);
}

void OutsideView::gave_up(Time now, const RunRequest& request) { listener_.gave_up(now, request); }

void OutsideView::accepted(Time now, const Run& run) {
  set_running(run, false);
  listener_.accepted(now, run);
}

void OutsideView::dispatched(Time now, const Run& run) {
  set_running(run, true);
  listener_.dispatched(now, run);
}

void OutsideView::requeued(Time now, const Run& run, RequeueCause cause, Duration) {
  if (!running_[run.slot.index()]) return;
  set_running(run, false);
  listener_.requeued(now, run, cause, Duration::zero());
  listener_.rejoined(now, run);
}

void OutsideView::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  listener_.ended(now, run, outcome, reason);
}

void OutsideView::set_running(const Run& run, bool running) {
  if (run.slot.index() >= running_.size()) running_.resize(run.slot.index() + 1);
  running_[run.slot.index()] = running;
}

}  // namespace sluice
