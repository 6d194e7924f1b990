#include "pipeline/attempts.hpp"

#include "base/check.hpp"

namespace sluice {

Attempts::Attempts(const PipelineConfig& config)
    : config_(config),
      failure_factor_(config.workflows.size(), 1),
      duration_factor_(config.workflows.size(), 1),
      login_failure_factor_(config.credentials.size(), 1) {}

void Attempts::config_grew() {
  SLUICE_REQUIRE(config_.workflows.size() >= failure_factor_.size() &&
                     config_.credentials.size() >= login_failure_factor_.size(),
                 "workflows and credentials are only appended");
  failure_factor_.resize(config_.workflows.size(), 1);
  duration_factor_.resize(config_.workflows.size(), 1);
  login_failure_factor_.resize(config_.credentials.size(), 1);
}

void Attempts::set_failure_factor(WorkflowId workflow, double factor) {
  SLUICE_REQUIRE(workflow.index() < failure_factor_.size() && factor >= 0,
                 "a factor of failures is at least 0, of a workflow that there is");
  failure_factor_[workflow.index()] = factor;
}

void Attempts::set_duration_factor(WorkflowId workflow, double factor) {
  SLUICE_REQUIRE(workflow.index() < duration_factor_.size() && factor >= 0,
                 "a factor of durations is at least 0, of a workflow that there is");
  duration_factor_[workflow.index()] = factor;
}

void Attempts::set_login_failure_factor(CredentialId credential, double factor) {
  SLUICE_REQUIRE(credential.index() < login_failure_factor_.size() && factor >= 0,
                 "a factor of failed logins is at least 0, of a credential that there is");
  login_failure_factor_[credential.index()] = factor;
}

AttemptPlan Attempts::plan(const Run& run) const {
  const std::size_t workflow = run.request.workflow.index();
  AttemptPlan plan = plan_attempt(run.request, config_.workflows[workflow], run.attempt,
                                  failure_factor_[workflow], duration_factor_[workflow]);
  if (is_planned(run)) [[unlikely]]
    plan = planner_->plan(run, plan);
  return plan;
}

AttemptPlan Attempts::plan_after_answer(const Run& run) const {
  return is_planned(run) ? planner_->plan_after_answer(run) : AttemptPlan{};
}

LoginPlan Attempts::login(const Run& run, std::size_t need) const {
  const std::size_t credential = run.held[need].index();
  LoginPlan login =
      plan_login(run.request, run.attempt, need, *config_.credentials[credential].login,
                 login_failure_factor_[credential]);
  if (is_planned(run)) [[unlikely]]
    login.succeeds = planner_->logs_in(run);
  return login;
}

bool Attempts::is_retried(const Run& run) const {
  const WorkflowConfig& workflow = workflow_of(run);
  if (run.retries >= workflow.max_retries) return false;
  if (is_planned(run)) return planner_->retries(run);
  return run.failure_kind < workflow.failures.size() && workflow.failures[run.failure_kind].retry;
}

}  // namespace sluice
