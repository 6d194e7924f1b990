// Transitions, in terms of entering and leaving states (recorder_waiting.cpp,
// recorder_running.cpp).
#include "reports/recorder.hpp"

#include "reports/metrics/recorder_impl.hpp"

namespace sluice {

// ---- counts

void Recorder::Impl::submitted(Time now, const RunRequest& request) {
  at(now);
  ++queues_[queue_index(request.workspace, request.level)].flow.submitted;
  if (request.submitter.valid()) ++submitter(request.submitter).submitted;
  for_slices(request, [](Slice& slice) { ++slice.flow.submitted; });
  for_submitting(request, [&](SubmittingRuns& runs) { runs.begin(request.submitted); });
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
  if (!is_retry) for_submitting(request, [](SubmittingRuns& runs) { runs.refuse(); });
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
  end_submitting(request, true);
}

void Recorder::Impl::end_submitting(const RunRequest& request, bool refused) {
  if (submitting_.empty()) return;
  for_submitting(request, [&](SubmittingRuns& runs) { runs.end(request.submitted, refused); });
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

// ---- resources

void Recorder::Impl::workers_changed(Time now, GroupId id, const WorkerCounts& counts) {
  at(now);
  GroupRecord& group = groups_[id.index()];
  group.advance(now);
  group.clocks.set_workers(now, counts.present(), counts.starting, counts.cooling);
}

void Recorder::Impl::credential_changed(Time now, CredentialId id, const CredentialStatus& status) {
  at(now);
  if (id.index() >= credentials_.size()) {
    credentials_.resize(id.index() + 1);
    credential_records_.resize(id.index() + 1);
  }
  credentials_[id.index()].set_limit(now, status.limit);
  CredentialRecord& record = credential_records_[id.index()];
  pools_.member_leaves(now, id, record);
  record.status(now, status);
  pools_.member_enters(now, id, record);
}

void Recorder::Impl::group_paused(Time now, GroupId id, bool paused) {
  at(now);
  GroupRecord& group = groups_[id.index()];
  group.advance(now);
  group.clocks.set_paused(paused);
}

void Recorder::Impl::workflow_paused(Time now, WorkflowId workflow, bool paused) {
  at(now);
  holds_.workflow_paused(now, workflow, paused);
}

void Recorder::Impl::pool_defined(std::uint32_t pool_use, std::uint32_t pool,
                                  std::span<const CredentialId> members) {
  pools_.define(pool_use, pool, members, credential_records_);
}

// ---- the life of a run

/// As submitted(), answered() at once, and accepted().
void Recorder::Impl::arrived(Time now, const Run& run) {
  at(now);
  const RunRequest& request = run.request;
  QueueRecord& queue = queues_[queue_index(request.workspace, request.level)];
  ++queue.flow.submitted;
  ++queue.flow.answered;
  ++api_.answers;
  api_.latency.add(pool_, {}, Duration::max(), Duration::max());
  if (request.submitter.valid()) {
    SubmitterRecord& from = submitter(request.submitter);
    ++from.submitted;
    ++from.answers;
  }
  for_slices(request, [](Slice& slice) {
    ++slice.flow.submitted;
    ++slice.flow.answered;
  });
  enter(now, run, queue);
}

void Recorder::Impl::accepted(Time now, const Run& run) {
  at(now);
  end_submitting(run.request, run.request.attempt > 1);
  enter(now, run, queues_[queue_index(run.request.workspace, run.request.level)]);
}

void Recorder::Impl::enter(Time now, const Run& run, QueueRecord& queue) {
  RunRecord& r = record(run.slot);
  if (r.extension != 0) drop_extension(r);
  const WorkspaceId workspace = run.request.workspace;
  r.since = r.accepted = now;
  r.wait = {};
  r.api = now - run.request.submitted;
  r.queue = queue_index(workspace, run.request.level);
  r.level_number = static_cast<std::uint8_t>(run.request.level);
  r.group = workspace_groups_[workspace.index()].value;
  r.workflow = run.request.workflow.value;
  r.phase = Phase::none;
  r.counted = started_;
  r.recorded = r.affected = r.requeued = false;

  ++all_runs_;
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
  const Place p = place(pending_);
  pending_ = RunSlot::none();
  p.group.advance(p.run.accepted);
  join_queue(p.run.accepted, p);
  enter_candidates(p.run.accepted, p);
}

void Recorder::Impl::dispatched(Time now, const Run& run) {
  const bool never_waited = pending_ == run.slot && runs_[run.slot.index()].accepted == now;
  if (never_waited) pending_ = RunSlot::none();
  at(now);
  const Place p = place(run.slot);
  p.group.advance(now);
  if (never_waited) {
    p.group.joins.pass();
    if (p.group.candidate_count > 0) dispatch_episodes(now, p);
    take_worker(now, p);
  } else if (p.run.phase == Phase::holding) {
    p.queue.prefetch_waits();
    leave_blocked(now, p);
    p.group.holding.remove(now);
    dispatch_episodes(now, p);
    leave_queue(now, p, true);
  } else {
    p.queue.prefetch_waits();
    leave_candidates(now, p, true);
    leave_queue(now, p, true);
    take_worker(now, p);
  }
  p.run.phase = Phase::running;
  p.run.since = now;
  ++p.queue.flow.dispatched;
  ++p.level.dispatched;
  p.group.passed_over.dispatched(p.k);
  if (run.request.need_count > 0) take_credentials(now, run);
  if (p.run.counted) record_wait(p);
  for_slices(run.slot, [now](Slice& slice) {
    ++slice.flow.dispatched;
    slice.running.add(now);
  });
}

void Recorder::Impl::parked(Time now, const Run& run, const Blocker& blocker) {
  at(now);
  const Place p = place(run.slot);
  p.group.advance(now);
  const bool on_credential = blocker.need.value != UINT32_MAX;
  reached_.by_kind[static_cast<std::size_t>(ReachKind::parked_on_credential)] += on_credential;
  const Phase phase = p.run.phase == Phase::holding ? Phase::holding : Phase::parked;
  if (p.run.phase == Phase::candidate)
    leave_candidates(now, p, false);
  else
    leave_blocked(now, p);
  enter_blocked(now, p, phase);
  hold(now, run, blocker);
}

void Recorder::Impl::woken(Time now, const Run& run) {
  at(now);
  const Place p = place(run.slot);
  p.group.advance(now);
  leave_blocked(now, p);
  enter_candidates(now, p);
}

void Recorder::Impl::holding(Time now, const Run& run, const Blocker& blocker) {
  at(now);
  const Place p = place(run.slot);
  p.group.advance(now);
  ++reached_.by_kind[static_cast<std::size_t>(ReachKind::parked_on_credential)];
  const bool was_candidate = p.run.phase == Phase::candidate;
  was_candidate ? leave_candidates(now, p, false) : leave_blocked(now, p);
  enter_blocked(now, p, Phase::holding);
  hold(now, run, blocker);
  if (!was_candidate) return;
  take_worker(now, p);  // last: who waits beside lower levels is counted when a worker is taken
  p.group.holding.add(now);
}

void Recorder::Impl::requeued(Time now, const Run& run, RequeueCause cause) {
  at(now);
  const Place p = place(run.slot);
  p.group.advance(now);
  ++p.queue.flow.requeued;
  ++reached_.by_kind[static_cast<std::size_t>(ReachKind::requeued)];
  const bool lost = cause == RequeueCause::worker_lost;
  reached_.by_kind[static_cast<std::size_t>(ReachKind::worker_lost)] += lost;
  const bool timed_out = cause == RequeueCause::timeout;
  reached_.by_kind[static_cast<std::size_t>(ReachKind::timed_out)] += timed_out;
  for_slices(run.slot, [](Slice& slice) { ++slice.flow.requeued; });
  if (p.run.phase == Phase::holding) {
    leave_blocked(now, p);
    p.group.holding.remove(now);
    leave_queue(now, p, false);
  } else {
    extension(p.run).served += now - p.run.since;
    give_back_credentials(now, run);
    if (p.run.recorded) forget_wait(p);
    for_slices(run.slot, [now](Slice& slice) { slice.running.remove(now); });
  }
  give_back_worker(now, p);
  p.run.requeued = true;
  join_queue(now, p);
  enter_blocked(now, p, Phase::delayed);
}

void Recorder::Impl::rejoined(Time now, const Run& run) { woken(now, run); }

void Recorder::Impl::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  at(now);
  const Place p = place(run.slot);
  p.group.advance(now);
  if (p.run.phase == Phase::running) {
    record_end(now, p, run, outcome);
    if (run.request.need_count > 0) give_back_credentials(now, run);
    give_back_worker(now, p);
    for_slices(run.slot, [now](Slice& slice) { slice.running.remove(now); });
  } else {
    end_waiting(now, p);
  }
  const auto count = [outcome](auto& flow) {
    flow.succeeded += outcome == Outcome::succeeded;
    flow.failed += outcome == Outcome::failed;
    flow.stopped += outcome == Outcome::stopped;
  };
  count(p.queue.flow);
  for_slices(run.slot, [&](Slice& slice) { count(slice.flow); });
  if (reason >= EndReason::sibling_login_failed) [[unlikely]]
    ended_for(reason, p, run.slot);
  p.run.phase = Phase::none;
  ++all_ended_;
  if (--p.group.in_system == 0) p.group.emptied = now;
}

/// What is counted by reason.
void Recorder::Impl::ended_for(EndReason reason, const Place& p, RunSlot slot) {
  const auto count = [&](std::uint64_t TooLong::*which, ReachKind kind) {
    ++reached_.by_kind[static_cast<std::size_t>(kind)];
    too_long_.resize(queues_.size());
    ++(too_long_[p.run.queue].*which);
    for_slices(slot, [which](Slice& slice) { ++(slice.too_long.*which); });
  };
  switch (reason) {
    case EndReason::sibling_login_failed:
      ++reached_.by_kind[static_cast<std::size_t>(ReachKind::sibling_stopped)];
      return;
    case EndReason::timeout:
      return count(&TooLong::timed_out, ReachKind::timed_out);
    case EndReason::expired:
      return count(&TooLong::expired, ReachKind::expired);
    case EndReason::cancelled:
      return count(&TooLong::cancelled, ReachKind::cancelled);
    default:
      return;
  }
}

void Recorder::Impl::end_waiting(Time now, const Place& p) {
  if (p.run.phase == Phase::holding) {
    give_back_worker(now, p);
    p.group.holding.remove(now);
  }
  if (p.run.phase == Phase::candidate)
    leave_candidates(now, p, false);
  else
    leave_blocked(now, p);
  leave_queue(now, p, false);
  if (p.run.counted) record_abandoned(p);
}

// ---- the class that others see

Recorder::Recorder(const RecorderConfig& config, const PipelineConfig& pipeline)
    : impl_(std::make_unique<Impl>(config, pipeline)) {}
Recorder::~Recorder() = default;

ReplicationResult Recorder::finish(Time end) { return impl_->finish(end); }
WaitAttribution Recorder::attribution(RunSlot slot) const { return impl_->attribution(slot); }

void Recorder::expected(const RunRequest& request) { impl_->expected(request); }
void Recorder::ending(const Run& run) { impl_->ending(run); }
void Recorder::waking(const Run& run) { impl_->waking(run); }
void Recorder::submitted(Time now, const RunRequest& request) { impl_->submitted(now, request); }
void Recorder::answered(Time now, const RunRequest& request, const Answer& answer) {
  impl_->answered(now, request, answer);
}
void Recorder::gave_up(Time now, const RunRequest& request) { impl_->gave_up(now, request); }
void Recorder::arrived(Time now, const Run& run, const Answer&) { impl_->arrived(now, run); }
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
void Recorder::group_paused(Time now, GroupId group, bool paused) {
  impl_->group_paused(now, group, paused);
}
void Recorder::workflow_paused(Time now, WorkflowId workflow, bool paused) {
  impl_->workflow_paused(now, workflow, paused);
}
void Recorder::pool_defined(std::uint32_t pool_use, std::uint32_t pool, const CredentialId* first,
                            std::size_t count) {
  impl_->pool_defined(pool_use, pool, {first, count});
}

}  // namespace sluice
