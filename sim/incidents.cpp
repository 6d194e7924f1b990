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

struct Incidents::Effect {
  Incidents& self;
  Time now;
  bool begins;
  CauseId cause;

  void apply(const Command& command) const { self.pipeline_->apply(now, command); }
  void pause_or_resume(Pausable what) const { begins ? apply(Pause{what}) : apply(Resume{what}); }

  void operator()(const LoseWorkers& c) const {
    begins ? apply(LoseWorkers{c.group, c.count, cause})
           : apply(RestoreWorkers{c.group, c.count, cause});
  }
  void operator()(const RestartWorkers& c) const {
    if (begins) apply(c);
  }
  void operator()(const SetWorkers& c) const {
    begins ? apply(SetWorkers{c.group, c.count, cause}) : apply(EndSetWorkers{c.group, cause});
  }
  void operator()(const PauseCredentials& c) const {
    for (const CredentialId id : c.credentials) pause_or_resume(id);
  }
  void operator()(const PauseWorkflow& c) const { pause_or_resume(c.workflow); }
  void operator()(const PauseGroup& c) const { pause_or_resume(c.group); }
  void operator()(const ArrivalFactor&) const {}
  void operator()(const FailureFactor& c) const {
    for (const WorkflowId id : c.workflows) {
      const auto has = [id](const FailureFactor& other) { return contains(other.workflows, id); };
      apply(SetFailureFactor{id, self.factor_of<FailureFactor>(has)});
    }
  }
  void operator()(const LoginFailureFactor& c) const {
    for (const CredentialId id : c.credentials) {
      const auto has = [id](const LoginFailureFactor& other) {
        return contains(other.credentials, id);
      };
      apply(SetLoginFailureFactor{id, self.factor_of<LoginFailureFactor>(has)});
    }
  }
  void operator()(const ApiLatencyFactor&) const {
    const auto all = [](const ApiLatencyFactor&) { return true; };
    apply(SetApiLatencyFactor{self.factor_of<ApiLatencyFactor>(all)});
  }
  void operator()(const ApiErrorRate&) const {
    double rate = self.scenario_.pipeline.api.error_rate;
    self.for_each_active<ApiErrorRate>([&](const ApiErrorRate& other) { rate = other.rate; });
    apply(SetApiErrorRate{rate});
  }
  void operator()(const DurationFactor& c) const {
    for (const WorkflowId id : c.workflows) {
      const auto has = [id](const DurationFactor& other) { return contains(other.workflows, id); };
      apply(SetDurationFactor{id, self.factor_of<DurationFactor>(has)});
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
      apply(OverrideCredential{id, all});
    }
  }
};

void Incidents::apply(Time now, std::size_t incident, bool begins) {
  std::visit(Effect{*this, now, begins, CauseId::at(incident)},
             scenario_.incidents[incident].change);
}

}  // namespace sluice
