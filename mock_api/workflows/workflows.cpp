#include "mock_api/workflows/workflows.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text/uuid.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/vault/vault.hpp"

namespace sluice {

Workflows::Workflows(const Scenario& scenario, const Tenants& tenants, Epoch epoch)
    : scenario_(scenario), tenants_(tenants), epoch_(epoch) {
  const auto& configs = scenario.pipeline.workflows;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    const ServedWorkflow served =
        i < scenario.serve.workflows.size() ? scenario.serve.workflows[i] : ServedWorkflow{};
    auto version = std::make_shared<WorkflowVersion>(version_of_scenario(configs[i], served));
    version->pipeline = WorkflowId::at(i);
    if (!index_.emplace(version->id, i).second)
      throw std::invalid_argument("workflow `" + configs[i].name + "`: another one has its id");
    by_pipeline_.emplace(version->pipeline.value, i);
    base_.push_back({std::move(version)});
  }
  for (std::size_t i = 0; i < configs.size(); ++i) index_.emplace(configs[i].name, i);
}

void Workflows::reset() {
  own_.clear();
  std::erase_if(by_pipeline_, [this](const auto& entry) { return entry.first >= base_.size(); });
}

// ---- looking up

std::optional<std::size_t> Workflows::index_of(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

const Workflows::History& Workflows::history_of(WorkspaceId workspace, std::size_t workflow) const {
  if (own_.empty()) return base_[workflow];
  const auto found = own_.find({workspace.value, workflow});
  return found == own_.end() ? base_[workflow] : found->second;
}

const Workflows::History* Workflows::history(WorkspaceId workspace, std::string_view id) const {
  const std::optional<std::size_t> workflow = index_of(id);
  return workflow ? &history_of(workspace, *workflow) : nullptr;
}

const WorkflowVersion* Workflows::latest(WorkspaceId workspace, std::string_view id) const {
  const History* versions = history(workspace, id);
  return versions == nullptr ? nullptr : versions->back().get();
}

const WorkflowVersion* Workflows::version(WorkspaceId workspace, std::string_view id,
                                          std::uint32_t number) const {
  const History* versions = history(workspace, id);
  if (versions == nullptr || number == 0 || number > versions->size()) return nullptr;
  return (*versions)[number - 1].get();
}

const WorkflowVersion* Workflows::version(WorkspaceId workspace, std::string_view id,
                                          std::string_view version_id) const {
  const History* versions = history(workspace, id);
  if (versions == nullptr) return nullptr;
  const auto found = std::find_if(versions->begin(), versions->end(), [version_id](const auto& v) {
    return v->version_id == version_id;
  });
  return found == versions->end() ? nullptr : found->get();
}

const WorkflowVersion& Workflows::version_of(WorkspaceId workspace, WorkflowId pipeline,
                                             std::uint32_t number) const {
  const std::size_t workflow = by_pipeline_.at(pipeline.value);
  const History& versions = history_of(workspace, workflow);
  // After a reset, a run that is older has the version that there still is.
  return *versions[std::min<std::size_t>(number, versions.size()) - 1];
}

// ---- replies

namespace {

Json flag(const WorkflowVersion& version, const char* name) {
  return version.flags.value(name, Json(nullptr));
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

Json Workflows::summary(WorkspaceId workspace, const History& history) const {
  const WorkflowVersion& latest = *history.back();
  Json json{{"id", latest.id},
            {"name", latest.name},
            {"description", text_or_null(latest.description)},
            {"created_at", epoch_.iso8601(history.front()->created)},
            {"updated_at", epoch_.iso8601(latest.created)},
            {"workspace_id", tenants_.id(workspace)},
            {"created_by", history.front()->created_by}};
  for (const char* name :
       {"enable_popup_handling", "enable_xpath_recovery", "enable_error_code_generation",
        "enable_service_unavailable_recovery", "enable_action_timing_recovery"})
    json[name] = flag(latest, name);
  return json;
}

Json Workflows::vault_schema(const WorkflowVersion& version) const {
  Json schema = version.vault_schema;
  for (const VaultAlias& alias : version.aliases) {
    const auto& credentials = scenario_.pipeline.credentials;
    const auto fits = [&alias](const CredentialConfig& credential) {
      return alias.normal_domain.empty() ||
             sluice::normal_domain(credential.domain) == alias.normal_domain;
    };
    const auto example = std::find_if(credentials.begin(), credentials.end(), fits);
    if (example != credentials.end()) schema[alias.name]["example"] = example->name;
  }
  return schema;
}

Json Workflows::full(WorkspaceId workspace, const History& history) const {
  const WorkflowVersion& latest = *history.back();
  Json json = summary(workspace, history);
  json["nodes"] = latest.nodes;
  json["edges"] = latest.edges;
  json["version_number"] = latest.number;
  json["version_id"] = latest.version_id;
  json["version_note"] = text_or_null(latest.note);
  json["input_schema"] = latest.input_schema;
  json["output_schema"] = latest.output_schema;
  json["max_retries"] = latest.max_retries;
  json["vault_schema"] = latest.vault_schema;
  json["origin_catalog_workflow_id"] = nullptr;
  json["origin_catalog_version_number"] = nullptr;
  json["track_updates_from_catalog"] = false;
  for (auto it = latest.flags.begin(); it != latest.flags.end(); ++it) json[it.key()] = *it;
  return json;
}

HttpReply Workflows::handle_list(WorkspaceId workspace) const {
  Json all = Json::array();
  for (std::size_t i = 0; i < base_.size(); ++i)
    all.push_back(summary(workspace, history_of(workspace, i)));
  return json_reply(200, all);
}

HttpReply Workflows::handle_get(WorkspaceId workspace, std::string_view id) const {
  const History* versions = history(workspace, id);
  if (versions == nullptr) return not_found_reply("Workflow", id);
  return json_reply(200, full(workspace, *versions));
}

HttpReply Workflows::handle_metadata(WorkspaceId workspace, std::string_view id) const {
  const WorkflowVersion* version = latest(workspace, id);
  if (version == nullptr) return not_found_reply("Workflow", id);
  return json_reply(200, Json{{"input_schema", version->validator.schema()},
                              {"vault_schema", vault_schema(*version)},
                              {"workspace_id", tenants_.id(workspace)}});
}

// ---- new versions

HttpReply Workflows::conflict(const WorkflowVersion& latest) const {
  return coded_error_reply(409, "WORKFLOW_VERSION_CONFLICT",
                           "The workflow has a newer version than base_version_id",
                           Json{{"latestVersionId", latest.version_id},
                                {"latestVersionNumber", latest.number},
                                {"latestCreatedBy", latest.created_by},
                                {"latestCreatedAt", epoch_.iso8601(latest.created)},
                                {"latestVersionNote", text_or_null(latest.note)}});
}

void Workflows::publish(WorkspaceId workspace, std::size_t workflow, WorkflowVersion version) {
  History versions = history_of(workspace, workflow);
  const WorkflowVersion& before = *versions.back();
  if (listener_ != nullptr && !same_for_pipeline(version, before)) {
    version.pipeline = listener_->version_added(before.pipeline, version);
    by_pipeline_[version.pipeline.value] = workflow;
  }
  versions.push_back(std::make_shared<const WorkflowVersion>(std::move(version)));
  own_[{workspace.value, workflow}] = std::move(versions);
}

HttpReply Workflows::handle_put(Time now, WorkspaceId workspace, std::string_view id,
                                const HttpRequest& request) {
  const std::optional<std::size_t> workflow = index_of(id);
  if (!workflow) return not_found_reply("Workflow", id);
  std::string problem;
  const std::optional<Json> body = parse_json(request.body, &problem);
  if (!body) return bad_request_reply("the body is " + problem);
  if (!body->is_object()) return bad_request_reply("the body must be an object");
  const WorkflowVersion& before = *history_of(workspace, *workflow).back();
  const auto base = body->find("base_version_id");
  if (base != body->end() && !base->is_null() && *base != before.version_id)
    return conflict(before);

  auto made = version_of_body(*body, before);
  if (auto* refused = std::get_if<HttpReply>(&made)) return std::move(*refused);
  WorkflowVersion& version = std::get<WorkflowVersion>(made);
  version.created = now;
  version.version_id = uuid_of_name("workflow version", version.id + '/' + tenants_.id(workspace) +
                                                            '/' + std::to_string(version.number));
  publish(workspace, *workflow, std::move(version));
  return json_reply(200, full(workspace, history_of(workspace, *workflow)));
}

}  // namespace sluice
