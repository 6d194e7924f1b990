#include "mock_api/admin/admin_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mock_api/admin/state_json.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/scripts/run_script.hpp"
#include "mock_api/served_pipeline/served_report.hpp"
#include "mock_api/served_pipeline/served_story.hpp"
#include "reports/json/json.hpp"
#include "reports/runs/run_words.hpp"

namespace sluice {
namespace {

constexpr std::uint32_t kMostWorkers = 1'000'000;

template <class Things>
std::vector<std::size_t> indexes_in(const Things& things, std::string_view name) {
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < things.size(); ++i)
    if (things[i].name == name) indexes.push_back(i);
  return indexes;
}

/// Names of things, each once, in order.
template <class Things>
Json names_of(const Things& things) {
  Json names = Json::array();
  for (const auto& thing : things)
    if (std::find(names.begin(), names.end(), thing.name) == names.end())
      names.push_back(thing.name);
  return names;
}

/// Which methods there are is said by the one who knows all endpoints.
HttpReply wrong_method() { return error_reply(405, "Method not allowed"); }

/// `{"count": null}`
bool is_null_count(std::string_view body) {
  const auto json = parse_json(body);
  return json && json->is_object() && json->contains("count") && json->at("count").is_null();
}

/// `count` of a body; none if it is not there or no such number.
std::optional<std::uint32_t> count_of(std::string_view body) {
  const auto json = parse_json(body);
  if (!json || !json->is_object()) return std::nullopt;
  const auto count = json->find("count");
  if (count == json->end() || !count->is_number_unsigned()) return std::nullopt;
  const auto value = count->get<std::uint64_t>();
  if (value > kMostWorkers) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

}  // namespace

std::optional<HttpReply> AdminApi::handle(Time now, const HttpRequest& request,
                                          const std::vector<std::string>& path) {
  if (path.empty()) return std::nullopt;
  const bool is_get = request.method == "GET", is_post = request.method == "POST";
  const std::string& first = path[0];
  if (path.size() == 1) {
    if (first == "state") return is_get ? state(now) : wrong_method();
    if (first == "report") return is_get ? report(now) : wrong_method();
    if (first == "config") return is_get ? config() : wrong_method();
    if (first == "incidents") return is_get ? incidents() : wrong_method();
    if (first == "reset") return is_post ? reset_all(now) : wrong_method();
  }
  if (path.size() == 2 && first == "runs") return is_get ? run(path[1]) : wrong_method();
  if (path.size() != 3 || (first != "groups" && first != "workflows" && first != "credentials"))
    return std::nullopt;
  const std::string& change = path[2];
  if (change == "pause" || change == "resume")
    return is_post ? switch_pause(now, first, path[1], change == "pause") : wrong_method();
  if (first != "groups") return std::nullopt;
  if (change == "workers")
    return request.method == "PUT" ? change_workers(now, path[1], change, request.body)
                                   : wrong_method();
  if (change == "lose" || change == "restore")
    return is_post ? change_workers(now, path[1], change, request.body) : wrong_method();
  return std::nullopt;
}

// ---- looking

HttpReply AdminApi::state(Time now) const {
  return json_reply(200, state_json(now, p_.epoch, p_.runs, p_.pipeline, {paused_, paused_names_}));
}

HttpReply AdminApi::report(Time now) {
  const Report report = served_report(p_.pipeline, now, p_.engine, p_.build_id);
  return json_reply(200, render_json(report));
}

HttpReply AdminApi::config() const {
  const Scenario& scenario = p_.pipeline.scenario();
  Json json{{"scenario", scenario.name},
            {"question", scenario.question},
            {"hash", scenario.hash},
            {"seed", scenario.seed},
            {"duration_s", scenario.duration.seconds()}};
  json["groups"] = names_of(scenario.pipeline.groups);
  for (std::size_t i = 0; i < p_.tenants.count(); ++i) {
    const WorkspaceId id = WorkspaceId::at(i);
    json["workspaces"].push_back({{"name", p_.tenants.name(id)},
                                  {"id", p_.tenants.id(id)},
                                  {"api_key", p_.tenants.api_key(id)},
                                  {"encryption_key", p_.tenants.encryption_key_hex(id)}});
  }
  json["workflows"] = names_of(scenario.pipeline.workflows);
  json["credentials"] = names_of(scenario.pipeline.credentials);
  json["submitters"] = names_of(scenario.submitters);
  json["runs_kept"] = scenario.serve.keep_finished_runs;
  json["runs_kept_for_s"] = scenario.serve.keep_finished_for.seconds();
  return json_reply(200, json);
}

HttpReply AdminApi::incidents() const {
  HttpReply reply;
  reply.content_type = "application/yaml";
  reply.body = p_.pipeline.commands_as_incidents();
  return reply;
}

HttpReply AdminApi::run(std::string_view session_id) const {
  const ServedRun* run = p_.runs.find(session_id);
  if (run == nullptr) return not_found_reply("Run", session_id);
  const Scenario& scenario = p_.pipeline.scenario();
  Json json{{"session_id", run->session_id},
            {"number", run->number},
            {"status", name(run->status)},
            {"workspace", scenario.pipeline.workspaces[run->workspace.index()].name},
            {"workflow", scenario.pipeline.workflows[run->workflow.index()].name},
            {"workflow_version", run->workflow_version},
            {"level", name(run->level)},
            {"run", nullptr},
            {"script", nullptr},
            {"attempts", run->attempts.size()},
            {"retries", run->retries},
            {"story", Json::array()}};
  if (run->submitter.valid())
    json["run"] =
        fmt::format("{}#{}", scenario.submitters[run->submitter.index()].name, run->index);
  if (run->script)
    json["script"] = {{"by", run->script->by},
                      {"script", Json::parse(run->script->script.text)},
                      {"does", describe(run->script->script)}};
  for (const StoryLine& line : served_story(*run, scenario.pipeline))
    json["story"].push_back({{"at", p_.epoch.iso8601(line.at)},
                             {"seconds", (line.at - p_.pipeline.origin()).seconds()},
                             {"text", line.text}});
  return json_reply(200, json);
}

// ---- changing

HttpReply AdminApi::reset_all(Time now) {
  p_.reset(now);
  return json_reply(200, Json{{"success", true}});
}

std::vector<std::size_t> AdminApi::named(std::string_view kind, std::string_view name) const {
  const PipelineConfig& config = p_.pipeline.scenario().pipeline;
  if (kind == "groups") return indexes_in(config.groups, name);
  if (kind == "workflows") return indexes_in(config.workflows, name);
  return indexes_in(config.credentials, name);
}

void AdminApi::pause_thing(Time now, std::string_view kind, std::size_t index, bool pause) {
  const Pausable what = kind == "groups"      ? Pausable(GroupId::at(index))
                        : kind == "workflows" ? Pausable(WorkflowId::at(index))
                                              : Pausable(CredentialId::at(index));
  pause ? p_.pipeline.apply(now, Pause{what}) : p_.pipeline.apply(now, Resume{what});
}

HttpReply AdminApi::switch_pause(Time now, const std::string& kind, const std::string& name,
                                 bool pause) {
  const std::vector<std::size_t> indexes = named(kind, name);
  if (indexes.empty())
    return error_reply(404, fmt::format("There is no '{}' among the {}", name, kind));
  const std::pair thing{kind, name};
  const bool changes = pause ? paused_names_.insert(thing).second : paused_names_.erase(thing) > 0;
  for (const std::size_t index : indexes)
    if (pause ? paused_.insert({kind, index}).second : paused_.erase({kind, index}) > 0)
      pause_thing(now, kind, index, pause);
  return json_reply(200, Json{{"name", name}, {"paused", pause}, {"changed", changes}});
}

void AdminApi::pause_newcomers(Time now) {
  for (const auto& [kind, name] : paused_names_)
    for (const std::size_t index : named(kind, name))
      if (paused_.insert({kind, index}).second) pause_thing(now, kind, index, true);
}

HttpReply AdminApi::change_workers(Time now, const std::string& group, const std::string& change,
                                   std::string_view body) {
  const std::vector<std::size_t> indexes = named("groups", group);
  if (indexes.empty())
    return error_reply(404, fmt::format("There is no '{}' among the groups", group));
  const GroupId id = GroupId::at(indexes.front());
  const bool sets = change == "workers";
  if (sets && is_null_count(body)) {
    p_.pipeline.apply(now, EndSetWorkers{id});
    return json_reply(200, Json{{"group", group}, {change, nullptr}});
  }
  const auto count = count_of(body);
  if (!count)
    return bad_request_reply(fmt::format("The body must be {{\"count\": n}} with n from 0 to {}{}",
                                         kMostWorkers,
                                         sets ? ", or null for what the scenario says" : ""));
  if (sets) p_.pipeline.apply(now, SetWorkers{id, *count});
  if (change == "lose") p_.pipeline.apply(now, LoseWorkers{id, *count});
  if (change == "restore") p_.pipeline.apply(now, RestoreWorkers{id, *count});
  return json_reply(200, Json{{"group", group}, {change, *count}});
}

}  // namespace sluice
