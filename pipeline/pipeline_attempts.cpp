// What happens to a run from its dispatch to its end. docs/rules.md, "Running".
#include <algorithm>
#include <bit>
#include <cassert>

#include "pipeline/pipeline_impl.hpp"

namespace sluice {

void Pipeline::Impl::begin_attempt(Time now, Run& run) {
  ++run.attempt;
  const Time held_since = run.state == RunState::holding ? run.dispatched : Time::never();
  run.dispatched = now;
  run.dispatch_number = next_dispatch_++;
  run.state = RunState::running;
  const WorkflowConfig& workflow = workflow_of(run);
  const std::size_t workflow_index = run.request.workflow.index();
  AttemptPlan plan =
      plan_attempt(run.request, workflow, run.attempt, failure_factor_[workflow_index],
                   duration_factor_[workflow_index]);
  if (is_planned(run)) [[unlikely]]
    plan = planner_->plan(run, plan);
  run.planned_outcome = plan.outcome;
  run.planned_reason = plan.reason;
  run.failure_kind = plan.failure_kind;
  run.interaction = plan.interaction;
  run.logins_pending = 0;
  run.service = begin_logins(now, run) + plan.length;
  if (!workflow.timeout || ends_in_time(now, run, *workflow.timeout, held_since)) [[likely]]
    schedule(now + run.service, EventClass::completion, kRunCompleted, run);
  observer_.dispatched(now, run);
  for (unsigned pending = run.logins_pending; pending != 0; pending &= pending - 1) {
    const CredentialId credential = run.held[static_cast<std::size_t>(std::countr_zero(pending))];
    if (credentials_.guarded(credential)) credential_changed(now, credential);
  }
  tell_webhook(now, run, 3u * run.attempt - 2);
}

/// Takes the credentials; returns how long until the last of the logins that are needed is over.
Duration Pipeline::Impl::begin_logins(Time now, Run& run) {
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    if (!credentials_.has_login(run.held[i]) || credentials_.session_valid(now, run.held[i]))
      continue;
    const auto first = std::find(run.held.begin(), run.held.end(), run.held[i]) - run.held.begin();
    if (first == static_cast<std::ptrdiff_t>(i))
      run.logins_pending = static_cast<std::uint8_t>(run.logins_pending | 1u << i);
  }
  credentials_.take(now, run);
  Duration longest{};
  for (unsigned pending = run.logins_pending; pending != 0; pending &= pending - 1) {
    const auto need = static_cast<std::size_t>(std::countr_zero(pending));
    const CredentialId credential = run.held[need];
    credentials_.begin_login(credential);
    const LoginPlan login = login_of(run, need);
    longest = std::max(longest, login.length);
    schedule(now + login.length, EventClass::completion, static_cast<EventKind>(kLoginEnded + need),
             run);
  }
  return longest;
}

LoginPlan Pipeline::Impl::login_of(const Run& run, std::size_t need) const {
  const CredentialId credential = run.held[need];
  LoginPlan login =
      plan_login(run.request, run.attempt, need, *credentials_.config(credential).login,
                 login_failure_factor_[credential.index()]);
  if (is_planned(run)) [[unlikely]]
    login.succeeds = planner_->logs_in(run);
  return login;
}

void Pipeline::Impl::login_ended(Time now, Run& run, std::size_t need) {
  const CredentialId credential = run.held[need];
  const LoginPlan login = login_of(run, need);
  run.logins_pending = static_cast<std::uint8_t>(run.logins_pending & ~(1u << need));
  observer_.login_ended(now, run, credential, login.succeeds);
  const bool was_guarded = credentials_.guarded(credential);
  if (credentials_.end_login(now, credential, login.succeeds)) gained_room(credential);
  if (was_guarded) credential_changed(now, credential);
  if (!login.succeeds) login_failed(now, run, credential);
}

void Pipeline::Impl::login_failed(Time now, Run& run, CredentialId credential) {
  const auto holders = credentials_.holders(credential);
  std::vector<RunSlot> siblings(holders.begin(), holders.end());
  std::erase(siblings, run.slot);
  std::sort(siblings.begin(), siblings.end(), [this](RunSlot a, RunSlot b) {
    return runs_[a].dispatch_number < runs_[b].dispatch_number;
  });
  for (RunSlot sibling : siblings)
    end(now, runs_[sibling], Outcome::stopped, EndReason::sibling_login_failed);
  end(now, run, Outcome::failed, EndReason::login_failed);
  if (config_.stop_queued_siblings) stop_queued_siblings(now, credential);
}

void Pipeline::Impl::stop_queued_siblings(Time now, CredentialId credential) {
  std::vector<RunSlot> siblings;
  for (std::size_t i = 0; i < runs_.slot_count(); ++i) {
    const Run& run = runs_[RunSlot::at(i)];
    const bool waits = run.state == RunState::queued || run.state == RunState::parked ||
                       run.state == RunState::delayed || run.state == RunState::holding;
    const auto last = run.request.needs.begin() + run.request.need_count;
    if (waits &&
        std::find(run.request.needs.begin(), last, Pipeline::credential_need(credential)) != last)
      siblings.push_back(run.slot);
  }
  std::sort(siblings.begin(), siblings.end(),
            [this](RunSlot a, RunSlot b) { return runs_[a].id < runs_[b].id; });
  for (RunSlot sibling : siblings)
    end(now, runs_[sibling], Outcome::stopped, EndReason::sibling_login_failed);
}

/// Of a failure: whether another attempt follows.
bool Pipeline::Impl::is_retried(const Run& run) const {
  const WorkflowConfig& workflow = workflow_of(run);
  if (run.retries >= workflow.max_retries) return false;
  if (is_planned(run)) return planner_->retries(run);
  return run.failure_kind < workflow.failures.size() && workflow.failures[run.failure_kind].retry;
}

void Pipeline::Impl::completed(Time now, Run& run) {
  if (run.planned_reason != EndReason::failure || !is_retried(run))
    return end(now, run, run.planned_outcome, run.planned_reason);
  ++run.retries;
  requeue(now, run, RequeueCause::retriable_failure,
          retry_delay(run.request, workflow_of(run), run.retries));
}

/// Of its end and its timeout, only the one that comes first is scheduled.
bool Pipeline::Impl::ends_in_time(Time now, const Run& run, const TimeoutConfig& timeout,
                                  Time held_since) {
  const bool was_holding = held_since != Time::never();
  const Time due = (was_holding ? held_since : now) + timeout.after;
  if (now + run.service <= due) return true;
  if (!was_holding)  // else it is scheduled already
    schedule(due, EventClass::timer, kTimedOut, run);
  return false;
}

/// Its attempt, or its hold inside a worker, has lasted as long as its workflow allows.
void Pipeline::Impl::timed_out(Time now, Run& run) {
  const WorkflowConfig& workflow = workflow_of(run);
  if (!workflow.timeout->retry || run.retries >= workflow.max_retries)
    return end(now, run, Outcome::failed, EndReason::timeout);
  ++run.retries;
  if (run.state == RunState::holding) waits_.remove(run);
  requeue(now, run, RequeueCause::timeout, retry_delay(run.request, workflow, run.retries));
}

void Pipeline::Impl::requeue(Time now, Run& run, RequeueCause cause, Duration delay) {
  run.queued_at = now;
  if (run.state == RunState::running) run.ran += now - run.dispatched;
  observer_.requeued(now, run, cause, delay);
  tell_webhook(now, run, 3u * run.attempt - 1);
  detach(now, run, cause != RequeueCause::worker_lost);
  run.state = RunState::delayed;
  schedule(now + delay, EventClass::timer, kRetryDue, run);
  limit_wait(now, run);
}

// ---- too long a wait

Time Pipeline::Impl::wait_limit(const Run& run, EventKind kind) const {
  return kind == kExpired ? run.accepted + *workflow_of(run).expiry + run.ran
                          : run.request.submitted + run.request.patience + run.ran;
}

/// What was scheduled before, when it had run less, comes up too early and is void then.
void Pipeline::Impl::schedule_wait_limits(Time now, const Run& run) {
  const auto schedule_limit = [&](EventKind kind) {
    events_.schedule(std::max(now, wait_limit(run, kind)), EventClass::timer,
                     {kind, run.slot.value, static_cast<std::uint32_t>(run.id)});
  };
  if (workflow_of(run).expiry) schedule_limit(kExpired);
  if (run.request.patience != Duration::max()) schedule_limit(kPatienceOver);
}

void Pipeline::Impl::waited_too_long(Time now, Run& run, EventKind kind, std::uint32_t run_id) {
  const bool waits = run.state == RunState::queued || run.state == RunState::parked ||
                     run.state == RunState::delayed || run.state == RunState::holding;
  if (!waits || static_cast<std::uint32_t>(run.id) != run_id || now < wait_limit(run, kind)) return;
  end(now, run, Outcome::stopped, kind == kExpired ? EndReason::expired : EndReason::cancelled);
}

void Pipeline::Impl::rejoin(Time now, Run& run) {
  run.sequence = next_sequence_++;
  run.state = RunState::queued;
  observer_.rejoined(now, run);
  become_candidate(now, group_of(run), run);
}

void Pipeline::Impl::end(Time now, Run& run, Outcome outcome, EndReason reason) {
  observer_.ended(now, run, outcome, reason);
  tell_webhook(now, run, 3u * run.attempt + 3u);
  leave_queues(now, run);
  if (run.state == RunState::running || run.state == RunState::holding) detach(now, run, true);
  const bool was_candidate = run.state == RunState::queued;
  if (was_candidate) stop_being_candidate(now, run);
  runs_.release(run);
}

void Pipeline::Impl::leave_queues(Time now, Run& run) {
  Group& group = group_of(run);
  if (run.state == RunState::queued) {
    if (group.lone == run.slot)
      group.lone = RunSlot::none();
    else
      group.policy->remove(run);
    --group.eligible;
  } else if (run.state == RunState::parked || run.state == RunState::holding) {
    waits_.remove(run);
  }
  if (run.state == RunState::parked && run.blocks_queue) {
    run.blocks_queue = false;
    group.policy->unblock(now, run);
    mark(group);
  }
}

void Pipeline::Impl::detach(Time now, Run& run, bool worker_stays) {
  Group& group = group_of(run);
  const bool was_holding = run.state == RunState::holding;
  ++run.generation;
  if (!was_holding) release_credentials(now, run);
  group.numbers.give_back(run.worker);
  --group.busy[index(run.level())];
  group.policy->released(now, run);
  if (group.capped()) {
    const std::size_t workspace = run.request.workspace.index();
    --in_workspace_[workspace];
    gained_room(WaitPoint::of(WaitPoint::Kind::workspace_cap, workspace));
  }
  mark(group);
  if (worker_stays && !group.workers.give_back(now, was_holding)) workers_changed(now, group);
}

void Pipeline::Impl::release_credentials(Time now, Run& run) {
  for (unsigned pending = run.logins_pending; pending != 0; pending &= pending - 1) {
    const CredentialId credential = run.held[static_cast<std::size_t>(std::countr_zero(pending))];
    const bool was_guarded = credentials_.guarded(credential);
    credentials_.end_login(now, credential, false);
    if (was_guarded) credential_changed(now, credential);
  }
  run.logins_pending = 0;
  credentials_.release(now, run, [this](CredentialId credential) { gained_room(credential); });
}

void Pipeline::Impl::deliver_webhook(Time now, const Run& run, std::uint32_t event) {
  const WebhookPlan plan = plan_webhook(run.request, *config_.webhooks, event);
  observer_.webhook(now, run, plan.attempts, plan.delivered, plan.latency);
}

}  // namespace sluice
