#include "sim/incidents.hpp"

#include <algorithm>
#include <variant>

#include "sim/event_kinds.hpp"

namespace sluice {
namespace {

template <class Id>
bool contains(const std::vector<Id>& ids, Id id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

Incidents::Incidents(const Scenario& scenario, Pipeline& pipeline, EventQueue& events)
    : scenario_(scenario),
      pipeline_(&pipeline),
      events_(events),
      active_(scenario.incidents.size()) {}

void Incidents::start(Time end) {
  for (std::uint32_t i = 0; i < scenario_.incidents.size(); ++i) {
    const Incident& incident = scenario_.incidents[i];
    if (std::holds_alternative<ArrivalFactor>(incident.change)) continue;
    if (incident.at <= end)
      events_.schedule(incident.at, EventClass::timer, {kIncidentStart, i, 0});
    if (!incident.length) continue;
    const Time over = incident.at + *incident.length;
    if (over <= end) events_.schedule(over, EventClass::timer, {kIncidentEnd, i, 0});
  }
}

void Incidents::handle(Time now, const Event& event) {
  const bool begins = event.kind == kIncidentStart;
  active_[event.subject] = begins;
  apply(now, event.subject, begins);
}

template <class Change, class Visit>
void Incidents::for_each_active(Visit visit) const {
  for (std::size_t i = 0; i < active_.size(); ++i) {
    if (!active_[i]) continue;
    if (const auto* change = std::get_if<Change>(&scenario_.incidents[i].change)) visit(*change);
  }
}

template <class Change, class Has>
double Incidents::factor_of(Has has) const {
  double factor = 1;
  for_each_active<Change>([&](const Change& change) {
    if (has(change)) factor *= change.factor;
  });
  return factor;
}

/// Whether the pause that begins is the only one, or none is left after the one that ended.
template <class Change, class Has>
bool Incidents::first_or_last(Has has, bool begins) const {
  int pauses = 0;
  for_each_active<Change>([&](const Change& change) { pauses += has(change) ? 1 : 0; });
  return pauses == (begins ? 1 : 0);
}

struct Incidents::Effect {
  Incidents& self;
  Time now;
  bool begins;
  CauseId cause;

  void operator()(const LoseWorkers& c) const {
    begins ? self.pipeline_->lose_workers(now, c.group, c.count, cause)
           : self.pipeline_->restore_workers(now, c.group, c.count, cause);
  }
  void operator()(const RestartWorkers& c) const {
    if (begins) self.pipeline_->restart_workers(now, c.group);
  }
  void operator()(const SetWorkers& c) const {
    begins ? self.pipeline_->set_workers(now, c.group, c.count, cause)
           : self.pipeline_->end_set_workers(now, c.group, cause);
  }
  void operator()(const PauseCredentials& c) const {
    for (const CredentialId id : c.credentials) {
      const auto has = [id](const PauseCredentials& other) {
        return contains(other.credentials, id);
      };
      if (!self.first_or_last<PauseCredentials>(has, begins)) continue;
      begins ? self.pipeline_->pause_credential(now, id)
             : self.pipeline_->resume_credential(now, id);
    }
  }
  void operator()(const PauseWorkflow& c) const {
    const auto has = [&c](const PauseWorkflow& other) { return other.workflow == c.workflow; };
    if (!self.first_or_last<PauseWorkflow>(has, begins)) return;
    begins ? self.pipeline_->pause_workflow(now, c.workflow)
           : self.pipeline_->resume_workflow(now, c.workflow);
  }
  void operator()(const PauseGroup& c) const {
    const auto has = [&c](const PauseGroup& other) { return other.group == c.group; };
    if (!self.first_or_last<PauseGroup>(has, begins)) return;
    begins ? self.pipeline_->pause_group(now, c.group) : self.pipeline_->resume_group(now, c.group);
  }
  void operator()(const ArrivalFactor&) const {}
  void operator()(const FailureFactor& c) const {
    for (const WorkflowId id : c.workflows) {
      const auto has = [id](const FailureFactor& other) { return contains(other.workflows, id); };
      self.pipeline_->set_failure_factor(id, self.factor_of<FailureFactor>(has));
    }
  }
  void operator()(const LoginFailureFactor& c) const {
    for (const CredentialId id : c.credentials) {
      const auto has = [id](const LoginFailureFactor& other) {
        return contains(other.credentials, id);
      };
      self.pipeline_->set_login_failure_factor(id, self.factor_of<LoginFailureFactor>(has));
    }
  }
  void operator()(const ApiLatencyFactor&) const {
    const auto all = [](const ApiLatencyFactor&) { return true; };
    self.pipeline_->set_api_latency_factor(self.factor_of<ApiLatencyFactor>(all));
  }
  void operator()(const ApiErrorRate&) const {
    double rate = self.scenario_.pipeline.api.error_rate;
    self.for_each_active<ApiErrorRate>([&](const ApiErrorRate& other) { rate = other.rate; });
    self.pipeline_->set_api_error_rate(rate);
  }
  void operator()(const DurationFactor& c) const {
    for (const WorkflowId id : c.workflows) {
      const auto has = [id](const DurationFactor& other) { return contains(other.workflows, id); };
      self.pipeline_->set_duration_factor(id, self.factor_of<DurationFactor>(has));
    }
  }
  void operator()(const CredentialLimits& c) const {
    for (const CredentialId id : c.credentials) {
      CredentialOverride all;
      const auto set = [](auto& value, const auto& by) {
        if (by) value = by;
      };
      self.for_each_active<CredentialLimits>([&](const CredentialLimits& other) {
        if (!contains(other.credentials, id)) return;
        set(all.max_concurrency, other.limits.max_concurrency);
        set(all.expiry_time_from_last_use, other.limits.expiry_time_from_last_use);
        set(all.expiry_time_from_session_data_set, other.limits.expiry_time_from_session_data_set);
      });
      self.pipeline_->override_credential(now, id, all);
    }
  }
};

void Incidents::apply(Time now, std::size_t incident, bool begins) {
  std::visit(Effect{*this, now, begins, CauseId::at(incident)},
             scenario_.incidents[incident].change);
}

}  // namespace sluice
