// GET /_sluice/state: queues, workers, credentials as they are now.
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mock_api/admin/admin_api.hpp"
#include "mock_api/contract/error_body.hpp"

namespace sluice {
namespace {

/// Runs of one kind, by what they do.
struct Counts {
  std::uint32_t eligible = 0, blocked = 0, running = 0;

  void add(RunState state) {
    eligible += state == RunState::queued;
    running += state == RunState::running;
    blocked +=
        state == RunState::parked || state == RunState::delayed || state == RunState::holding;
  }
  bool any() const { return eligible + blocked + running > 0; }
  Json json() const {
    return {{"waiting", eligible + blocked},
            {"eligible", eligible},
            {"blocked", blocked},
            {"running", running}};
  }
};

Json workers_json(const WorkerCounts& counts) {
  return {{"present", counts.present()}, {"idle", counts.idle},         {"running", counts.running},
          {"holding", counts.holding},   {"starting", counts.starting}, {"cooling", counts.cooling},
          {"down", counts.down}};
}

bool is_accepted(const Run& run) {
  return run.state != RunState::free && run.state != RunState::submitting;
}

}  // namespace

Json AdminApi::groups_json() const {
  const PipelineConfig& config = p_.pipeline.scenario().pipeline;
  const Pipeline& pipeline = p_.pipeline.pipeline();
  std::vector<std::array<Counts, kLevels>> counts(config.workspaces.size());
  for (std::size_t i = 0; i < pipeline.slot_count(); ++i) {
    const Run& run = pipeline.run(RunSlot::at(i));
    if (is_accepted(run)) counts[run.request.workspace.index()][index(run.level())].add(run.state);
  }
  Json groups = Json::array();
  for (std::size_t g = 0; g < config.groups.size(); ++g) {
    Json queues = Json::object();
    for (const PriorityLevel level : kAllLevels) {
      Counts all;
      Json by_workspace = Json::object();
      for (std::size_t w = 0; w < counts.size(); ++w) {
        if (config.workspaces[w].group != GroupId::at(g)) continue;
        const Counts& here = counts[w][index(level)];
        all = {all.eligible + here.eligible, all.blocked + here.blocked,
               all.running + here.running};
        if (here.any()) by_workspace[config.workspaces[w].name] = here.json();
      }
      Json& queue = queues[std::string(name(level))] = all.json();
      queue["workspaces"] = std::move(by_workspace);
    }
    groups.push_back({{"name", config.groups[g].name},
                      {"paused", paused_.contains({"groups", g})},
                      {"workers", workers_json(pipeline.workers(GroupId::at(g)))},
                      {"queues", std::move(queues)}});
  }
  return groups;
}

Json AdminApi::credentials_json() const {
  const PipelineConfig& config = p_.pipeline.scenario().pipeline;
  Json credentials = Json::array();
  for (std::size_t i = 0; i < config.credentials.size(); ++i) {
    const CredentialId id = CredentialId::at(i);
    const CredentialStatus status = p_.pipeline.pipeline().credential(id);
    Json json{{"name", config.credentials[i].name},
              {"domain", config.credentials[i].domain},
              {"active", status.active},
              {"limit", nullptr},
              {"login_in_progress", status.login_guard},
              {"paused", status.paused},
              {"session_stored", p_.pipeline.pipeline().session(id).stored}};
    if (status.limit != UINT32_MAX) json["limit"] = status.limit;
    credentials.push_back(std::move(json));
  }
  return credentials;
}

HttpReply AdminApi::state(Time now) const {
  const PipelineConfig& config = p_.pipeline.scenario().pipeline;
  Json workflows = Json::array();
  std::set<std::string> listed;  // versions of a workflow are one workflow
  for (const WorkflowConfig& workflow : config.workflows)
    if (listed.insert(workflow.name).second)
      workflows.push_back({{"name", workflow.name},
                           {"paused", paused_names_.contains({"workflows", workflow.name})}});
  return json_reply(200, Json{{"now", p_.epoch.iso8601(now)},
                              {"seconds", (now - p_.pipeline.origin()).seconds()},
                              {"runs_known", p_.runs.size()},
                              {"runs_over", p_.runs.finished_count()},
                              {"groups", groups_json()},
                              {"credentials", credentials_json()},
                              {"workflows", std::move(workflows)}});
}

}  // namespace sluice
