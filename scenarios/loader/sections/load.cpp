#include "scenarios/loader/sections/load.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/keys/text_types.hpp"
#include "scenarios/loader/sections/abort_condition.hpp"

namespace sluice {
namespace {

constexpr std::uint32_t kMostClients = 10'000;
constexpr std::uint32_t kMostConnections = 50'000;

const Table<LoadedWorkflow>& loaded_workflow_table() {
  using W = LoadedWorkflow;
  static const Table<W> table{"a workflow of the target",
                              "What the target calls it, and what its runs are given.",
                              {key("id", token_type("an id without spaces"), &W::id,
                                   "the target's workflow_id; not given: the name in the scenario"),
                               key("inputs", json_object_type("a map"), &W::inputs,
                                   "run_input_variables besides the credentials")}};
  return table;
}

Type<AbortCondition> abort_type() {
  auto read = [](Reader& reader, TreeNode& node, AbortCondition& condition) {
    return is_scalar(reader, node, "a sentence such as `errors.rate > 5% over 30s`") &&
           take(reader, node, parse_abort_condition(node.text), condition);
  };
  return {std::move(read), [](Schema&) {
            return scalar_schema("`errors.rate > 5% over 30s`", {},
                                 "^ *(errors\\.rate|rejected\\.rate|lateness\\.p99|latency\\.p99|"
                                 "in_flight\\.count) *> *[0-9.]");
          }};
}

template <class V, class M>
Key<LoadText> config_key(const char* name, Type<V> type, M LoadConfig::*member,
                         const char* description) {
  return key_with<LoadText>(
      name, std::move(type),
      [member](LoadText& load, V value) { load.config.*member = std::move(value); }, description);
}

std::vector<Key<LoadText>> generator_keys() {
  using L = LoadConfig;
  using Follow = L::Follow;
  return {
      config_key(
          "follow",
          word_type<Follow>(
              "a way to follow runs",
              {{std::string(name(Follow::events)), Follow::events, "server-sent events"},
               {std::string(name(Follow::webhooks)), Follow::webhooks, "posted to a receiver"},
               {std::string(name(Follow::polling)), Follow::polling, "lists of runs"}}),
          &L::follow, "how the life of a run is seen")
          .or_default("events"),
      config_key("clients", count_type(1, kMostClients), &L::clients,
                 "client ids per workspace, each with a stream of events")
          .or_default("8"),
      config_key("connections", count_type(1, kMostConnections), &L::connections,
                 "for requests, at most")
          .or_default("64"),
      config_key("request_timeout", positive_duration_type(), &L::request_timeout,
                 "wall time until a request counts as unanswered")
          .or_default("30s"),
      config_key("poll_interval", positive_duration_type(), &L::poll_interval,
                 "wall time between two looks at a run")
          .or_default("1s"),
      config_key("ping_interval", positive_duration_type(), &L::ping_interval,
                 "wall time between pings of an event stream, until its own are known; one that is "
                 "silent for three is opened again")
          .or_default("15s"),
      config_key("drain", duration_type(), &L::drain,
                 "wall time for which runs under way are followed after the last arrival")
          .or_default("60s"),
      config_key("late_after", positive_duration_type(), &L::late_after,
                 "a request sent this much after its time is late")
          .or_default("50ms"),
      config_key("late_share", share_type(), &L::late_share,
                 "more late requests make the load invalid")
          .or_default("1%"),
      config_key("lost_share", share_type(), &L::lost_share,
                 "more runs whose start or end was not seen make the load invalid")
          .or_default("5%"),
      config_key("abort_when", list<AbortCondition>("conditions", abort_type(), 0), &L::abort_when,
                 "sentences that end the load early"),
  };
}

const Table<LoadText>& load_table() {
  using L = LoadText;
  static const Table<L> table = [] {
    Table<L> all{
        "load", "How `sluice load` sends this scenario to a live API.", generator_keys(), {}};
    all.keys.push_back(key("workflows",
                           entries<Name, LoadedWorkflow>("workflows by name", name_type(),
                                                         object(loaded_workflow_table), 0),
                           &L::workflows, "what the target calls workflows"));
    all.keys.push_back(
        key("credentials",
            entries<Name, std::string>("credentials and their permissioned_user_id", name_type(),
                                       token_type("a permissioned_user_id"), 0),
            &L::credentials,
            "permissioned_user_id of credentials; not given: the name in the scenario"));
    return all;
  }();
  return table;
}

}  // namespace

Type<LoadText> load_type() { return object(load_table); }

LoadConfig build_load(const LoadText& text, const DeclaredNames& names, Problems& problems) {
  LoadConfig load = text.config;
  if (!text.workflows.empty()) load.workflows.resize(names.workflows.size());
  std::set<std::string> ids;
  for (const auto& [name, workflow] : text.workflows) {
    const auto id = names.workflows.look_up_one(name);
    if (!id) continue;
    if (!workflow.id.empty() && !ids.insert(workflow.id).second)
      problems.error(name.mark, "another workflow has the id `" + workflow.id + "`, too");
    load.workflows[*id] = workflow;
  }
  if (!text.credentials.empty()) load.credentials.resize(names.credentials.size());
  for (const auto& [name, user] : text.credentials)
    if (const auto id = names.credentials.look_up_one(name)) load.credentials[*id] = user;
  return load;
}

}  // namespace sluice
