// POST /run (contract 1.1).
#pragma once

#include <string>

#include "mock_api/contract/start_run.hpp"
#include "mock_api/engine/config_changes.hpp"
#include "mock_api/engine/served_pipeline.hpp"
#include "mock_api/http_message.hpp"
#include "mock_api/runs/run_store.hpp"
#include "mock_api/tenants.hpp"
#include "mock_api/vault/references.hpp"

namespace sluice {

struct StartRunParts {
  const Tenants& tenants;
  const Workflows& workflows;
  const Vault& vault;
  const ConfigChanges& changes;
  RunStore& runs;
  ServedPipeline& pipeline;
  std::uint64_t id_seed = 0;  ///< of session ids
};

/// A few microseconds a request: no JSON tree is built unless something is wrong. Keeps references.
class StartRunApi {
 public:
  explicit StartRunApi(const StartRunParts& parts);

  /// Refused requests count for the rate limits too. `now`: after catch_up().
  HttpReply handle(Time now, WorkspaceId workspace, const HttpRequest& request);

 private:
  HttpReply refuse(Time now, WorkspaceId workspace, HttpReply reply);
  HttpReply limited(const Answer& answer) const;
  const WorkflowVersion* version_of(WorkspaceId workspace, const StartRun& body) const;
  HttpReply no_version_reply(WorkspaceId workspace, const StartRun& body) const;
  std::optional<HttpReply> check_inputs(WorkspaceId workspace, const StartRun& body,
                                        const WorkflowVersion& version);
  ServedRun& record(Time now, WorkspaceId workspace, const StartRun& body,
                    const WorkflowVersion& version);
  RunRequest request_of(const ServedRun& run);
  HttpReply submit(Time now, ServedRun& run, const std::optional<RunIdentity>& identity);

  StartRunParts p_;
  std::uint64_t session_key_;
  StartRunReader reader_;
  References references_;
};

}  // namespace sluice
