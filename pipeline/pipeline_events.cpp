// Events that the pipeline scheduled for itself.
#include "pipeline/pipeline_impl.hpp"

namespace sluice {

void Pipeline::Impl::handle(Time now, const ScheduledEvent& scheduled) {
  const auto [kind, subject, generation] = scheduled.event;
  const bool completion = scheduled.event_class == EventClass::completion;
  prefetch_next_run();
  if (!completion && !gained_.empty()) settle_completions(now);
  if (kind >= kWorkerEvents) {
    worker_event(now, groups_[subject], static_cast<WorkerEvent>(kind - kWorkerEvents), generation);
  } else if (kind == kMoveDue) {
    mark(groups_[subject]);
  } else if (kind == kOutageBegins) {
    pause(now, CredentialId{subject});
    plan_outage(now, CredentialId{subject});
  } else if (kind == kOutageEnds) {
    resume(now, CredentialId{subject});
    settle(now);
    plan_outage(now, CredentialId{subject});
  } else {
    Run& run = runs_[RunSlot{subject}];
    if (kind == kExpired || kind == kPatienceOver) {
      waited_too_long(now, run, static_cast<EventKind>(kind), generation);
      return settle(now);
    }
    if (run.generation != generation) return;
    switch (kind) {
      case kRunCompleted:
        completed(now, run);
        break;
      case kRetryDue:
        rejoin(now, run);
        break;
      case kAnswerDue:
        answer_due(now, run);
        break;
      case kTimedOut:
        timed_out(now, run);
        break;
      default:
        login_ended(now, run, kind - kLoginEnded);
        break;
    }
  }
  if (!completion) settle(now);
}

/// Wakes come before the first timer of an instant, and so does what they complete at once.
void Pipeline::Impl::settle_completions(Time now) {
  while (!gained_.empty()) {
    wake_gained(now);
    while (!events_.empty() && events_.next_time() == now &&
           events_.next_class() == EventClass::completion)
      handle(now, events_.pop());
  }
}

/// What the next completion touches is fetched while this instant's runs are dispatched; where that
/// is, was fetched while its events were handled.
void Pipeline::Impl::prepare_next_completion() const {
  if (events_.empty() || events_.next_event().kind != kRunCompleted) return;
  const Run& run = runs_[RunSlot{events_.next_event().subject}];
  if (run.generation != events_.next_event().generation) return;
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    credentials_.prefetch(run.held[i]);
    const auto point = WaitPoint::of(WaitPoint::Kind::credential, run.held[i].index());
    if (const RunSlot next = waits_.first_in_line(point); next.valid())
      observer_.waking(runs_[next]);
  }
  observer_.ending(run);
}

void Pipeline::Impl::worker_event(Time now, Group& group, WorkerEvent kind, std::uint32_t token) {
  switch (kind) {
    case WorkerEvent::started:
      if (!group.workers.started(token)) return;
      break;
    case WorkerEvent::cooled:
      if (!group.workers.cooled(now, token)) return;
      break;
    case WorkerEvent::capacity_step:
      group.workers.capacity_step(now);
      break;
    case WorkerEvent::autoscale:
      group.workers.autoscale(now, group.eligible, kept_idle(group));
      break;
    case WorkerEvent::failed:
      if (const auto repair = group.workers.failure_due(now, token))
        lose_worker(now, group, *repair);
      return;
    case WorkerEvent::repaired:
      if (!group.workers.repaired(now, token)) return;
      break;
  }
  workers_changed(now, group);
}

void Pipeline::Impl::workers_changed(Time now, Group& group) {
  observer_.workers_changed(now, group.id, group.workers.counts());
  mark(group);
}

/// A group without candidates keeps its idle workers from nobody.
std::uint32_t Pipeline::Impl::kept_idle(const Group& group) {
  if (group.eligible == 0 || group.workers.counts().idle == 0) return 0;
  return group.policy->kept_idle(group.in_use());
}

void Pipeline::Impl::lose_worker(Time now, Group& group, LostTo to) {
  const WorkerPool::Loss loss = group.workers.lose_one(now, to);
  if (!loss.any) return;
  if (loss.run_index) {
    Run& run = runs_[group.numbers.nth(*loss.run_index)];
    const bool was_holding = run.state == RunState::holding;
    take_run_from_worker(now, run);
    group.workers.lost_with_run(now, was_holding, to);
  }
  workers_changed(now, group);
}

void Pipeline::Impl::take_run_from_worker(Time now, Run& run) {
  if (run.state == RunState::holding) waits_.remove(run);
  requeue(now, run, RequeueCause::worker_lost, Duration{});
}

// ---- outages of credentials: fixed ones one after the other, or random ones

void Pipeline::Impl::plan_outage(Time now, CredentialId credential) {
  const CredentialConfig& c = config_.credentials[credential.index()];
  const std::size_t step =
      next_outage_[credential.index()]++;  // even: the next begins; odd: it ends
  const bool begins = step % 2 == 0;
  Time at;
  if (step / 2 < c.outages.size()) {
    const OutageConfig& outage = c.outages[step / 2];
    at = begins ? outage.at : outage.at + outage.length;
  } else if (c.mean_time_between_outages) {
    Stream& stream = outage_streams_[credential.index()];
    at = now + (begins ? Duration::from_seconds(stream.exponential() *
                                                c.mean_time_between_outages->seconds())
                       : c.outage_length.duration(stream));
  } else {
    return;
  }
  events_.schedule(at, EventClass::timer,
                   {begins ? kOutageBegins : kOutageEnds, credential.value, 0});
}

std::string_view Pipeline::Impl::event_name(std::uint32_t kind) {
  switch (kind) {
    case kRunCompleted:
      return "end of an attempt";
    case kRetryDue:
      return "end of a retry's delay";
    case kAnswerDue:
      return "answer of the API";
    case kOutageBegins:
      return "begin of an outage";
    case kOutageEnds:
      return "end of an outage";
    case kMoveDue:
      return "climb of a candidate";
    case kTimedOut:
      return "timeout of an attempt";
    case kExpired:
      return "expiry of a run";
    case kPatienceOver:
      return "end of a submitter's patience";
    default:
      return kind >= kWorkerEvents ? "change of a worker" : "end of a login";
  }
}

std::string_view Pipeline::event_name(std::uint32_t kind) { return Impl::event_name(kind); }

}  // namespace sluice
