#include "tests/unit/sim/small_scenario.hpp"

#include "tests/unit/sim/checked.hpp"

namespace sluice::test {

Scenario small_scenario(std::uint32_t workers, Distribution time, Duration duration) {
  Scenario scenario;
  scenario.name = "small";
  scenario.duration = duration;
  scenario.pipeline.api.rate_limits.clear();
  scenario.starvation_threshold.fill(Duration{300'000'000'000});

  ResourceGroupConfig group;
  group.name = "main";
  group.workers.count = workers;
  scenario.pipeline.groups.push_back(group);
  scenario.pipeline.workspaces.push_back({"acme", GroupId::at(0)});
  WorkflowConfig workflow;
  workflow.name = "claims";
  workflow.time = std::move(time);
  scenario.pipeline.workflows.push_back(workflow);
  return scenario;
}

SubmitterConfig& add_submitter(Scenario& scenario, const std::string& name, Arrivals arrivals) {
  SubmitterConfig submitter;
  submitter.name = name;
  submitter.workspaces = {WorkspaceId::at(0)};
  submitter.workflows = {{1.0, WorkflowUse{WorkflowId::at(0), {}}}};
  submitter.priority = {{1.0, PriorityLevel::LOW}};
  submitter.arrivals = std::move(arrivals);
  scenario.submitters.push_back(std::move(submitter));
  return scenario.submitters.back();
}

PoissonArrivals poisson(double per_second) { return {{{{Time::zero(), per_second}}, {}, false}}; }

void Diary::submitted(Time now, const RunRequest& request) {
  submissions.push_back({now, request});
}
void Diary::answered(Time now, const RunRequest&, const Answer& answer) {
  if (answer.status != Answer::Status::accepted) refusals.emplace_back(now, answer);
}
void Diary::gave_up(Time now, const RunRequest& request) { gave_ups.push_back({now, request}); }
void Diary::accepted(Time now, const Run& run) { acceptances.push_back({now, run.request}); }
void Diary::dispatched(Time now, const Run& run) { dispatches.push_back({now, run.request}); }
void Diary::requeued(Time, const Run&, RequeueCause, Duration) { ++requeues; }
void Diary::ended(Time now, const Run& run, Outcome, EndReason) {
  ends.push_back({now, run.request});
}

Diary simulate(const Scenario& scenario, std::uint64_t seed) {
  Diary diary;
  simulate_checked(scenario, seed, diary);
  return diary;
}

}  // namespace sluice::test
