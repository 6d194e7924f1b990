// `workflows`: what runs do, and the vault aliases that they need.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/config.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"

namespace sluice {

/// An alias of a workflow and the credential (or family) whose domain fits it.
struct NeedText {
  Name alias;
  std::optional<Name> family;
};

struct WorkflowText {
  Mark mark;
  Unread unread;
  WorkflowConfig config;  ///< without name and aliases
  std::vector<NeedText> needs;
};

Type<WorkflowText> workflow_type();

/// Which credentials fit an alias.
struct AliasFit {
  bool any = true;
  std::string domain;              ///< not empty: those of this domain
  std::vector<std::uint32_t> ids;  ///< ascending; else these

  bool takes(std::uint32_t credential, const std::vector<CredentialConfig>& credentials) const;
};

/// What is known of a workflow besides its WorkflowConfig.
struct DeclaredWorkflow {
  std::vector<AliasFit> fits;  ///< by alias
  Unread unread;               ///< what could not be read of it, and is not to be compared
};

/// Adds the workflows with their names to `pipeline`, whose credentials are complete; what else is
/// known of each, by WorkflowId.
std::vector<DeclaredWorkflow> declare_workflows(const Entries<Name, WorkflowText>& texts,
                                                DeclaredNames& names, PipelineConfig& pipeline);

}  // namespace sluice
