// One version of a workflow, and how it is made: of the scenario, or of what a client puts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/text/json.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "mock_api/contract/input_validation.hpp"
#include "mock_api/workflows/step_download.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"
#include "scenarios/serve_config.hpp"

namespace sluice {

/// An alias of a workflow's vault_schema.
struct VaultAlias {
  std::string name;
  std::string domain;         ///< "": of any domain
  std::string normal_domain;  ///< see vault.hpp
};

/// A node of the graph that a run passes: what current_step and snapshots name.
struct WorkflowStep {
  std::string node_id;  ///< UUID
  std::string name;
  std::string action;
};

/// One immutable version.
struct WorkflowVersion {
  WorkflowId pipeline;  ///< what the pipeline runs for it
  std::string id;       ///< of the workflow
  std::string version_id;
  std::uint32_t number = 1;
  Time created;
  std::string created_by, note;
  std::string name, description;
  Json nodes, edges;
  Json input_schema;  ///< as given; the validator's has the aliases too
  Json output_schema;
  Json vault_schema;
  Json flags;  ///< recovery flags and other settings, by the API's names
  std::uint32_t max_retries = 0;
  std::vector<VaultAlias> aliases;  ///< in the pipeline's order
  std::vector<WorkflowStep> steps;  ///< as many as the pipeline's, START and END left out
  WorkflowStep start, end;
  std::string page;        ///< URL of START; "": none is known
  std::uint32_t asks = 0;  ///< the step at which a run waits for a person
  /// The step with `end_here_on_dry_run`; none: a dry run goes to the end.
  std::optional<std::uint32_t> dry_run_end;
  double dry_run_fraction = 1;          ///< of its time, after which a dry run ends
  std::vector<StepDownload> downloads;  ///< of FILE_DOWNLOAD nodes, in order of steps
  std::string output;                   ///< JSON object: data of a successful run
  ServedInteraction interaction;
  InputValidator validator{Json::object()};
};

/// Of `steps` evenly long ones, those that are begun when this fraction of their time is over, one
/// at least: a dry run ends with the last of them.
std::uint32_t steps_done_by(double fraction, std::uint32_t steps);

/// Version 1 of a scenario's workflow: START, its steps, END. Throws std::invalid_argument if a
/// schema is none.
WorkflowVersion version_of_scenario(const WorkflowConfig& config, const ServedWorkflow& served);

/// The version that `body` (contract 1.21) makes after `before`; a reply (400) if it is wrong.
std::variant<WorkflowVersion, HttpReply> version_of_body(const Json& body,
                                                         const WorkflowVersion& before);

/// Whether the pipeline would do the same for both.
bool same_for_pipeline(const WorkflowVersion& a, const WorkflowVersion& b);

}  // namespace sluice
