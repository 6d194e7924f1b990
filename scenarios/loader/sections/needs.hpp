// Needs that can never be met: runs that would wait for ever, found before one is submitted.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "scenarios/scenario.hpp"

namespace sluice {

/// Aliases of one use of a workflow that some run could not fill: they are more than the
/// credentials that it could be given for them.
struct UnmetNeed {
  WorkflowUse use;  ///< with the choices of that run
  std::vector<std::size_t> aliases;
  std::vector<CredentialId> credentials;
};

/// The first one of a submitter whose workspaces, workflows and arrivals are complete; none: every
/// run can be served. A choice whose names could not be read, which was reported, has no members.
/// Cost: per use of a workflow with a pool, exponential in its aliases (at most
/// kMaxNeeds), times the workspaces if it has `own` credentials.
std::optional<UnmetNeed> find_unmet_need(const SubmitterConfig& submitter);

}  // namespace sluice
