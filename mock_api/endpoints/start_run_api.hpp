// POST /run (contract 1.1).
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "http/message.hpp"
#include "mock_api/contract/start_run.hpp"
#include "mock_api/endpoints/references.hpp"
#include "mock_api/endpoints/request_marks.hpp"
#include "mock_api/runs/run_store.hpp"
#include "mock_api/scripts/requested_script.hpp"
#include "mock_api/scripts/script_rules.hpp"
#include "mock_api/served_pipeline/config_changes.hpp"
#include "mock_api/served_pipeline/served_pipeline.hpp"
#include "mock_api/tenants.hpp"

namespace sluice {

struct StartRunParts {
  const Tenants& tenants;
  const Workflows& workflows;
  const Vault& vault;
  const ConfigChanges& changes;
  RunStore& runs;
  ServedPipeline& pipeline;
  ScriptRules* scripts;       ///< null: no run is scripted
  std::uint64_t id_seed = 0;  ///< of session ids
};

/// A few microseconds a request: no JSON tree is built unless something is wrong. Keeps references.
class StartRunApi {
 public:
  explicit StartRunApi(const StartRunParts& parts);

  /// Refused requests count for the rate limits too. `now`: after catch_up().
  HttpReply handle(Time now, WorkspaceId workspace, const HttpRequest& request);
  /// What the journal is to know of the latest request.
  RequestMarks take_marks() { return std::exchange(marks_, {}); }

 private:
  HttpReply refuse(Time now, WorkspaceId workspace, HttpReply reply);
  HttpReply limited(const Answer& answer) const;
  const WorkflowVersion* version_of(WorkspaceId workspace, const StartRun& body) const;
  HttpReply no_version_reply(WorkspaceId workspace, const StartRun& body) const;
  std::optional<HttpReply> check_inputs(WorkspaceId workspace, const StartRun& body,
                                        const WorkflowVersion& version);
  /// The body without what is no part of the API; null, and why, if it is refused.
  const StartRun* understood(const HttpRequest& request, std::string& problem);
  /// The script that the run brings along, or else that of a rule, whose number is set then.
  std::optional<StruckScript> script_for(WorkspaceId workspace, const StartRun& body,
                                         const WorkflowVersion& version, std::uint64_t& rule) const;
  /// It speaks of a step that the workflow has not.
  static std::optional<HttpReply> refuse_script(const StruckScript& script,
                                                const WorkflowVersion& version);
  ServedRun& record(Time now, WorkspaceId workspace, const StartRun& body,
                    const WorkflowVersion& version);
  RunRequest request_of(const ServedRun& run);
  HttpReply submit(Time now, ServedRun& run, const std::optional<RunIdentity>& identity);
  HttpReply submit_scripted(Time now, ServedRun& run, const std::optional<RunIdentity>& identity,
                            std::uint64_t rule);

  StartRunParts p_;
  std::uint64_t session_key_;
  StartRunReader reader_;
  References references_;
  RequestedScript requested_;
  RequestMarks marks_;
};

}  // namespace sluice
