// Commands from outside: incidents of a scenario, an admin API.
#include "pipeline/pipeline_impl.hpp"

namespace sluice {

bool Pipeline::Impl::interrupt(Time now, RunSlot slot, std::uint64_t run_id) {
  if (slot.index() >= runs_.slot_count()) return false;
  Run& run = runs_[slot];
  if (run.state == RunState::free || run.state == RunState::submitting || run.id != run_id)
    return false;
  end(now, run, Outcome::stopped, EndReason::interrupted);
  settle(now);
  return true;
}

void Pipeline::Impl::apply(Time now, const Command& command) {
  settle(now);  // commands come as timers of the driver: what completions released comes first
  std::visit([&](const auto& c) { obey(now, c); }, command);
  settle(now);
}

void Pipeline::Impl::obey(Time now, const Pause& command) {
  std::visit([&](auto id) { pause(now, id); }, command.what);
}

void Pipeline::Impl::obey(Time now, const Resume& command) {
  std::visit([&](auto id) { resume(now, id); }, command.what);
}

void Pipeline::Impl::pause(Time now, CredentialId credential) {
  credentials_.pause(credential);
  credential_changed(now, credential);
}

void Pipeline::Impl::resume(Time now, CredentialId credential) {
  if (credentials_.resume(credential)) gained_room(credential);
  credential_changed(now, credential);
}

void Pipeline::Impl::pause(Time now, WorkflowId workflow) {
  if (workflow_pauses_[workflow.index()]++ == 0) observer_.workflow_paused(now, workflow, true);
}

void Pipeline::Impl::resume(Time now, WorkflowId workflow) {
  std::uint32_t& pauses = workflow_pauses_[workflow.index()];
  if (pauses == 0 || --pauses > 0) return;
  observer_.workflow_paused(now, workflow, false);
  gained_room(WaitPoint::of(WaitPoint::Kind::workflow, workflow.index()));
}

void Pipeline::Impl::pause(Time now, GroupId group) {
  if (groups_[group.index()].pauses++ == 0) observer_.group_paused(now, group, true);
}

void Pipeline::Impl::resume(Time now, GroupId group) {
  Group& g = groups_[group.index()];
  if (g.pauses > 0 && --g.pauses == 0) observer_.group_paused(now, group, false);
  mark(g);
}

void Pipeline::Impl::obey(Time now, const SetWorkers& command) {
  Group& group = groups_[command.group.index()];
  group.workers.set_target(now, command.count, command.by);
  workers_changed(now, group);
}

void Pipeline::Impl::obey(Time now, const EndSetWorkers& command) {
  Group& group = groups_[command.group.index()];
  group.workers.end_set_target(now, command.by);
  workers_changed(now, group);
}

void Pipeline::Impl::obey(Time now, const LoseWorkers& command) {
  Group& group = groups_[command.group.index()];
  for (std::uint32_t i = 0; i < command.count && group.workers.counts().present() > 0; ++i)
    lose_worker(now, group, {command.by});
}

void Pipeline::Impl::obey(Time now, const RestoreWorkers& command) {
  Group& group = groups_[command.group.index()];
  group.workers.restore(now, command.count, command.by);
  workers_changed(now, group);
}

void Pipeline::Impl::obey(Time now, const RestartWorkers& command) {
  Group& group = groups_[command.group.index()];
  group.workers.restart_free(now);
  for (std::uint32_t number = 0; number < group.numbers.count(); ++number) {
    const RunSlot slot = group.numbers.run(number);
    if (!slot.valid()) continue;
    Run& run = runs_[slot];
    const bool was_holding = run.state == RunState::holding;
    take_run_from_worker(now, run);
    group.workers.restarted_with_run(now, was_holding);
  }
  workers_changed(now, group);
}

void Pipeline::Impl::obey(Time, const SetFailureFactor& command) {
  failure_factor_[command.workflow.index()] = command.factor;
}

void Pipeline::Impl::obey(Time, const SetLoginFailureFactor& command) {
  login_failure_factor_[command.credential.index()] = command.factor;
}

void Pipeline::Impl::obey(Time, const SetDurationFactor& command) {
  duration_factor_[command.workflow.index()] = command.factor;
}

void Pipeline::Impl::obey(Time now, const OverrideCredential& command) {
  if (credentials_.set_override(command.credential, command.to)) gained_room(command.credential);
  credential_changed(now, command.credential);
}

void Pipeline::Impl::obey(Time, const SetApiLatencyFactor& command) {
  api_latency_factor_ = command.factor;
}

void Pipeline::Impl::obey(Time, const SetApiErrorRate& command) { api_error_rate_ = command.rate; }

void Pipeline::Impl::credential_changed(Time now, CredentialId credential) {
  observer_.credential_changed(now, credential, credentials_.status(credential));
}

void Pipeline::Impl::config_grew(Time now) {
  const std::size_t known = next_outage_.size();
  const std::size_t credentials = config_.credentials.size();
  credentials_.config_grew();
  login_failure_factor_.resize(credentials, 1);
  next_outage_.resize(credentials, 0);
  workflow_pauses_.resize(config_.workflows.size(), 0);
  failure_factor_.resize(config_.workflows.size(), 1);
  duration_factor_.resize(config_.workflows.size(), 1);
  for (const WorkflowConfig& workflow : config_.workflows)
    any_expiry_ |= workflow.expiry.has_value();
  for (std::size_t i = known; i < credentials; ++i) {
    outage_streams_.emplace_back(stream_key(outage_key_, std::uint64_t{i}));
    credential_changed(now, CredentialId::at(i));
  }
}

void Pipeline::Impl::credential_config_changed(Time now, CredentialId credential) {
  if (credentials_.config_changed(credential)) gained_room(credential);
  credential_changed(now, credential);
  settle(now);
}

bool Pipeline::Impl::end_interaction(Time now, RunSlot slot, std::uint64_t run_id, bool answered) {
  if (slot.index() >= runs_.slot_count()) return false;
  Run& run = runs_[slot];
  if (run.state != RunState::running || run.id != run_id || run.interaction.ns == 0 ||
      now < run.interaction_begins())
    return false;
  AttemptPlan rest;
  if (answered && is_planned(run)) rest = planner_->plan_after_answer(run);
  ++run.generation;
  run.interaction = {};
  run.service = now + rest.length - run.dispatched;
  if (!answered) {
    run.planned_outcome = Outcome::failed;
    run.planned_reason = EndReason::interaction_timeout;
  } else if (is_planned(run)) {
    run.planned_outcome = rest.outcome;
    run.planned_reason = rest.reason;
  } else if (run.planned_reason == EndReason::interaction_timeout) {
    run.planned_outcome = Outcome::succeeded;
    run.planned_reason = EndReason::completed;
  }
  observer_.interaction_ended(now, run, answered);
  const auto& timeout = workflow_of(run).timeout;
  if (!timeout || ends_in_time(run.dispatched, run, *timeout, Time::never()))
    schedule(now + rest.length, EventClass::completion, kRunCompleted, run);
  return true;
}

}  // namespace sluice
