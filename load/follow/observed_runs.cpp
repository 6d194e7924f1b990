#include "load/follow/observed_runs.hpp"

#include <algorithm>
#include <utility>

namespace sluice {
namespace {

Outcome outcome_of(RunEventKind kind) {
  if (kind == RunEventKind::succeeded) return Outcome::succeeded;
  return kind == RunEventKind::failed ? Outcome::failed : Outcome::stopped;
}

EndReason reason_of(RunEventKind kind, bool cancelled) {
  if (kind == RunEventKind::succeeded) return EndReason::completed;
  if (kind == RunEventKind::failed) return EndReason::failure;
  return cancelled ? EndReason::cancelled : EndReason::interrupted;
}

}  // namespace

ObservedRuns::ObservedRuns(const PipelineConfig& pipeline, PipelineObserver& observer)
    : pipeline_(pipeline), observer_(observer) {}

// ---- order of time

void ObservedRuns::take(const ObservationJournal::Batch& batch) {
  for (const auto& [number, request] : batch.requests) {
    ObservedRun& run = runs_[number];
    run.run.request = request;
    // Which credentials serve it, and whether they are free, is not seen.
    run.run.request.need_count = 0;
    run.run.group = pipeline_.workspaces[request.workspace.index()].group;
  }
  for (const Observation& seen : batch.observations) {
    if (seen.kind == Observation::Kind::cancelled) {
      cancel(seen.run);
      continue;
    }
    if (seen.stamp != Time::never()) offset_ = std::min(offset_, seen.at - seen.stamp);
    pending_.push_back({seen, taken_++});
    if (seen.kind == Observation::Kind::event) pending_.back().seen.at = corrected(seen);
    std::push_heap(pending_.begin(), pending_.end(), Later());
  }
}

/// What the client did itself is known at once: the target's stamp of the end may be some ms
/// earlier.
void ObservedRuns::cancel(std::uint64_t number) {
  const auto found = runs_.find(number);
  if (found != runs_.end()) found->second.cancelled = true;
}

Time ObservedRuns::corrected(const Observation& seen) const {
  if (seen.stamp == Time::never()) return seen.at;
  return std::min(seen.at, seen.stamp + offset_ + seen.stamp_resolution);
}

void ObservedRuns::tell(Time until) {
  while (!pending_.empty() && pending_.front().seen.at <= until) {
    const Observation seen = pending_.front().seen;
    std::pop_heap(pending_.begin(), pending_.end(), Later());
    pending_.pop_back();
    counts_.told_late += seen.at < told_;
    const Time now = std::max(told_, seen.at);
    tell_delays(now);
    told_ = now;
    tell(seen, now);
  }
  tell_delays(until);
  told_ = std::max(told_, until);
}

/// Retry delays that are over: the run waits for a worker again.
void ObservedRuns::tell_delays(Time until) {
  while (!delays_.empty() && delays_.begin()->first <= until) {
    const auto [at, delay] = *delays_.begin();
    delays_.erase(delays_.begin());
    const auto found = runs_.find(delay.run);
    if (found == runs_.end()) continue;
    ObservedRun& run = found->second;
    if (run.state != State::delayed || run.delays != delay.generation) continue;
    told_ = std::max(told_, at);
    run.state = State::waiting;
    run.run.state = RunState::queued;
    observer_.rejoined(told_, run.run);
  }
}

void ObservedRuns::tell(const Observation& seen, Time now) {
  const auto found = runs_.find(seen.run);
  if (found == runs_.end()) {
    if (seen.kind == Observation::Kind::event) ++counts_.duplicates;
    return;
  }
  ObservedRun& run = found->second;
  switch (seen.kind) {
    case Observation::Kind::submitted:
      return observer_.submitted(now, run.run.request);
    case Observation::Kind::answered:
      return answered(now, run, seen);
    case Observation::Kind::gave_up:
      observer_.gave_up(now, run.run.request);
      return forget(seen.run);
    case Observation::Kind::event:
      return event(now, seen.run, run, seen);
    case Observation::Kind::unfinished:
    case Observation::Kind::lost:
      return stop_following(run, seen);
    case Observation::Kind::cancelled:
      return;  // known since it was taken
  }
}

// ---- one run

void ObservedRuns::answered(Time now, ObservedRun& run, const Observation& seen) {
  // The answer is told when it came, as what it will be is not known before: its latency counts
  // from the intended time.
  Answer answer;
  answer.status = seen.status;
  answer.window = seen.window;
  answer.answered_at = now + seen.latency;
  observer_.answered(now, run.run.request, answer);
  run.answered = seen.status == Answer::Status::accepted;
  if (run.state == State::ended) return forget(seen.run);
  if (run.answered) return accept(now, seen.run, run);
  ++run.run.request.attempt;
}

/// The answer tells it, or the event that the run is queued, whose stamp says when that was.
void ObservedRuns::accept(Time now, std::uint64_t number, ObservedRun& run) {
  if (run.state != State::submitting) return;
  std::uint32_t slot = slots_;
  if (free_slots_.empty()) {
    ++slots_;
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  run.run.slot = RunSlot::at(slot);
  run.run.id = accepted_++;
  run.run.accepted = now;
  run.run.state = RunState::queued;
  run.state = State::waiting;
  ++counts_.accepted;
  ++waiting(run);
  observer_.accepted(now, run.run);
  const std::vector<Observation> early = std::exchange(run.early, {});
  for (const Observation& seen : early) {
    const auto found = runs_.find(number);
    if (found != runs_.end()) event(now, number, found->second, seen);
  }
}

void ObservedRuns::event(Time now, std::uint64_t number, ObservedRun& run,
                         const Observation& seen) {
  if (run.state == State::submitting) {
    if (seen.event == RunEventKind::queued) return accept(now, number, run);
    run.early.push_back(seen);
    return;
  }
  if (happened_before(seen, run)) {
    ++counts_.reordered;
    return;
  }
  const bool waits = run.state == State::waiting || run.state == State::delayed;
  if (seen.event == RunEventKind::started && waits) {
    start(now, run);
  } else if (seen.event == RunEventKind::requeued && run.state == State::running) {
    observer_.requeued(now, run.run, RequeueCause::retriable_failure, seen.latency);
    run.run.state = RunState::delayed;
    run.state = State::delayed;
    --running(run);
    ++waiting(run);
    delays_.emplace(now + seen.latency, Delay{number, ++run.delays});
  } else if (is_terminal(seen.event)) {
    const bool starts_here = seen.event != RunEventKind::stopped && waits;
    if (!seen.time_known) {
      ++unseen_like(run).ends;
    } else if (starts_here) {
      ++unseen_like(run).starts;
    }
    if (starts_here) start(now, run);
    end(now, run, seen.event);
    if (run.answered) forget(number);
    return;
  } else {
    const bool says_nothing_new =
        seen.event == RunEventKind::queued || seen.event == RunEventKind::paused;
    counts_.duplicates += !says_nothing_new;
    return;
  }
  if (seen.stamp == Time::never()) return;
  run.last_stamp = seen.stamp;
  run.last_resolution = seen.stamp_resolution;
}

/// Whether its stamp, which was cut to its resolution, must be of an earlier time than the last one
/// of its run. Half of the finer resolution is left for the rounding of scaled times.
bool ObservedRuns::happened_before(const Observation& seen, const ObservedRun& last) {
  if (seen.stamp == Time::never()) return false;
  const Duration behind = last.last_stamp - seen.stamp;
  const Duration finer = std::min(seen.stamp_resolution, last.last_resolution);
  return behind.ns > 0 && 2 * behind >= 2 * seen.stamp_resolution - finer;
}

void ObservedRuns::start(Time now, ObservedRun& run) {
  if (run.state == State::delayed) observer_.rejoined(now, run.run);
  run.run.state = RunState::running;
  run.run.dispatched = now;
  ++run.run.attempt;
  run.state = State::running;
  --waiting(run);
  ++running(run);
  observer_.dispatched(now, run.run);
}

void ObservedRuns::end(Time now, ObservedRun& run, RunEventKind kind) {
  --(run.state == State::running ? running(run) : waiting(run));
  ++counts_.ended;
  observer_.ended(now, run.run, outcome_of(kind), reason_of(kind, run.cancelled));
  run.state = State::ended;
  free_slots_.push_back(run.run.slot.value);
}

/// What is not seen any more, as far as that matters.
void ObservedRuns::stop_following(ObservedRun& run, const Observation& seen) {
  if (run.state == State::submitting || run.state == State::ended) return;
  if (seen.kind == Observation::Kind::lost) {
    ++counts_.lost;
    ++unseen_like(run).ends;
  } else if (seen.event == RunEventKind::started && run.state != State::running) {
    ++unseen_like(run).starts;
  }
}

UnseenRuns& ObservedRuns::unseen_like(const ObservedRun& run) {
  const RunRequest& request = run.run.request;
  Subject subject = Subject::of(request.workspace, request.level);
  subject.workflow = request.workflow;
  subject.submitter = request.submitter;
  UnseenRuns& unseen = unseen_[subject];
  unseen.of = subject;
  unseen.of.group = run.run.group;
  return unseen;
}

std::vector<UnseenRuns> ObservedRuns::unseen() const {
  std::vector<UnseenRuns> all;
  for (const auto& [subject, runs] : unseen_) all.push_back(runs);
  return all;
}

void ObservedRuns::forget(std::uint64_t number) { runs_.erase(number); }

}  // namespace sluice
