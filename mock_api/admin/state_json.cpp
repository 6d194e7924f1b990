#include "mock_api/admin/state_json.hpp"

#include <utility>
#include <vector>

#include "mock_api/served_pipeline/open_runs.hpp"

namespace sluice {
namespace {

Json runs_json(const OpenRuns& runs) {
  return {{"waiting", runs.eligible + runs.blocked},
          {"eligible", runs.eligible},
          {"blocked", runs.blocked},
          {"running", runs.running}};
}

Json workers_json(const WorkerCounts& counts) {
  return {{"present", counts.present()}, {"idle", counts.idle},         {"running", counts.running},
          {"holding", counts.holding},   {"starting", counts.starting}, {"cooling", counts.cooling},
          {"down", counts.down}};
}

/// Of the group's workspaces together, and of each that has any.
Json queue_json(const PipelineConfig& config, const std::vector<OpenRunsByLevel>& open,
                GroupId group, PriorityLevel level) {
  OpenRuns all;
  Json by_workspace = Json::object();
  for (std::size_t w = 0; w < open.size(); ++w) {
    if (config.workspaces[w].group != group) continue;
    const OpenRuns& here = open[w][index(level)];
    all += here;
    if (here.any()) by_workspace[config.workspaces[w].name] = runs_json(here);
  }
  Json queue = runs_json(all);
  queue["workspaces"] = std::move(by_workspace);
  return queue;
}

Json groups_json(Time now, const ServedPipeline& served, const Paused& paused) {
  const PipelineConfig& config = served.scenario().pipeline;
  const auto open = open_runs(served.pipeline(), config.workspaces.size(), now - served.origin());
  Json groups = Json::array();
  for (std::size_t g = 0; g < config.groups.size(); ++g) {
    Json queues = Json::object();
    for (const PriorityLevel level : kAllLevels)
      queues[std::string(name(level))] = queue_json(config, open, GroupId::at(g), level);
    groups.push_back({{"name", config.groups[g].name},
                      {"paused", paused.things.contains({"groups", g})},
                      {"workers", workers_json(served.pipeline().workers(GroupId::at(g)))},
                      {"queues", std::move(queues)}});
  }
  return groups;
}

Json credentials_json(const ServedPipeline& served) {
  const PipelineConfig& config = served.scenario().pipeline;
  Json credentials = Json::array();
  for (std::size_t i = 0; i < config.credentials.size(); ++i) {
    const CredentialId id = CredentialId::at(i);
    const CredentialStatus status = served.pipeline().credential(id);
    Json json{{"name", config.credentials[i].name},
              {"domain", config.credentials[i].domain},
              {"active", status.active},
              {"limit", nullptr},
              {"login_in_progress", status.login_guard},
              {"paused", status.paused},
              {"session_stored", served.pipeline().session(id).stored}};
    if (status.limit != UINT32_MAX) json["limit"] = status.limit;
    credentials.push_back(std::move(json));
  }
  return credentials;
}

/// Versions of a workflow are one workflow.
Json workflows_json(const PipelineConfig& config, const Paused& paused) {
  Json workflows = Json::array();
  std::set<std::string> listed;
  for (const WorkflowConfig& workflow : config.workflows)
    if (listed.insert(workflow.name).second)
      workflows.push_back({{"name", workflow.name},
                           {"paused", paused.names.contains({"workflows", workflow.name})}});
  return workflows;
}

}  // namespace

Json state_json(Time now, const Epoch& epoch, const RunStore& runs, const ServedPipeline& pipeline,
                const Paused& paused) {
  return {{"now", epoch.iso8601(now)},
          {"seconds", (now - pipeline.origin()).seconds()},
          {"runs_known", runs.size()},
          {"runs_over", runs.finished_count()},
          {"groups", groups_json(now, pipeline, paused)},
          {"credentials", credentials_json(pipeline)},
          {"workflows", workflows_json(pipeline.scenario().pipeline, paused)}};
}

}  // namespace sluice
