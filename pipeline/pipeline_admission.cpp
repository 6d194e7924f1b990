#include <algorithm>
#include <cassert>
#include <cmath>

#include "pipeline/pipeline_impl.hpp"
#include "pipeline/policies/make_dispatch_policy.hpp"

namespace sluice {
namespace {

/// Workspaces and credentials whose tables stay in a second-level cache anyhow, by measurement.
constexpr std::size_t kFitsInCache = 1000;

}  // namespace

Pipeline::Impl::Impl(const PipelineConfig& config, std::uint64_t seed, EventQueue& events,
                     PipelineObserver& observer)
    : config_(config),
      larger_than_cache_(config.workspaces.size() + config.credentials.size() > kFitsInCache),
      events_(events),
      observer_(observer),
      credentials_(config, runs_),
      waits_(runs_),
      admission_(config.api, config.workspaces.size()),
      marked_(config.groups.size(), 0),
      in_workspace_(config.workspaces.size(), 0),
      workflow_pauses_(config.workflows.size(), 0),
      failure_factor_(config.workflows.size(), 1),
      login_failure_factor_(config.credentials.size(), 1),
      duration_factor_(config.workflows.size(), 1),
      api_error_rate_(config.api.error_rate),
      next_outage_(config.credentials.size(), 0),
      outage_key_(stream_key(seed, "outage")) {
  for (const WorkspaceConfig& workspace : config.workspaces)
    group_of_workspace_.push_back(workspace.group);
  for (const WorkflowConfig& workflow : config.workflows)
    any_expiry_ |= workflow.expiry.has_value();
  const Time start = Time::zero();
  groups_.reserve(config.groups.size());
  for (std::size_t i = 0; i < config.groups.size(); ++i) {
    const GroupId id = GroupId::at(i);
    const ResourceGroupConfig& group = config.groups[i];
    groups_.push_back({id, group, WorkerPool(group.workers, id, seed, events, kWorkerEvents),
                       make_dispatch_policy(group, runs_, config.workspaces.size())});
    groups_.back().workers.begin(start);
    workers_changed(start, groups_.back());
  }
  for (std::size_t i = 0; i < config.credentials.size(); ++i) {
    outage_streams_.emplace_back(stream_key(outage_key_, std::uint64_t{i}));
    plan_outage(start, CredentialId::at(i));
  }
}

Need Pipeline::Impl::pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                               std::span<const CredentialId> members) {
  bool is_new = false;
  const Need need = credentials_.pool_need(workspace, workflow, alias, members, is_new);
  if (is_new)
    observer_.pool_defined(need.pool_use(), credentials_.pool_of(need), members.data(),
                           members.size());
  return need;
}

Answer Pipeline::Impl::submit(Time now, const RunRequest& request) {
  assert(request.need_count == config_.workflows[request.workflow.index()].aliases.size());
  settle(now);
  prefetch_next_run();
  const ApiPlan plan = plan_answer(request, config_.api, api_error_rate_, api_latency_factor_);
  Answer answer;
  answer.answered_at = now + plan.latency;
  if (const auto refusal = admission_.admit(now, request.workspace)) {
    refuse(*refusal, answer);
  } else if (plan.server_error) {
    answer.status = Answer::Status::server_error;
  } else {
    Run& run = runs_.allocate();
    run.request = request;
    run.group = group_of_workspace_[request.workspace.index()];
    run.state = RunState::submitting;
    answer.slot = run.slot;
    if (request.attempt == 1 && plan.latency.ns == 0) {
      number(now, run);
      observer_.arrived(now, run, answer);
      accept(now, run);
      return answer;
    }
  }
  if (request.attempt == 1) observer_.submitted(now, request);
  observer_.answered(now, request, answer);
  if (!answer.slot.valid()) return answer;
  Run& run = runs_[answer.slot];
  if (plan.latency.ns > 0) {
    schedule(answer.answered_at, EventClass::arrival, kAnswerDue, run);
  } else {
    answer_due(now, run);
  }
  return answer;
}

void Pipeline::Impl::answer_due(Time now, Run& run) {
  number(now, run);
  observer_.accepted(now, run);
  accept(now, run);
}

void Pipeline::Impl::refuse(const Admission::Refusal& refusal, Answer& answer) {
  answer.status = Answer::Status::rate_limited;
  answer.window = refusal.window;
  answer.retry_after = Duration::from_seconds(std::max(1.0, std::ceil(refusal.wait.seconds())));
}

Answer Pipeline::Impl::count_request(Time now, WorkspaceId workspace) {
  Answer answer;
  answer.answered_at = now;
  if (const auto refusal = admission_.admit(now, workspace)) refuse(*refusal, answer);
  return answer;
}

void Pipeline::Impl::expect(const RunRequest& request) {
  const WorkspaceId workspace = request.workspace;
  admission_.prefetch(workspace);
  const GroupId group = group_of_workspace_[workspace.index()];
  groups_[group.index()].policy->prefetch(workspace, request.level);
  for (std::size_t i = 0; i < request.need_count; ++i)
    if (!request.needs[i].is_pool()) credentials_.prefetch(request.needs[i].credential());
  observer_.expected(request);
}

void Pipeline::Impl::number(Time now, Run& run) {
  run.id = next_id_++;
  run.sequence = next_sequence_++;
  run.accepted = run.queued_at = now;
  run.attempt = run.retries = 0;
  run.ran = {};
  run.woken_by = UINT32_MAX;
  run.state = RunState::queued;
}

/// What follows once the observer knows.
void Pipeline::Impl::accept(Time now, Run& run) {
  tell_webhook(now, run, 0);
  limit_wait(now, run);
  become_candidate(now, group_of(run), run);
}

}  // namespace sluice
