// The workflows of the API: versions that never change, and the latest that a run takes unless it
// is pinned.
//
// The scenario's workflows are there in every workspace, as version 1, each with a graph made of
// its steps. What a workspace puts is its own. Not thread-safe: the service's lock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/epoch.hpp"
#include "base/text/json.hpp"
#include "http/message.hpp"
#include "mock_api/tenants.hpp"
#include "mock_api/workflows/workflow_version.hpp"
#include "pipeline/ids.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// The pipeline as the workflows see it.
class WorkflowListener {
 public:
  virtual ~WorkflowListener() = default;
  /// A version that differs in what the pipeline does (steps, aliases, max_retries) from `base`;
  /// its id in the pipeline.
  virtual WorkflowId version_added(WorkflowId base, const WorkflowVersion& version) = 0;
};

class Workflows {
 public:
  /// Throws std::invalid_argument that names the workflow if a schema of the scenario is none.
  Workflows(const Scenario& scenario, const Tenants& tenants, Epoch epoch);

  void set_listener(WorkflowListener* listener) { listener_ = listener; }

  /// The latest version of the workflow with this id, or of the scenario's with this name; null if
  /// there is none. O(1).
  const WorkflowVersion* latest(WorkspaceId workspace, std::string_view id) const;
  /// A pinned one: by its number or its version id.
  const WorkflowVersion* version(WorkspaceId workspace, std::string_view id,
                                 std::uint32_t number) const;
  const WorkflowVersion* version(WorkspaceId workspace, std::string_view id,
                                 std::string_view version_id) const;
  /// The version that a run of the pipeline's workflow has. REQUIRES that it exists.
  const WorkflowVersion& version_of(WorkspaceId workspace, WorkflowId pipeline,
                                    std::uint32_t number) const;

  // Handlers of contract 1.18 to 1.21.
  HttpReply handle_list(WorkspaceId workspace) const;
  HttpReply handle_get(WorkspaceId workspace, std::string_view id) const;
  HttpReply handle_metadata(WorkspaceId workspace, std::string_view id) const;
  HttpReply handle_put(Time now, WorkspaceId workspace, std::string_view id,
                       const HttpRequest& request);

  /// Forgets what workspaces put.
  void reset();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using History = std::vector<std::shared_ptr<const WorkflowVersion>>;

  const History* history(WorkspaceId workspace, std::string_view id) const;
  const History& history_of(WorkspaceId workspace, std::size_t workflow) const;
  Json summary(WorkspaceId workspace, const History& history) const;
  Json full(WorkspaceId workspace, const History& history) const;
  Json vault_schema(const WorkflowVersion& version) const;
  HttpReply conflict(const WorkflowVersion& latest) const;
  std::optional<std::size_t> index_of(std::string_view id) const;
  /// Notes a version as the workspace's latest; tells the pipeline if it is new to it.
  void publish(WorkspaceId workspace, std::size_t workflow, WorkflowVersion version);

  const Scenario& scenario_;
  const Tenants& tenants_;
  Epoch epoch_;
  WorkflowListener* listener_ = nullptr;
  std::vector<History> base_;                                     ///< version 1 of the scenario's
  std::map<std::pair<std::uint32_t, std::size_t>, History> own_;  ///< by workspace and workflow
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> index_;  ///< by id and name
  std::unordered_map<std::uint32_t, std::size_t> by_pipeline_;
};

}  // namespace sluice
