// The keys of incidents.
#include <utility>

#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/document.hpp"

namespace sluice {
namespace {

using Kind = IncidentText::Kind;

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

Key<IncidentText> change(const char* name, Kind kind, Type<ChangeText> type,
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
         change("lose_workers", Kind::lose_workers, object(changed_workers_table),
                "workers drawn at random are gone, their runs are requeued; at its end those come "
                "back that the pool still counts on"),
         change("restart_workers", Kind::restart_workers, group_change(),
                "a deploy: every worker restarts, its run is requeued"),
         change(
             "set_workers", Kind::set_workers, object(changed_workers_table),
             "another size of the pool, over its schedule or autoscaling; of several the one that "
             "began last counts"),
         change("pause_credential", Kind::pause_credential, names_change("credentials"),
                "nobody starts on them"),
         change("pause_workflow", Kind::pause_workflow, name_change(), "nobody starts it"),
         change("pause_group", Kind::pause_group, group_change(), "nothing is dispatched"),
         change("arrival_rate", Kind::arrival_rate, factor_change<0>(),
                "multiplies the arrivals: `{submitter: nightly, factor: 3}`"),
         change("failure_rate", Kind::failure_rate, factor_change<1>(),
                "multiplies the failures: `{workflow: claims, factor: 10}`"),
         change("login_failure_rate", Kind::login_failure_rate, factor_change<2>(),
                "multiplies the failed logins: `{credential: portal, factor: 10}`"),
         change("api_latency", Kind::api_latency, number_change(number_type()),
                "multiplies the latency of the API"),
         change("api_error_rate", Kind::api_error_rate, number_change(share_type()),
                "share of requests answered with 5xx"),
         change("workflow_duration", Kind::workflow_duration, factor_change<1>(),
                "multiplies the time of attempts that begin: `{workflow: claims, factor: 3}`"),
         change("credential_limit", Kind::credential_limit, object(limit_table),
                "another limit: `{credential: portal, max_concurrency: 2}`"),
         change("credential_expiry", Kind::credential_expiry, expiry_change(),
                "sessions live shorter or longer: `{credential: portal, "
                "expiry_time_from_last_use: 5m}`")},
        {}};
    for (std::size_t i = 3; i < incidents.keys.size(); ++i)
      incidents.exactly_one.push_back({incidents.keys[i].info.name});
    return incidents;
  }();
  return table;
}

}  // namespace

Type<IncidentText> incident_type() {
  Type<IncidentText> type = with_mark(object(incident_table));
  type.read = [read = type.read](Reader& reader, TreeNode& node, IncidentText& incident) {
    if (!read(reader, node, incident)) return false;
    if (incident.kind == Kind::restart_workers && incident.length)
      reader.problems.warning(node.find("for")->mark,
                              "a restart takes no time of its own: `for` has no effect");
    return true;
  };
  return type;
}

}  // namespace sluice
