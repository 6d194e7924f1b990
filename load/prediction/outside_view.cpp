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
  see(run, Seen::waiting);
  listener_.accepted(now, run);
}

void OutsideView::dispatched(Time now, const Run& run) {
  see(run, Seen::running);
  listener_.dispatched(now, run);
}

void OutsideView::requeued(Time now, const Run& run, RequeueCause cause, Duration delay) {
  if (seen_[run.slot.index()] != Seen::running) return;
  see(run, Seen::delayed);
  listener_.requeued(now, run, cause, delay);
}

void OutsideView::rejoined(Time now, const Run& run) {
  if (seen_[run.slot.index()] != Seen::delayed) return;
  see(run, Seen::waiting);
  listener_.rejoined(now, run);
}

void OutsideView::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  listener_.ended(now, run, outcome, reason);
}

void OutsideView::see(const Run& run, Seen what) {
  if (run.slot.index() >= seen_.size()) seen_.resize(run.slot.index() + 1);
  seen_[run.slot.index()] = what;
}

}  // namespace sluice
