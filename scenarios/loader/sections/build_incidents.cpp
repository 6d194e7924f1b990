// Incidents, expectations, and what must be reached.
#include <algorithm>

#include "reports/expectations/expectation.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/figures/names.hpp"
#include "scenarios/loader/sections/builder.hpp"

namespace sluice {
namespace {

constexpr std::string_view kind_name(IncidentText::Kind kind) {
  using Kind = IncidentText::Kind;
  switch (kind) {
    case Kind::none:
      break;
    case Kind::lose_workers:
      return "lose workers";
    case Kind::restart_workers:
      return "restart workers";
    case Kind::set_workers:
      return "set workers";
    case Kind::pause_credential:
      return "pause credential";
    case Kind::pause_workflow:
      return "pause workflow";
    case Kind::pause_group:
      return "pause group";
    case Kind::arrival_rate:
      return "arrival rate";
    case Kind::failure_rate:
      return "failure rate";
    case Kind::login_failure_rate:
      return "login failure rate";
    case Kind::api_latency:
      return "API latency";
    case Kind::api_error_rate:
      return "API error rate";
    case Kind::workflow_duration:
      return "workflow duration";
    case Kind::credential_limit:
      return "credential limit";
    case Kind::credential_expiry:
      return "credential expiry";
  }
  return "";
}

/// "group" of "resource group": the label of a metric that such a thing stands behind.
std::string last_word(const std::string& kind) { return kind.substr(kind.rfind(' ') + 1); }

template <class Id>
std::vector<Id> as_ids(const std::vector<std::uint32_t>& values) {
  std::vector<Id> ids;
  ids.reserve(values.size());
  for (const std::uint32_t value : values) ids.push_back(Id{value});
  return ids;
}

}  // namespace

void ScenarioBuilder::build_incidents() {
  for (const IncidentText& text : document_.incidents) {
    if (text.kind == IncidentText::Kind::none) continue;  // reported already
    Incident incident;
    incident.name = text.name.empty() ? std::string(kind_name(text.kind)) : text.name;
    incident.at = text.at;
    incident.length = text.length;
    if (build_incident(text, incident)) scenario_.incidents.push_back(std::move(incident));
  }
  std::stable_sort(scenario_.incidents.begin(), scenario_.incidents.end(),
                   [](const Incident& a, const Incident& b) { return a.at < b.at; });
}

bool ScenarioBuilder::build_incident(const IncidentText& text, Incident& incident) {
  using Kind = IncidentText::Kind;
  const auto several = [&](Things& things) {
    std::vector<std::uint32_t> ids;
    for (const Name& name : text.names)
      for (const std::uint32_t id : resolve(things, name)) ids.push_back(id);
    if (text.names.empty())
      for (std::uint32_t id = 0; id < things.index.size(); ++id) ids.push_back(id);
    return ids;
  };
  switch (text.kind) {
    case Kind::none:
      return false;  // reported already
    case Kind::api_latency:
      incident.change = ApiLatencyFactor{text.value};
      return true;
    case Kind::api_error_rate:
      incident.change = ApiErrorRate{text.value};
      return true;
    case Kind::arrival_rate:
      incident.change = ArrivalFactor{as_ids<SubmitterId>(several(submitters_)), text.value};
      warn_of_short_recordings(text);
      return true;
    case Kind::failure_rate:
      incident.change = FailureFactor{as_ids<WorkflowId>(several(workflows_)), text.value};
      return true;
    case Kind::login_failure_rate:
      incident.change = LoginFailureFactor{as_ids<CredentialId>(several(credentials_)), text.value};
      return true;
    case Kind::pause_credential:
      incident.change = PauseCredentials{as_ids<CredentialId>(several(credentials_))};
      return true;
    case Kind::workflow_duration:
      incident.change = DurationFactor{as_ids<WorkflowId>(several(workflows_)), text.value};
      return true;
    case Kind::credential_limit:
    case Kind::credential_expiry: {
      CredentialLimits limits{as_ids<CredentialId>(several(credentials_)), text.limits};
      warn_without_effect(text, limits);
      incident.change = std::move(limits);
      return true;
    }
    default:
      return build_incident_of_one(text, incident);
  }
}

/// What happens to one group or one workflow.
bool ScenarioBuilder::build_incident_of_one(const IncidentText& text, Incident& incident) {
  using Kind = IncidentText::Kind;
  Things& things = text.kind == Kind::pause_workflow ? workflows_ : groups_;
  const auto id =
      text.names.empty() ? the_only_one(things, text.mark) : resolve_one(things, text.names[0]);
  if (!id) return false;
  if (text.kind == Kind::lose_workers && text.count == 0)
    return error(text.mark, "0 workers cannot be lost");
  switch (text.kind) {
    case Kind::lose_workers:
      incident.change = LoseWorkers{GroupId{*id}, text.count};
      return true;
    case Kind::restart_workers:
      incident.change = RestartWorkers{GroupId{*id}};
      return true;
    case Kind::set_workers:
      incident.change = SetWorkers{GroupId{*id}, text.count};
      return true;
    case Kind::pause_workflow:
      incident.change = PauseWorkflow{WorkflowId{*id}};
      return true;
    default:
      incident.change = PauseGroup{GroupId{*id}};
      return true;
  }
}

/// A limit needs several sessions, an expiry time a session that is kept.
void ScenarioBuilder::warn_without_effect(const IncidentText& text,
                                          const CredentialLimits& limits) {
  const CredentialOverride& to = limits.limits;
  if (!to.max_concurrency && !to.expiry_time_from_last_use && !to.expiry_time_from_session_data_set)
    return;                                // reported already
  if (limits.credentials.empty()) return;  // reported already
  const bool is_limit = text.kind == IncidentText::Kind::credential_limit;
  const auto takes_effect = [&](CredentialId id) {
    const CredentialConfig& credential = scenario_.pipeline.credentials[id.index()];
    return is_limit ? credential.allow_multiple_sessions : credential.keeps_session;
  };
  if (std::any_of(limits.credentials.begin(), limits.credentials.end(), takes_effect)) return;
  warning(text.mark, is_limit ? "has no effect: none of these credentials has "
                                "`allow_multiple_sessions: true`, so one run holds it at a time"
                              : "has no effect: none of these credentials keeps a session that "
                                "could expire");
}

/// A factor has rows to repeat only where the recording has some.
void ScenarioBuilder::warn_of_short_recordings(const IncidentText& text) {
  if (text.value == 1 || document_.unread.has("duration")) return;
  const auto is_meant = [&](const SubmitterConfig& submitter) {
    return text.names.empty() ||
           std::any_of(text.names.begin(), text.names.end(), [&](const Name& name) {
             const std::vector<std::uint32_t> ids = submitters_.index.find(name.text);
             return std::any_of(ids.begin(), ids.end(), [&](std::uint32_t id) {
               return submitters_.index.name(id) == submitter.name;
             });
           });
  };
  for (const SubmitterConfig& submitter : scenario_.submitters)
    if (std::holds_alternative<TraceArrivals>(submitter.arrivals) && is_meant(submitter))
      warn_of_short_recording(text, submitter);
}

void ScenarioBuilder::warn_of_short_recording(const IncidentText& text,
                                              const SubmitterConfig& submitter) {
  const Time end = std::min(submitter.until, Time::zero() + scenario_.duration);
  const Time begin = std::max(text.at, submitter.from);
  const Time over = text.length ? std::min(end, text.at + *text.length) : end;
  if (begin >= over) return;
  const std::vector<TraceRow>& rows = *std::get<TraceArrivals>(submitter.arrivals).rows;
  const auto row_from = [&](Time time) {
    return std::lower_bound(rows.begin(), rows.end(), time,
                            [](const TraceRow& row, Time at) { return row.at < at; });
  };
  const auto first = row_from(begin), after = row_from(over);
  const std::string recording = "the recording of `" + submitter.name + "`";
  if (after != rows.end() && first != after) return;
  const std::string last =
      after == rows.begin() ? std::string() : format_exact(std::prev(after)->at - Time::zero());
  if (first == after)
    return warning(text.mark, "has no effect on " + recording + ": none of its rows comes from " +
                                  format_exact(begin - Time::zero()) + " to " +
                                  format_exact(over - Time::zero()) +
                                  (last.empty() ? "" : ", the last one before at " + last));
  constexpr int kOddPart = 10;  // of the factor's time, without a row at its end
  const Duration without = over - std::prev(after)->at;
  if (without.ns > (over - begin).ns / kOddPart)
    warning(text.mark, recording + " is over at " + last + ", and this lasts until " +
                           format_exact(over - Time::zero()) + ": it changes nothing in between");
}

void ScenarioBuilder::build_expectations() {
  std::vector<std::string> submitters;
  for (std::size_t i = 0; i < submitters_.index.size(); ++i)
    submitters.push_back(submitters_.index.name(i));
  const sluice::Names names = names_of(scenario_.pipeline, std::move(submitters));
  const auto may_name_unknown = [this](const std::string& sentence) {
    for (const Things* things : {&groups_, &workspaces_, &credentials_, &workflows_, &submitters_})
      if (!things->known && sentence.find(last_word(things->kind)) != std::string::npos)
        return true;
    return false;
  };
  for (const ExpectationText& text : document_.expectations) {
    if (text.sentence.text.empty()) continue;  // reported already
    Parsed<Expectation> parsed = parse_expectation(text.sentence.text, names);
    if (!parsed) {
      if (may_name_unknown(text.sentence.text)) continue;
      reader_.problems.error_inside(text.sentence.mark, text.sentence.text, parsed.error.offset,
                                    parsed.error.message);
      continue;
    }
    parsed.value->because = text.because;
    scenario_.expectations.push_back(std::move(*parsed.value));
  }
  for (const Name& text : document_.reaches) {
    if (text.text.empty()) continue;  // reported already
    Parsed<ReachExpectation> parsed = parse_reach(text.text);
    if (!parsed)
      reader_.problems.error_inside(text.mark, text.text, parsed.error.offset,
                                    parsed.error.message);
    else
      scenario_.reaches.push_back(std::move(*parsed.value));
  }
}

}  // namespace sluice
