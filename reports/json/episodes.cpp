#include "reports/json/episodes.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/text/json_text.hpp"
#include "reports/summary/episodes.hpp"

namespace sluice {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kDefinitions = R"json({
  "episode": {"type": "object",
    "description": "a time >= the threshold in which runs waited and none of theirs was dispatched",
    "required": ["group", "from", "to", "censored", "runs", "workspaces", "dispatched",
      "replication"],
    "properties": {
      "group": {"type": "string"},
      "from": {"type": "number", "description": "seconds"},
      "to": {"type": "number", "description": "seconds"},
      "censored": {"type": "boolean", "description": "not over when the window ended"},
      "runs": {"$ref": "#/definitions/count",
        "description": "that were eligible for some time of it"},
      "workspaces": {"$ref": "#/definitions/count", "description": "of those runs"},
      "dispatched": {"type": "array",
        "description": "each dispatch of the group in it once, largest first",
        "items": {"type": "object", "required": ["level", "dispatches"], "properties": {
          "level": {"$ref": "#/definitions/level"},
          "workspace": {"type": "string", "description": "absent: several, not told apart"},
          "dispatches": {"$ref": "#/definitions/count"}}}},
      "replication": {"$ref": "#/definitions/count"}}},
  "starving_stretch": {"type": "object", "required": ["group", "from", "to", "share"],
    "properties": {
      "group": {"type": "string"},
      "from": {"type": "number", "description": "seconds"},
      "to": {"type": "number", "description": "seconds"},
      "share": {"type": "number",
        "description": "of the replications that starve then, mean over the stretch"}}}
})json";

Json list_schema(std::string_view items, std::string_view description) {
  Json list = {{"type", "array"}};
  list["items"]["$ref"] = "#/definitions/" + std::string(items);
  list["description"] = description;
  return list;
}

Json episode_json(const Report& report, const Episode& episode) {
  Json dispatched = Json::array();
  for (const Episode::Dispatched& part : episode.dispatched) {
    Json entry{{"level", name(part.level)}};
    if (part.workspace.valid())
      entry["workspace"] = report.names.workspaces.at(part.workspace.index());
    entry["dispatches"] = part.dispatches;
    dispatched.push_back(std::move(entry));
  }
  return {{"group", report.names.groups.at(episode.group.index())},
          {"from", json_number(episode.from.seconds())},
          {"to", json_number(episode.until.seconds())},
          {"censored", episode.censored},
          {"runs", episode.runs},
          {"workspaces", episode.workspaces},
          {"dispatched", std::move(dispatched)},
          {"replication", episode.replication}};
}

}  // namespace

Json episodes_json(const Report& report, PriorityLevel level, WorkspaceId workspace) {
  const bool whole = !workspace.valid();
  if (!whole && !report.starved.workspaces_recorded) return nullptr;
  const auto& all = (whole ? report.starved.levels : report.starved.workspaces).episodes;
  Json list = Json::array();
  const std::pair wanted(level, workspace);
  const auto comes_before = [](const Episode& e, const auto& other) {
    return std::pair(e.level, e.workspace) < other;
  };
  for (auto at = std::lower_bound(all.begin(), all.end(), wanted, comes_before);
       at != all.end() && std::pair(at->level, at->workspace) == wanted; ++at)
    list.push_back(episode_json(report, *at));
  return list;
}

Json starves_in_half_json(const Report& report, PriorityLevel level) {
  Json list = Json::array();
  for (std::size_t g = 0; g < report.names.groups.size(); ++g)
    for (const StarvingStretch& stretch : mostly_starving(report, GroupId::at(g), level))
      list.push_back({{"group", report.names.groups[g]},
                      {"from", json_number(stretch.from.seconds())},
                      {"to", json_number(stretch.until.seconds())},
                      {"share", json_number(stretch.share)}});
  return list;
}

void add_episodes_schema(Json& schema) {
  Json& definitions = schema["definitions"];
  definitions.update(Json::parse(kDefinitions));
  Json& level = definitions["level_figures"]["properties"];
  level["episodes"] = list_schema("episode", "when it starved: at most the 10 000 longest");
  level["starves_in_half"] =
      list_schema("starving_stretch", "when at least half of the replications starve");
  definitions["workspace_level_figures"]["properties"]["episodes"] = list_schema(
      "episode", "when it starved; of all workspaces at most the 10 000 longest of the level");
}

}  // namespace sluice
