#include "tests/unit/reports/recording.hpp"

#include <cmath>
#include <limits>

#include "reports/make_recorder.hpp"

namespace sluice::test {

PipelineConfig small_pipeline(std::size_t workspaces, std::size_t credentials) {
  PipelineConfig config;
  config.groups.push_back({});
  config.groups[0].name = "main";
  for (std::size_t w = 0; w < workspaces; ++w)
    config.workspaces.push_back({"workspace-" + std::to_string(w + 1), GroupId::at(0)});
  for (std::size_t c = 0; c < credentials; ++c) {
    config.credentials.emplace_back();
    config.credentials.back().name = "credential-" + std::to_string(c + 1);
  }
  config.workflows.emplace_back();
  config.workflows[0].name = "claims";
  return config;
}

Recording::Recording(const PipelineConfig& pipeline, const RecorderConfig& config)
    : made_(make_recorder(config, pipeline)), recorder(*made_), pipeline_(pipeline) {}

void Recording::workers(double at, std::uint32_t present, std::uint32_t starting,
                        std::uint32_t cooling, std::size_t group) {
  WorkerCounts counts;
  counts.idle = present - starting - cooling;
  counts.starting = starting;
  counts.cooling = cooling;
  recorder.workers_changed(at_s(at), GroupId::at(group), counts);
}

Run& Recording::accept(double at, const std::string& name, PriorityLevel level,
                       std::size_t workspace, std::vector<std::uint32_t> needs, double submitted) {
  auto& run = runs_[name];
  run = std::make_unique<Run>();
  run->request.workspace = WorkspaceId::at(workspace);
  run->request.workflow = WorkflowId::at(0);
  run->request.level = level;
  run->request.submitted = at_s(submitted < 0 ? at : submitted);
  for (const std::uint32_t need : needs) run->request.needs[run->request.need_count++] = {need};
  run->wait_class = static_cast<std::uint32_t>(accepted_);  // it waits with nobody
  run->id = accepted_++;
  run->accepted = run->queued_at = at_s(at);
  run->group = pipeline_.workspaces[workspace].group;
  if (free_.empty()) free_.push_back(slots_++);
  run->slot = {free_.back()};
  free_.pop_back();
  recorder.accepted(at_s(at), *run);
  return *run;
}

void Recording::dispatch(double at, const std::string& name) {
  Run& r = run(name);
  for (std::size_t i = 0; i < r.request.need_count; ++i)
    if (!r.request.needs[i].is_pool()) r.held[i] = r.request.needs[i].credential();
  recorder.dispatched(at_s(at), r);
}

void Recording::park(double at, const std::string& name, BlockReason reason,
                     std::uint32_t credential) {
  recorder.parked(at_s(at), run(name), {reason, {credential}});
}
void Recording::wake(double at, const std::string& name) { recorder.woken(at_s(at), run(name)); }
void Recording::hold(double at, const std::string& name, std::uint32_t credential) {
  recorder.holding(at_s(at), run(name), {BlockReason::credential_limit, {credential}});
}
void Recording::requeue(double at, const std::string& name, RequeueCause cause) {
  recorder.requeued(at_s(at), run(name), cause, {});
}
void Recording::rejoin(double at, const std::string& name) {
  recorder.rejoined(at_s(at), run(name));
}

void Recording::end(double at, const std::string& name, Outcome outcome) {
  recorder.ended(at_s(at), run(name), outcome, EndReason::completed);
  free_.push_back(run(name).slot.value);
}

void Recording::credential(double at, std::uint32_t credential, bool login, bool paused) {
  CredentialStatus status;
  status.limit = pipeline_.credentials[credential].limit();
  status.login_guard = login;
  status.paused = paused;
  recorder.credential_changed(at_s(at), CredentialId::at(credential), status);
}

void Recording::serve(double from, double until, const std::string& name, PriorityLevel level,
                      std::size_t workspace) {
  accept(from, name, level, workspace);
  dispatch(from, name);
  end(until, name);
}

double Recording::value(const ReplicationResult& result, Metric metric,
                        const Subject& subject) const {
  const Figure* figure = result.figures.find(metric, subject);
  return figure == nullptr ? std::numeric_limits<double>::quiet_NaN() : figure->value;
}

}  // namespace sluice::test
