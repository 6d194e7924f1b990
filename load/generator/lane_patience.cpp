// Runs that wait longer than their submitters have patience: the client asks to stop them.
#include <algorithm>
#include <utility>

#include "load/generator/lane.hpp"
#include "sim/event_kinds.hpp"

namespace sluice {

/// When a run that waits has waited too long: the time in which it ran does not count.
Time Lane::patient_until(const Followed& run) {
  return run.request.submitted + run.request.patience + run.ran;
}

/// To be called when it begins to wait.
void Lane::limit_patience(Time now, Sessions::iterator run) {
  if (run->second->request.patience == Duration::max()) return;
  auto place = static_cast<std::uint32_t>(patient_.size());
  if (free_patient_.empty()) {
    patient_.emplace_back();
  } else {
    place = free_patient_.back();
    free_patient_.pop_back();
  }
  patient_[place] = run->first.text;
  events_.schedule(std::max(now, patient_until(*run->second)), EventClass::timer,
                   {kPatience, place, 0});
  arm();
}

void Lane::patience_over(Time now, std::uint32_t place) {
  const std::string session = std::move(patient_[place]);
  free_patient_.push_back(place);
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  Followed& run = *found->second;
  // Who was requeued meanwhile has a later limit, with an event of its own.
  if (run.running_since || now < patient_until(run)) return;
  if (std::exchange(run.interrupted, true)) return;
  Observation seen;
  seen.kind = Observation::Kind::cancelled;
  seen.at = now;
  seen.run = run.number;
  journal_.add(seen);
  ++counts_.cancelled;
  send_interrupt(run, session);
}

void Lane::send_interrupt(const Followed& run, const std::string& session) {
  http_.send(settings_.requests.interrupt(run.request.workspace, session),
             [this](const ExchangeResult& result) {
               counts_.interrupts_failed += result.status != 200 && result.status != 201;
             });
}

/// What an event says about who waits.
void Lane::follow_wait(Time at, RunEventKind kind, Sessions::iterator run) {
  Followed& followed = *run->second;
  if (followed.request.patience == Duration::max()) return;
  if (kind == RunEventKind::started && !followed.running_since) {
    followed.running_since = at;
  } else if (kind == RunEventKind::requeued && followed.running_since) {
    followed.ran += std::max(Duration{}, at - *followed.running_since);
    followed.running_since.reset();
    limit_patience(at, run);
  }
}

}  // namespace sluice
