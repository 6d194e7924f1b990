#include "bench/fixed_pipeline.hpp"

#include <string>

namespace sluice::bench {
namespace {

SubmitterConfig submitter(const Shape& shape, std::string name, Arrivals arrivals) {
  SubmitterConfig s;
  s.name = std::move(name);
  for (std::uint32_t i = 0; i < shape.workspaces; ++i) s.workspaces.push_back(WorkspaceId::at(i));
  CredentialChoice choice;
  choice.kind = shape.pool ? CredentialChoice::Kind::pool : CredentialChoice::Kind::drawn;
  for (std::uint32_t i = 0; i < shape.credentials; ++i)
    choice.members.push_back(CredentialId::at(i));
  s.workflows = {{1.0, WorkflowUse{WorkflowId::at(0), {choice}}}};
  s.priority = {{4, PriorityLevel::HIGH}, {7, PriorityLevel::MEDIUM}, {21, PriorityLevel::LOW}};
  s.arrivals = std::move(arrivals);
  return s;
}

PipelineConfig pipeline(const Shape& shape) {
  PipelineConfig p;
  p.groups.push_back({});
  p.groups[0].name = "main";
  p.groups[0].workers.count = shape.workers;
  p.groups[0].dispatch.kind = shape.dispatch;
  p.groups[0].dispatch.share_millionths = 10'000;
  for (std::uint32_t i = 0; i < shape.workspaces; ++i)
    p.workspaces.push_back({"w" + std::to_string(i), GroupId::at(0)});
  CredentialConfig credential;
  credential.allow_multiple_sessions = true;
  credential.max_concurrency = shape.limit;
  for (std::uint32_t i = 0; i < shape.credentials; ++i) {
    credential.name = "c" + std::to_string(i);
    p.credentials.push_back(credential);
  }
  WorkflowConfig workflow;
  workflow.name = "job";
  workflow.aliases = {"USER"};
  workflow.time = Distribution::exponential(60);
  p.workflows.push_back(workflow);
  // A backlog arrives at once; the windows of the API are not what is measured.
  if (shape.backlog > 0) p.api.rate_limits.clear();
  return p;
}

}  // namespace

Scenario make_scenario(const Shape& shape) {
  Scenario s;
  s.name = "fixed-pipeline";
  s.duration = Duration::from_seconds(static_cast<double>(shape.runs) / shape.per_second);
  s.starvation_threshold.fill(Duration::from_seconds(300));
  s.pipeline = pipeline(shape);
  s.submitters.push_back(
      submitter(shape, "steady", PoissonArrivals{{{{Time::zero(), shape.per_second}}, {}, false}}));
  if (shape.backlog > 0)
    s.submitters.push_back(submitter(
        shape, "backlog",
        BatchArrivals{
            {Time::zero()}, {}, Distribution::constant(static_cast<double>(shape.backlog)), {}}));
  return s;
}

}  // namespace sluice::bench
