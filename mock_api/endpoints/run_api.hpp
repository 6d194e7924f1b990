// The endpoints about runs that exist: results, lists, interrupt, answers, error reports (contract
// 1.2 to 1.6 and 1.8).
#pragma once

#include <string>
#include <string_view>

#include "base/epoch.hpp"
#include "http/message.hpp"
#include "mock_api/runs/run_documents.hpp"
#include "mock_api/runs/run_store.hpp"
#include "mock_api/served_pipeline/config_changes.hpp"
#include "mock_api/served_pipeline/served_pipeline.hpp"
#include "mock_api/tenants.hpp"

namespace sluice {

/// Everything that handlers of runs need; outlives them.
struct RunApiParts {
  const Epoch& epoch;
  const Tenants& tenants;
  const Workflows& workflows;
  const Vault& vault;
  const ConfigChanges& changes;
  const RunNames& names;
  const RunDocuments& documents;
  RunStore& runs;
  ServedPipeline& pipeline;
};

/// Runs of other workspaces do not exist for a caller. `now`: after catch_up().
class RunApi {
 public:
  explicit RunApi(const RunApiParts& parts) : p_(parts) {}

  /// The caller's run; null if there is none.
  ServedRun* find(WorkspaceId workspace, std::string_view session_id) const;

  HttpReply handle_get(Time now, ServedRun& run);
  /// `query`: of the target, without the `?`.
  HttpReply handle_list(Time now, WorkspaceId workspace, std::string_view query) const;
  HttpReply handle_interrupt(Time now, ServedRun& run);
  HttpReply handle_user_interaction(Time now, ServedRun& run, std::string_view body);
  HttpReply handle_new_input_variables(Time now, ServedRun& run, std::string_view body);
  HttpReply handle_errors(WorkspaceId workspace, std::string_view workflow_id,
                          std::string_view query) const;

  /// The run as GET /run gives it.
  std::string result_json(Time now, const ServedRun& run) const;

 private:
  HttpReply answered(Time now, ServedRun& run, std::string answer);
  std::string list_row(const ServedRun& run) const;

  RunApiParts p_;
};

}  // namespace sluice
