#include "scenarios/loader/sections/incidents.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/text/units.hpp"
#include "scenarios/loader/keys/clock_types.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

using IncidentKind = IncidentText::Kind;

/// What an incident does, as written under its key.
struct ChangeText {
  std::vector<Name> names;
  std::uint32_t count = 0;
  double value = 1;
  CredentialOverride limits{};
};

const Table<ChangeText>& changed_workers_table() {
  using C = ChangeText;
  static const Table<C> table{
      "a change of workers",
      "A number of workers of one group.",
      {key_with<C>(
           "group", name_type(), [](C& c, Name name) { c.names.push_back(std::move(name)); },
           "not given: the only one"),
       key("count", count_type(0, 1'000'000), &C::count, "how many").required()}};
  return table;
}

const Table<ChangeText>& changed_group_table() {
  using C = ChangeText;
  static const Table<C> table{
      "a resource group",
      "Which one.",
      {key_with<C>(
          "group", name_type(), [](C& c, Name name) { c.names.push_back(std::move(name)); },
          "not given: the only one")}};
  return table;
}

template <int kWhat>
const Table<ChangeText>& factor_table() {
  using C = ChangeText;
  constexpr std::array kKeys{"submitter", "workflow", "credential"};
  static const Table<C> table{"a factor",
                              "Multiplies a rate or a time while the incident lasts.",
                              {key(kKeys[kWhat], one_or_many<Name>("names", name_type()), &C::names,
                                   "which; not given: all"),
                               key("factor", number_type(), &C::value, "1: as before").required()}};
  return table;
}

Key<ChangeText> credentials_key() {
  return key("credential", one_or_many<Name>("names", name_type()), &ChangeText::names,
             "which; not given: all");
}

const Table<ChangeText>& limit_table() {
  using C = ChangeText;
  static const Table<C> table{
      "a limit of credentials",
      "Another `max_concurrency` while the incident lasts.",
      {credentials_key(), key_with<C>(
                              "max_concurrency", count_type(1),
                              [](C& c, std::uint32_t max) { c.limits.max_concurrency = max; },
                              "runs at once; those that hold it keep it")
                              .required()}};
  return table;
}

const Table<ChangeText>& expiry_table() {
  using C = ChangeText;
  static const Table<C> table{
      "expiry times of credentials",
      "How long a session is valid while the incident lasts.",
      {credentials_key(),
       key_with<C>(
           "expiry_time_from_last_use", positive_duration_type(),
           [](C& c, Duration time) { c.limits.expiry_time_from_last_use = time; },
           "the session expires when it is not used for so long; not given: as before"),
       key_with<C>(
           "expiry_time_from_session_data_set", positive_duration_type(),
           [](C& c, Duration time) { c.limits.expiry_time_from_session_data_set = time; },
           "the session expires so long after the login; not given: as before")}};
  return table;
}

/// At least one of the two times.
Type<ChangeText> expiry_change() {
  Type<ChangeText> type = object(expiry_table);
  type.read = [read = type.read](Reader& reader, TreeNode& node, ChangeText& change) {
    if (!read(reader, node, change)) return false;
    return change.limits.expiry_time_from_last_use ||
           change.limits.expiry_time_from_session_data_set ||
           reader.error(node.mark,
                        "says no expiry time: `expiry_time_from_last_use`, "
                        "`expiry_time_from_session_data_set`, or both");
  };
  return type;
}

Type<ChangeText> number_change(Type<double> type) {
  return converted<double, ChangeText>(std::move(type), [](double value) {
    return ChangeText{{}, 0, value, {}};
  });
}

Type<ChangeText> names_change(const char* what) {
  return converted<std::vector<Name>, ChangeText>(one_or_many<Name>(what, name_type()),
                                                  [](std::vector<Name> names) {
                                                    return ChangeText{std::move(names), 0, 1, {}};
                                                  });
}

Type<ChangeText> name_change() {
  return converted<Name, ChangeText>(name_type(), [](Name name) {
    return ChangeText{{std::move(name)}, 0, 1, {}};
  });
}

/// `main`, `{group: main}` or `{}`.
Type<ChangeText> group_change() {
  return by_shape<ChangeText>("a resource group, or `{group: main}`",
                              {name_change(), std::nullopt, object(changed_group_table)});
}

/// A plain number, or `{submitter: x, factor: 3}`.
template <int kWhat>
Type<ChangeText> factor_change() {
  return by_shape<ChangeText>(
      "a factor such as `3`, or a map with `factor`",
      {number_change(number_type()), std::nullopt, object(factor_table<kWhat>)});
}

Key<IncidentText> change(const char* name, IncidentKind kind, Type<ChangeText> type,
                         const char* description) {
  auto read = [kind, type = type.read](Reader& reader, TreeNode& node, IncidentText& incident) {
    ChangeText change;
    const bool good = type(reader, node, change);
    if (!good && change.names.empty()) return false;
    // Of a change with a mistake in it the names are checked as well.
    incident.kind = kind;
    incident.names = std::move(change.names);
    incident.count = good ? change.count : 1;
    incident.value = change.value;
    if (good) incident.limits = change.limits;
    return good;
  };
  return {{name, description, {}, false}, std::move(read), std::move(type.schema)};
}

const Table<IncidentText>& incident_table() {
  using I = IncidentText;
  static const Table<I> table = [] {
    Table<I> incidents{
        "an incident",
        "A timed change.",
        {key("name", text_type(), &I::name, "for the report; not given: what it does"),
         key("at", time_type(), &I::at, "when").required(),
         key("for", positive_duration_type(), &I::length, "how long; not given: for good"),
         change("lose_workers", IncidentKind::lose_workers, object(changed_workers_table),
                "workers drawn at random are gone, their runs are requeued; at its end those come "
                "back that the pool still counts on"),
         change("restart_workers", IncidentKind::restart_workers, group_change(),
                "a deploy: every worker restarts, its run is requeued"),
         change(
             "set_workers", IncidentKind::set_workers, object(changed_workers_table),
             "another size of the pool, over its schedule or autoscaling; of several the one that "
             "began last counts"),
         change("pause_credential", IncidentKind::pause_credential, names_change("credentials"),
                "nobody starts on them"),
         change("pause_workflow", IncidentKind::pause_workflow, name_change(), "nobody starts it"),
         change("pause_group", IncidentKind::pause_group, group_change(), "nothing is dispatched"),
         change("arrival_rate", IncidentKind::arrival_rate, factor_change<0>(),
                "multiplies the arrivals: `{submitter: nightly, factor: 3}`"),
         change("failure_rate", IncidentKind::failure_rate, factor_change<1>(),
                "multiplies the failures: `{workflow: claims, factor: 10}`"),
         change("login_failure_rate", IncidentKind::login_failure_rate, factor_change<2>(),
                "multiplies the failed logins: `{credential: portal, factor: 10}`"),
         change("api_latency", IncidentKind::api_latency, number_change(number_type()),
                "multiplies the latency of the API"),
         change("api_error_rate", IncidentKind::api_error_rate, number_change(share_type()),
                "share of requests answered with 5xx"),
         change("workflow_duration", IncidentKind::workflow_duration, factor_change<1>(),
                "multiplies the time of attempts that begin: `{workflow: claims, factor: 3}`"),
         change("credential_limit", IncidentKind::credential_limit, object(limit_table),
                "another limit: `{credential: portal, max_concurrency: 2}`"),
         change("credential_expiry", IncidentKind::credential_expiry, expiry_change(),
                "sessions live shorter or longer: `{credential: portal, "
                "expiry_time_from_last_use: 5m}`")},
        {}};
    for (std::size_t i = 3; i < incidents.keys.size(); ++i)
      incidents.exactly_one.push_back({incidents.keys[i].info.name});
    return incidents;
  }();
  return table;
}

// ---- what it becomes

constexpr std::string_view kind_name(IncidentKind kind) {
  switch (kind) {
    case IncidentKind::none:
      break;
    case IncidentKind::lose_workers:
      return "lose workers";
    case IncidentKind::restart_workers:
      return "restart workers";
    case IncidentKind::set_workers:
      return "set workers";
    case IncidentKind::pause_credential:
      return "pause credential";
    case IncidentKind::pause_workflow:
      return "pause workflow";
    case IncidentKind::pause_group:
      return "pause group";
    case IncidentKind::arrival_rate:
      return "arrival rate";
    case IncidentKind::failure_rate:
      return "failure rate";
    case IncidentKind::login_failure_rate:
      return "login failure rate";
    case IncidentKind::api_latency:
      return "API latency";
    case IncidentKind::api_error_rate:
      return "API error rate";
    case IncidentKind::workflow_duration:
      return "workflow duration";
    case IncidentKind::credential_limit:
      return "credential limit";
    case IncidentKind::credential_expiry:
      return "credential expiry";
  }
  return "";
}

template <class Id>
std::vector<Id> as_ids(const std::vector<std::uint32_t>& values) {
  std::vector<Id> ids;
  ids.reserve(values.size());
  for (const std::uint32_t value : values) ids.push_back(Id{value});
  return ids;
}

/// A limit needs several sessions, an expiry time a session that is kept.
void warn_without_effect(const IncidentText& text, const CredentialLimits& limits,
                         const std::vector<CredentialConfig>& credentials, Problems& problems) {
  const CredentialOverride& to = limits.limits;
  if (!to.max_concurrency && !to.expiry_time_from_last_use && !to.expiry_time_from_session_data_set)
    return;                                // reported already
  if (limits.credentials.empty()) return;  // reported already
  const bool is_limit = text.kind == IncidentKind::credential_limit;
  const auto takes_effect = [&](CredentialId id) {
    const CredentialConfig& credential = credentials[id.index()];
    return is_limit ? credential.allow_multiple_sessions : credential.keeps_session;
  };
  if (std::any_of(limits.credentials.begin(), limits.credentials.end(), takes_effect)) return;
  problems.warning(text.mark, is_limit
                                  ? "has no effect: none of these credentials has "
                                    "`allow_multiple_sessions: true`, so one run holds it at a time"
                                  : "has no effect: none of these credentials keeps a session that "
                                    "could expire");
}

void warn_of_short_recording(const IncidentText& text, const SubmitterConfig& submitter,
                             Duration duration, Problems& problems) {
  const Time end = std::min(submitter.until, Time::zero() + duration);
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
    return problems.warning(text.mark,
                            "has no effect on " + recording + ": none of its rows comes from " +
                                format_exact(begin - Time::zero()) + " to " +
                                format_exact(over - Time::zero()) +
                                (last.empty() ? "" : ", the last one before at " + last));
  constexpr int kOddPart = 10;  // of the factor's time, without a row at its end
  const Duration without = over - std::prev(after)->at;
  if (without.ns > (over - begin).ns / kOddPart)
    problems.warning(text.mark, recording + " is over at " + last + ", and this lasts until " +
                                    format_exact(over - Time::zero()) +
                                    ": it changes nothing in between");
}

/// A factor has rows to repeat only where the recording has some.
void warn_of_short_recordings(const IncidentText& text, const NameTable& submitters,
                              const Scenario& so_far, Problems& problems) {
  if (text.value == 1 || so_far.duration == Duration::zero()) return;
  const auto is_meant = [&](const SubmitterConfig& submitter) {
    return text.names.empty() ||
           std::any_of(text.names.begin(), text.names.end(), [&](const Name& name) {
             const std::vector<std::uint32_t> ids = submitters.index().find(name.text);
             return std::any_of(ids.begin(), ids.end(), [&](std::uint32_t id) {
               return submitters.name(id) == submitter.name;
             });
           });
  };
  for (const SubmitterConfig& submitter : so_far.submitters)
    if (std::holds_alternative<TraceArrivals>(submitter.arrivals) && is_meant(submitter))
      warn_of_short_recording(text, submitter, so_far.duration, problems);
}

/// What happens to one group or one workflow.
bool build_incident_of_one(const IncidentText& text, DeclaredNames& names, Problems& problems,
                           Incident& incident) {
  NameTable& things = text.kind == IncidentKind::pause_workflow ? names.workflows : names.groups;
  const auto id =
      text.names.empty() ? things.the_only_one(text.mark) : things.resolve_one(text.names[0]);
  if (!id) return false;
  if (text.kind == IncidentKind::lose_workers && text.count == 0)
    return problems.error(text.mark, "0 workers cannot be lost");
  switch (text.kind) {
    case IncidentKind::lose_workers:
      incident.change = LoseWorkers{GroupId{*id}, text.count};
      return true;
    case IncidentKind::restart_workers:
      incident.change = RestartWorkers{GroupId{*id}};
      return true;
    case IncidentKind::set_workers:
      incident.change = SetWorkers{GroupId{*id}, text.count};
      return true;
    case IncidentKind::pause_workflow:
      incident.change = PauseWorkflow{WorkflowId{*id}};
      return true;
    default:
      incident.change = PauseGroup{GroupId{*id}};
      return true;
  }
}

bool build_incident(const IncidentText& text, DeclaredNames& names, const Scenario& so_far,
                    Problems& problems, Incident& incident) {
  const auto several = [&](NameTable& things) {
    std::vector<std::uint32_t> ids;
    for (const Name& name : text.names)
      for (const std::uint32_t id : things.resolve(name)) ids.push_back(id);
    if (text.names.empty())
      for (std::uint32_t id = 0; id < things.size(); ++id) ids.push_back(id);
    return ids;
  };
  switch (text.kind) {
    case IncidentKind::none:
      return false;  // reported already
    case IncidentKind::api_latency:
      incident.change = ApiLatencyFactor{text.value};
      return true;
    case IncidentKind::api_error_rate:
      incident.change = ApiErrorRate{text.value};
      return true;
    case IncidentKind::arrival_rate:
      incident.change = ArrivalFactor{as_ids<SubmitterId>(several(names.submitters)), text.value};
      warn_of_short_recordings(text, names.submitters, so_far, problems);
      return true;
    case IncidentKind::failure_rate:
      incident.change = FailureFactor{as_ids<WorkflowId>(several(names.workflows)), text.value};
      return true;
    case IncidentKind::login_failure_rate:
      incident.change =
          LoginFailureFactor{as_ids<CredentialId>(several(names.credentials)), text.value};
      return true;
    case IncidentKind::pause_credential:
      incident.change = PauseCredentials{as_ids<CredentialId>(several(names.credentials))};
      return true;
    case IncidentKind::workflow_duration:
      incident.change = DurationFactor{as_ids<WorkflowId>(several(names.workflows)), text.value};
      return true;
    case IncidentKind::credential_limit:
    case IncidentKind::credential_expiry: {
      CredentialLimits limits{as_ids<CredentialId>(several(names.credentials)), text.limits};
      warn_without_effect(text, limits, so_far.pipeline.credentials, problems);
      incident.change = std::move(limits);
      return true;
    }
    default:
      return build_incident_of_one(text, names, problems, incident);
  }
}

}  // namespace

Type<IncidentText> incident_type() {
  Type<IncidentText> type = with_mark(object(incident_table));
  type.read = [read = type.read](Reader& reader, TreeNode& node, IncidentText& incident) {
    if (!read(reader, node, incident)) return false;
    if (incident.kind == IncidentKind::restart_workers && incident.length)
      reader.problems.warning(node.find("for")->mark,
                              "a restart takes no time of its own: `for` has no effect");
    return true;
  };
  return type;
}

std::vector<Incident> build_incidents(const std::vector<IncidentText>& texts, DeclaredNames& names,
                                      const Scenario& so_far, Problems& problems) {
  std::vector<Incident> incidents;
  for (const IncidentText& text : texts) {
    if (text.kind == IncidentKind::none) continue;  // reported already
    Incident incident;
    incident.name = text.name.empty() ? std::string(kind_name(text.kind)) : text.name;
    incident.at = text.at;
    incident.length = text.length;
    if (build_incident(text, names, so_far, problems, incident))
      incidents.push_back(std::move(incident));
  }
  std::stable_sort(incidents.begin(), incidents.end(),
                   [](const Incident& a, const Incident& b) { return a.at < b.at; });
  return incidents;
}

}  // namespace sluice
