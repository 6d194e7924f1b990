// Transitions, in terms of entering and leaving states (recorder_waiting.cpp,
// recorder_running.cpp).
#include "reports/recorder.hpp"

#include "reports/recorder_impl.hpp"

namespace sluice {

// ---- counts

void Recorder::Impl::submitted(Time now, const RunRequest& request) {
  at(now);
  ++queues_[queue_index(request.workspace, request.level)].flow.submitted;
  if (request.submitter.valid()) ++submitter(request.submitter).submitted;
  for_slices(request, [](Slice& slice) { ++slice.flow.submitted; });
}

void Recorder::Impl::answered(Time now, const RunRequest& request, const Answer& answer) {
  at(now);
  ++api_.answers;
  api_.latency.add(pool_, answer.answered_at - now, Duration::max(), Duration::max());
  Flow<std::uint32_t>& flow = queues_[queue_index(request.workspace, request.level)].flow;
  ++flow.answered;
  const bool is_retry = request.attempt > 1;
  api_.retries += is_retry;
  if (request.submitter.valid()) {
    SubmitterRecord& from = submitter(request.submitter);
    ++from.answers;
    from.retries += is_retry;
    from.rejected += answer.status != Answer::Status::accepted;
  }
  for_slices(request, [](Slice& slice) { ++slice.flow.answered; });
  if (answer.status == Answer::Status::accepted) return;

  ++flow.rejected;
  for_slices(request, [](Slice& slice) { ++slice.flow.rejected; });
  if (answer.status == Answer::Status::server_error) {
    ++api_.errors;
    return;
  }
  ++api_.limited;
  ++api_.limited_by_window[std::min<std::size_t>(answer.window, api_.limited_by_window.size() - 1)];
  ++reached_.by_kind[static_cast<std::size_t>(ReachKind::rate_limited)];
}

void Recorder::Impl::gave_up(Time now, const RunRequest& request) {
  at(now);
  ++api_.gave_up;
  if (request.submitter.valid()) ++submitter(request.submitter).gave_up;
}

void Recorder::Impl::webhook(Time now, std::uint32_t attempts, bool delivered, Duration latency) {
  at(now);
  ++webhooks_.deliveries;
  webhooks_.attempts += attempts;
  webhooks_.failed += !delivered;
  if (delivered) webhooks_.latency.add(pool_, latency, Duration::max(), Duration::max());
}

void Recorder::Impl::login_ended(Time now, CredentialId credential, bool succeeded) {
  at(now);
  CredentialRecord& record = credential_records_[credential.index()];
  ++record.logins;
  record.logins_failed += !succeeded;
  reached_.by_kind[static_cast<std::size_t>(ReachKind::login_failed)] += !succeeded;
}

SubmitterRecord& Recorder::Impl::submitter(SubmitterId id) {
  if (id.index() >= submitters_.size()) submitters_.resize(id.index() + 1);
  return submitters_[id.index()];
}

// ---- resources

void Recorder::Impl::workers_changed(Time now, GroupId id, const WorkerCounts& counts) {
  at(now);
  GroupRecord& group = groups_[id.index()];
  group.advance(now);
  group.clocks.set_workers(now, counts.present(), counts.starting, counts.cooling);
}

void Recorder::Impl::credential_changed(Time now, CredentialId id, const CredentialStatus& status) {
  at(now);
  credentials_[id.index()].set_limit(now, status.limit);
  credential_records_[id.index()].status(now, status);
}

void Recorder::Impl::pool_defined(std::uint32_t pool_use, std::uint32_t pool,
                                  std::span<const CredentialId> members) {
  pools_.define(pool_use, pool, members);
}

// ---- the life of a run

void Recorder::Impl::accepted(Time now, const Run& run) {
  at(now);
  RunRecord& r = record(run.slot);
  if (r.extension != 0) drop_extension(r);
  const WorkspaceId workspace = run.request.workspace;
  r.since = r.accepted = now;
  r.wait = {};
  r.api = now - run.request.submitted;
  r.queue = queue_index(workspace, run.request.level);
  r.group = workspace_groups_[workspace.index()].value;
  r.workflow = run.request.workflow.value;
  r.phase = Phase::none;
  r.counted = started_;
  r.recorded = r.affected = r.requeued = false;

  ++all_runs_;
  QueueRecord& queue = queues_[r.queue];
  ++queue.flow.accepted;
  if (r.api.ns != 0)
    queue.parts[static_cast<std::size_t>(WaitPart::api)] += static_cast<double>(r.api.ns);
  GroupRecord& group = groups_[r.group];
  group.waiting_at_last = ++group.in_system;
  group.last_accepted = now;
  if (r.workflow < workflows_) ++group.services[r.level() * workflows_ + r.workflow].accepted;
  if (run.request.need_count > 0) demand_credentials(run);
  if (!slices_.empty()) match_slices(run.slot, run);
  pending_ = run.slot;
}

void Recorder::Impl::flush_pending() {
  const RunSlot slot = pending_;
  pending_ = RunSlot::none();
  RunRecord& run = runs_[slot.index()];
  group_of(run).advance(run.accepted);
  join_queue(run.accepted, slot);
  enter_candidates(run.accepted, slot);
}

void Recorder::Impl::dispatched(Time now, const Run& run) {
  const RunSlot slot = run.slot;
  const bool never_waited = pending_ == slot && runs_[slot.index()].accepted == now;
  if (never_waited) pending_ = RunSlot::none();
  at(now);
  RunRecord& r = runs_[slot.index()];
  GroupRecord& group = group_of(r);
  group.advance(now);
  if (never_waited) {
    group.joins.pass();
    if (group.candidate_count > 0) dispatch_episodes(now, group, r.queue);
    take_worker(now, r);
  } else if (r.phase == Phase::holding) {
    leave_blocked(now, slot);
    group.holding.remove(now);
    dispatch_episodes(now, group, r.queue);
    leave_queue(now, slot, true);
  } else {
    leave_candidates(now, slot, true);
    leave_queue(now, slot, true);
    take_worker(now, r);
  }
  r.phase = Phase::running;
  r.since = now;
  ++queues_[r.queue].flow.dispatched;
  ++group.levels[r.level()].dispatched;
  group.passed_over.dispatched(r.level());
  if (run.request.need_count > 0) take_credentials(now, run);
  if (r.counted) record_wait(slot);
  for_slices(slot, [now](Slice& slice) {
    ++slice.flow.dispatched;
    slice.running.add(now);
  });
}

void Recorder::Impl::parked(Time now, const Run& run, const Blocker& blocker) {
  at(now);
  RunRecord& r = runs_[run.slot.index()];
  group_of(r).advance(now);
  const bool on_credential = blocker.need.value != UINT32_MAX;
  reached_.by_kind[static_cast<std::size_t>(ReachKind::parked_on_credential)] += on_credential;
  if (r.phase == Phase::candidate)
    leave_candidates(now, run.slot, false);
  else
    leave_blocked(now, run.slot);
  enter_blocked(now, run.slot, Phase::parked, &blocker);
}

void Recorder::Impl::woken(Time now, const Run& run) {
  at(now);
  group_of(runs_[run.slot.index()]).advance(now);
  leave_blocked(now, run.slot);
  enter_candidates(now, run.slot);
}

void Recorder::Impl::holding(Time now, const Run& run, const Blocker& blocker) {
  at(now);
  RunRecord& r = runs_[run.slot.index()];
  GroupRecord& group = group_of(r);
  group.advance(now);
  ++reached_.by_kind[static_cast<std::size_t>(ReachKind::parked_on_credential)];
  if (r.phase == Phase::candidate) {
    leave_candidates(now, run.slot, false);
    take_worker(now, r);
    group.holding.add(now);
  } else {
    leave_blocked(now, run.slot);
  }
  enter_blocked(now, run.slot, Phase::holding, &blocker);
}

void Recorder::Impl::requeued(Time now, const Run& run, RequeueCause cause) {
  at(now);
  RunRecord& r = runs_[run.slot.index()];
  GroupRecord& group = group_of(r);
  group.advance(now);
  ++queues_[r.queue].flow.requeued;
  ++reached_.by_kind[static_cast<std::size_t>(ReachKind::requeued)];
  const bool lost = cause == RequeueCause::worker_lost;
  reached_.by_kind[static_cast<std::size_t>(ReachKind::worker_lost)] += lost;
  for_slices(run.slot, [](Slice& slice) { ++slice.flow.requeued; });
  if (r.phase == Phase::holding) {
    leave_blocked(now, run.slot);
    group.holding.remove(now);
    leave_queue(now, run.slot, false);
  } else {
    extension(r).served += now - r.since;
    give_back_credentials(now, run);
    if (r.recorded) forget_wait(run.slot);
    for_slices(run.slot, [now](Slice& slice) { slice.running.remove(now); });
  }
  give_back_worker(now, r);
  r.requeued = true;
  join_queue(now, run.slot);
  enter_blocked(now, run.slot, Phase::delayed, nullptr);
}

void Recorder::Impl::rejoined(Time now, const Run& run) { woken(now, run); }

void Recorder::Impl::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  at(now);
  RunRecord& r = runs_[run.slot.index()];
  GroupRecord& group = group_of(r);
  group.advance(now);
  if (r.phase == Phase::running) {
    record_end(now, r, run, outcome);
    give_back_credentials(now, run);
    give_back_worker(now, r);
    for_slices(run.slot, [now](Slice& slice) { slice.running.remove(now); });
  } else {
    if (r.phase == Phase::holding) {
      give_back_worker(now, r);
      group.holding.remove(now);
    }
    if (r.phase == Phase::candidate)
      leave_candidates(now, run.slot, false);
    else
      leave_blocked(now, run.slot);
    leave_queue(now, run.slot, false);
    if (r.counted) record_abandoned(r, run.slot);
  }
  const auto count = [outcome](auto& flow) {
    flow.succeeded += outcome == Outcome::succeeded;
    flow.failed += outcome == Outcome::failed;
    flow.stopped += outcome == Outcome::stopped;
  };
  count(queues_[r.queue].flow);
  for_slices(run.slot, [&](Slice& slice) { count(slice.flow); });
  const bool sibling = reason == EndReason::sibling_login_failed;
  reached_.by_kind[static_cast<std::size_t>(ReachKind::sibling_stopped)] += sibling;
  r.phase = Phase::none;
  ++all_ended_;
  if (--group.in_system == 0) group.emptied = now;
}

// ---- the class that others see

Recorder::Recorder(const RecorderConfig& config, const PipelineConfig& pipeline)
    : impl_(std::make_unique<Impl>(config, pipeline)) {}
Recorder::~Recorder() = default;

ReplicationResult Recorder::finish(Time end) { return impl_->finish(end); }
WaitAttribution Recorder::attribution(RunSlot slot) const { return impl_->attribution(slot); }

void Recorder::submitted(Time now, const RunRequest& request) { impl_->submitted(now, request); }
void Recorder::answered(Time now, const RunRequest& request, const Answer& answer) {
  impl_->answered(now, request, answer);
}
void Recorder::gave_up(Time now, const RunRequest& request) { impl_->gave_up(now, request); }
void Recorder::accepted(Time now, const Run& run) { impl_->accepted(now, run); }
void Recorder::parked(Time now, const Run& run, const Blocker& blocker) {
  impl_->parked(now, run, blocker);
}
void Recorder::woken(Time now, const Run& run) { impl_->woken(now, run); }
void Recorder::holding(Time now, const Run& run, const Blocker& blocker) {
  impl_->holding(now, run, blocker);
}
void Recorder::dispatched(Time now, const Run& run) { impl_->dispatched(now, run); }
void Recorder::login_ended(Time now, const Run&, CredentialId credential, bool succeeded) {
  impl_->login_ended(now, credential, succeeded);
}
void Recorder::requeued(Time now, const Run& run, RequeueCause cause, Duration) {
  impl_->requeued(now, run, cause);
}
void Recorder::rejoined(Time now, const Run& run) { impl_->rejoined(now, run); }
void Recorder::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  impl_->ended(now, run, outcome, reason);
}
void Recorder::webhook(Time now, const Run&, std::uint32_t attempts, bool delivered,
                       Duration latency) {
  impl_->webhook(now, attempts, delivered, latency);
}
void Recorder::workers_changed(Time now, GroupId group, const WorkerCounts& counts) {
  impl_->workers_changed(now, group, counts);
}
void Recorder::credential_changed(Time now, CredentialId credential,
                                  const CredentialStatus& status) {
  impl_->credential_changed(now, credential, status);
}
void Recorder::pool_defined(std::uint32_t pool_use, std::uint32_t pool, const CredentialId* first,
                            std::size_t count) {
  impl_->pool_defined(pool_use, pool, {first, count});
}

}  // namespace sluice
