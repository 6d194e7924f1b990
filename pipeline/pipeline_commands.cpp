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

void Pipeline::Impl::pause_credential(Time now, CredentialId credential) {
  credentials_.pause(credential);
  credential_changed(now, credential);
}

void Pipeline::Impl::resume_credential(Time now, CredentialId credential) {
  if (credentials_.resume(credential)) gained_room(credential);
  credential_changed(now, credential);
  settle(now);
}

void Pipeline::Impl::credential_changed(Time now, CredentialId credential) {
  observer_.credential_changed(now, credential, credentials_.status(credential));
}

void Pipeline::Impl::pause_workflow(Time now, WorkflowId workflow) {
  if (workflow_pauses_[workflow.index()]++ == 0) observer_.workflow_paused(now, workflow, true);
}

void Pipeline::Impl::resume_workflow(Time now, WorkflowId workflow) {
  std::uint32_t& pauses = workflow_pauses_[workflow.index()];
  if (pauses == 0 || --pauses > 0) return;
  observer_.workflow_paused(now, workflow, false);
  gained_room(WaitPoint::of(WaitPoint::Kind::workflow, workflow.index()));
  settle(now);
}

void Pipeline::Impl::pause_group(Time now, GroupId group) {
  if (groups_[group.index()].pauses++ == 0) observer_.group_paused(now, group, true);
}

void Pipeline::Impl::resume_group(Time now, GroupId group) {
  Group& g = groups_[group.index()];
  if (g.pauses > 0 && --g.pauses == 0) observer_.group_paused(now, group, false);
  mark(g);
}

void Pipeline::Impl::set_workers(Time now, GroupId group, std::uint32_t count, CauseId by) {
  Group& g = groups_[group.index()];
  g.workers.set_target(now, count, by);
  workers_changed(now, g);
}

void Pipeline::Impl::end_set_workers(Time now, GroupId group, CauseId by) {
  Group& g = groups_[group.index()];
  g.workers.end_set_target(now, by);
  workers_changed(now, g);
}

void Pipeline::Impl::lose_workers(Time now, GroupId group, std::uint32_t count, CauseId by) {
  Group& g = groups_[group.index()];
  for (std::uint32_t i = 0; i < count && g.workers.counts().present() > 0; ++i)
    lose_worker(now, g, {by});
  settle(now);
}

void Pipeline::Impl::restore_workers(Time now, GroupId group, std::uint32_t count, CauseId by) {
  Group& g = groups_[group.index()];
  g.workers.restore(now, count, by);
  workers_changed(now, g);
}

void Pipeline::Impl::restart_workers(Time now, GroupId group) {
  Group& g = groups_[group.index()];
  g.workers.restart_free(now);
  for (std::uint32_t number = 0; number < g.numbers.count(); ++number) {
    const RunSlot slot = g.numbers.run(number);
    if (!slot.valid()) continue;
    Run& run = runs_[slot];
    const bool was_holding = run.state == RunState::holding;
    take_run_from_worker(now, run);
    g.workers.restarted_with_run(now, was_holding);
  }
  workers_changed(now, g);
  settle(now);
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

void Pipeline::Impl::override_credential(Time now, CredentialId credential,
                                         const CredentialOverride& to) {
  if (credentials_.set_override(credential, to)) gained_room(credential);
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
