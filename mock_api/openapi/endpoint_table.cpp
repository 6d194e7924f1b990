#include "mock_api/openapi/endpoint_table.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "http/query_string.hpp"

namespace sluice {
namespace {

constexpr auto kAdmin = Endpoint::Part::admin;
constexpr auto kServer = Endpoint::Part::server;

constexpr std::array<Endpoint, 55> kEndpoints{{
    {"POST", "/run", "startRun", "Start a run", "", "StartRun", "RunStarted", 201},
    {"GET", "/run/{session_id}", "getRun", "State and results of a run", "", "", "Run"},
    {"GET", "/runs", "listRuns", "Runs, newest first",
     "start_time end_time workflow_id status credential_id workflow_ids credential_ids statuses "
     "limit cursor",
     "", "[RunRow]"},
    {"POST", "/run/{session_id}/interrupt", "interruptRun", "Stop a run, or drop a queued one", "",
     "", "Outcome"},
    {"POST", "/run/{session_id}/user_interaction", "answerInteraction",
     "Answer a run that waits for a person", "", "Object", "SessionOutcome"},
    {"POST", "/run/{session_id}/new_input_variables", "giveInputVariables",
     "Answer a run that asks for other inputs", "", "NewInputVariables", "SessionOutcome"},
    {"GET", "/run/{session_id}/debug-snapshots/{node_id}", "getDebugSnapshots",
     "The page at a node of a run", "", "", "DebugSnapshots"},
    {"GET", "/runs/workflow/{workflow_id}/errors", "getWorkflowErrors",
     "Errors of a workflow's runs by code", "start_timestamp! end_timestamp! limit", "",
     "ErrorReport"},
    {"GET", "/run/clients/{client_id}/events", "streamEvents",
     "Events of a client's runs as server-sent events", "", "", ""},
    {"POST", "/webhooks/{session_id}/replay", "replayWebhooks", "Send a run's webhooks again", "",
     "", "WebhookReplay"},
    {"GET", "/webhooks/{session_id}", "getWebhooks", "Delivery log of a run's webhooks", "", "",
     "WebhookLog"},
    {"POST", "/vault", "createVaultEntry", "Add a vault entry", "", "VaultWrite", "VaultEntry",
     201},
    {"PUT", "/vault", "updateVaultEntry", "Change what is given of a vault entry", "", "VaultWrite",
     "VaultEntry"},
    {"GET", "/vault", "getVault", "All entries, or the one that is named",
     "permissioned_user_id domain", "", "VaultAnswer"},
    {"DELETE", "/vault", "deleteVaultEntry", "Remove a vault entry", "", "VaultName", "Outcome"},
    {"PATCH", "/vault/clear-browser-state", "clearBrowserState", "Drop a stored session", "",
     "VaultName", "Outcome"},
    {"GET", "/vault/tfa-code", "getTfaCode", "The current code of a second factor",
     "permissioned_user_id! domain!", "", "TfaCode"},
    {"GET", "/workflows", "listWorkflows", "All workflows", "", "", "[WorkflowSummary]"},
    {"GET", "/workflows/{workflow_id}", "getWorkflow", "A workflow's latest version", "", "",
     "Workflow"},
    {"GET", "/workflows/{workflow_id}/metadata", "getWorkflowMetadata", "What a run must give", "",
     "", "WorkflowMetadata"},
    {"PUT", "/workflows/{workflow_id}", "putWorkflow", "Make a new version", "", "WorkflowWrite",
     "Workflow"},

    {"GET", "/files/{token}/{file_name}", "getFile", "A screenshot, file, video or snapshot", "",
     "", "", 200, kServer},
    {"GET", "/openapi.json", "getOpenApi", "This document", "", "", "Object", 200, kServer},
    {"GET", "/healthz", "getHealth", "Whether the process lives", "", "", "Object", 200, kServer},
    {"GET", "/readyz", "getReadiness", "Whether it takes runs", "", "", "Object", 200, kServer},
    {"GET", "/metrics", "getMetrics", "Figures for Prometheus", "", "", "", 200, kServer},

    {"GET", "/_sluice/state", "getState", "Queues, workers and credentials now", "", "", "Object",
     200, kAdmin},
    {"GET", "/_sluice/report", "getReport", "The simulator's report of the time so far", "", "",
     "Object", 200, kAdmin},
    {"GET", "/_sluice/config", "getConfig", "The scenario that is served", "", "", "Object", 200,
     kAdmin},
    {"GET", "/_sluice/incidents", "getIncidents", "What was changed by hand, as incidents (YAML)",
     "", "", "", 200, kAdmin},
    {"GET", "/_sluice/runs/{session_id}", "getRunStory", "What happened to a run, line by line", "",
     "", "Object", 200, kAdmin},
    {"POST", "/_sluice/reset", "reset", "Begin the scenario again", "", "", "Outcome", 200, kAdmin},
    {"POST", "/_sluice/groups/{name}/pause", "pauseGroup", "Dispatch nothing in a group", "", "",
     "Object", 200, kAdmin},
    {"POST", "/_sluice/groups/{name}/resume", "resumeGroup", "Undo a pause", "", "", "Object", 200,
     kAdmin},
    {"POST", "/_sluice/workflows/{name}/pause", "pauseWorkflow", "Start no run of a workflow", "",
     "", "Object", 200, kAdmin},
    {"POST", "/_sluice/workflows/{name}/resume", "resumeWorkflow", "Undo a pause", "", "", "Object",
     200, kAdmin},
    {"POST", "/_sluice/credentials/{name}/pause", "pauseCredential", "Let nobody take a credential",
     "", "", "Object", 200, kAdmin},
    {"POST", "/_sluice/credentials/{name}/resume", "resumeCredential", "Undo a pause", "", "",
     "Object", 200, kAdmin},
    {"PUT", "/_sluice/groups/{name}/workers", "setWorkers", "How many workers a group has", "",
     "WorkerTarget", "Object", 200, kAdmin},
    {"POST", "/_sluice/groups/{name}/lose", "loseWorkers", "Take workers with what they run", "",
     "Count", "Object", 200, kAdmin},
    {"POST", "/_sluice/groups/{name}/restore", "restoreWorkers", "Bring lost workers back", "",
     "Count", "Object", 200, kAdmin},
    {"GET", "/_sluice/requests", "listRequests", "What clients asked, newest first",
     "method path workspace status limit", "", "Object", 200, kAdmin},
    {"DELETE", "/_sluice/requests", "forgetRequests", "Empty the journal", "", "", "Outcome", 200,
     kAdmin},
    {"POST", "/_sluice/requests/search", "searchRequests", "Requests that fit a matcher", "",
     "Matcher", "Object", 200, kAdmin},
    {"POST", "/_sluice/requests/verify", "verifyRequests", "Whether it was asked so often", "",
     "Verification", "Verified", 200, kAdmin},
    {"GET", "/_sluice/faults", "listFaults", "Faults and how often they struck", "", "",
     "[StandingFault]", 200, kAdmin},
    {"POST", "/_sluice/faults", "addFault", "Let requests be slow, fail or break", "", "Fault",
     "StandingFault", 201, kAdmin},
    {"DELETE", "/_sluice/faults", "removeFaults", "No faults", "", "", "Outcome", 200, kAdmin},
    {"DELETE", "/_sluice/faults/{id}", "removeFault", "Take one fault away", "", "", "Outcome", 200,
     kAdmin},
    {"GET", "/_sluice/scripts", "listScripts", "Scripts and how often they struck", "", "",
     "[Object]", 200, kAdmin},
    {"POST", "/_sluice/scripts", "addScript", "Set how matching runs to come go", "", "ScriptRule",
     "Object", 201, kAdmin},
    {"DELETE", "/_sluice/scripts", "removeScripts", "No scripts", "", "", "Outcome", 200, kAdmin},
    {"DELETE", "/_sluice/scripts/{id}", "removeScript", "Take one script away", "", "", "Outcome",
     200, kAdmin},
    {"GET", "/_sluice/clock", "getClock", "The simulated time", "", "", "Object", 200, kAdmin},
    {"POST", "/_sluice/clock/advance", "advanceClock",
     "Run a held clock on; answers when all that is due has happened", "", "Advance", "Object", 200,
     kAdmin},
}};

}  // namespace

std::span<const Endpoint> endpoints() { return kEndpoints; }

bool is_at(const Endpoint& endpoint, const std::vector<std::string>& segments) {
  return std::ranges::equal(split_target(endpoint.path).segments, segments,
                            [](const std::string& described, const std::string& asked) {
                              return described == asked || described.starts_with('{');
                            });
}

std::string described_methods(std::string_view target) {
  const std::vector<std::string> segments = split_target(target).segments;
  std::string methods;
  for (const Endpoint& endpoint : kEndpoints)
    if (is_at(endpoint, segments))
      methods.append(methods.empty() ? "" : ", ").append(endpoint.method);
  return methods;
}

}  // namespace sluice
