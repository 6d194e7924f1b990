#include "tests/model/swarm/incidents_now.hpp"

#include <algorithm>

namespace sluice::swarm {

bool IncidentsNow::group_paused(GroupId group) const {
  bool paused = false;
  for_each<PauseGroup>([&](const PauseGroup& c, std::uint64_t) { paused |= c.group == group; });
  return paused;
}

bool IncidentsNow::workflow_paused(WorkflowId workflow) const {
  bool paused = false;
  for_each<PauseWorkflow>(
      [&](const PauseWorkflow& c, std::uint64_t) { paused |= c.workflow == workflow; });
  return paused;
}

std::optional<std::uint32_t> IncidentsNow::set_workers(GroupId group) const {
  std::uint64_t latest = 0;
  std::optional<std::uint32_t> count;
  for_each<SetWorkers>([&](const SetWorkers& c, std::uint64_t since) {
    if (c.group == group && since > latest) latest = since, count = c.count;
  });
  return count;
}

CredentialOverride IncidentsNow::limits(CredentialId credential) const {
  CredentialOverride all;
  std::uint64_t concurrency = 0, last_use = 0, data_set = 0;
  const auto later = [](std::uint64_t since, const auto& by, std::uint64_t& latest, auto& value) {
    if (by && since > latest) latest = since, value = by;
  };
  for_each<CredentialLimits>([&](const CredentialLimits& c, std::uint64_t since) {
    if (std::find(c.credentials.begin(), c.credentials.end(), credential) == c.credentials.end())
      return;
    later(since, c.limits.max_concurrency, concurrency, all.max_concurrency);
    later(since, c.limits.expiry_time_from_last_use, last_use, all.expiry_time_from_last_use);
    later(since, c.limits.expiry_time_from_session_data_set, data_set,
          all.expiry_time_from_session_data_set);
  });
  return all;
}

namespace {

using reference::Step;
using reference::StepKind;

/// Writes down what the start or end of an incident does. Pauses need no look at other incidents:
/// those of a script add up.
struct Translation {
  const Scenario& scenario;
  const IncidentsNow& incidents;
  Time now;
  CauseId cause;
  bool begins;
  std::vector<Step>& steps;

  Step& step(StepKind kind, std::uint32_t target = 0, std::uint32_t count = 0,
             double factor = 1) const {
    Step& step = steps.emplace_back();
    step.at = now;
    step.cause = cause;
    step.kind = kind;
    step.target = target;
    step.count = count;
    step.factor = factor;
    return step;
  }
  template <class Change, class Has>
  double product(Has has) const {
    double factor = 1;
    incidents.for_each<Change>([&](const Change& change, std::uint64_t) {
      if (has(change)) factor *= change.factor;
    });
    return factor;
  }
  template <class Id>
  static bool names(const std::vector<Id>& ids, Id id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  }

  void operator()(const LoseWorkers& c) const {
    step(begins ? StepKind::lose_workers : StepKind::restore_workers, c.group.value, c.count);
  }
  void operator()(const RestartWorkers& c) const {
    if (begins) step(StepKind::restart_workers, c.group.value);
  }
  void operator()(const SetWorkers& c) const {
    if (begins) return void(step(StepKind::set_workers, c.group.value, c.count));
    step(StepKind::end_set_workers, c.group.value);
  }
  void operator()(const PauseCredentials& c) const {
    for (const CredentialId id : c.credentials)
      step(begins ? StepKind::pause_credential : StepKind::resume_credential, id.value);
  }
  void operator()(const PauseWorkflow& c) const {
    step(begins ? StepKind::pause_workflow : StepKind::resume_workflow, c.workflow.value);
  }
  void operator()(const PauseGroup& c) const {
    step(begins ? StepKind::pause_group : StepKind::resume_group, c.group.value);
  }
  void operator()(const ArrivalFactor&) const {}
  void operator()(const FailureFactor& c) const {
    for (const WorkflowId id : c.workflows)
      step(StepKind::failure_factor, id.value, 0,
           product<FailureFactor>([&](const auto& other) { return names(other.workflows, id); }));
  }
  void operator()(const LoginFailureFactor& c) const {
    for (const CredentialId id : c.credentials)
      step(StepKind::login_failure_factor, id.value, 0,
           product<LoginFailureFactor>(
               [&](const auto& other) { return names(other.credentials, id); }));
  }
  void operator()(const ApiLatencyFactor&) const {
    step(StepKind::api_latency_factor, 0, 0,
         product<ApiLatencyFactor>([](const auto&) { return true; }));
  }
  void operator()(const ApiErrorRate&) const {
    // The one that comes last in the file holds.
    double rate = scenario.pipeline.api.error_rate;
    incidents.for_each<ApiErrorRate>([&](const auto& other, std::uint64_t) { rate = other.rate; });
    step(StepKind::api_error_rate, 0, 0, rate);
  }
  void operator()(const DurationFactor& c) const {
    for (const WorkflowId id : c.workflows)
      step(StepKind::duration_factor, id.value, 0,
           product<DurationFactor>([&](const auto& other) { return names(other.workflows, id); }));
  }
  void operator()(const CredentialLimits& c) const {
    for (const CredentialId id : c.credentials)
      step(StepKind::override_credential, id.value).limits = incidents.limits(id);
  }
};

}  // namespace

std::vector<Step> steps_of_incidents(const Scenario& scenario) {
  struct Moment {
    Time at;
    std::size_t incident;
    bool begins;
  };
  std::vector<Moment> moments;
  const Time end = Time::zero() + scenario.duration;
  for (std::size_t i = 0; i < scenario.incidents.size(); ++i) {
    const Incident& incident = scenario.incidents[i];
    if (incident.at <= end) moments.push_back({incident.at, i, true});
    if (incident.length && incident.at + *incident.length <= end)
      moments.push_back({incident.at + *incident.length, i, false});
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const Moment& a, const Moment& b) { return a.at < b.at; });
  std::vector<Step> steps;
  IncidentsNow incidents(scenario);
  for (const Moment& moment : moments) {
    moment.begins ? incidents.begin(moment.incident) : incidents.end(moment.incident);
    std::visit(Translation{scenario, incidents, moment.at, CauseId::at(moment.incident),
                           moment.begins, steps},
               scenario.incidents[moment.incident].change);
  }
  return steps;
}

}  // namespace sluice::swarm
