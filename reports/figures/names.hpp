// The names behind the ids of a report, copied from the configuration so that a report outlives its
// pipeline.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/config.hpp"
#include "reports/figures/figure.hpp"

namespace sluice {

struct PoolName {
  std::string name;                   ///< made from its members: "portal-1 … portal-8 (8)"
  std::vector<CredentialId> members;  ///< in rotation order
};

/// Ids are indexes into these vectors.
struct Names {
  std::vector<std::string> groups;
  std::vector<std::string> workspaces;
  std::vector<GroupId> group_of_workspace;
  std::vector<std::string> workflows;
  std::vector<std::string> credentials;
  std::vector<std::uint32_t> credential_limits;  ///< UINT32_MAX: unlimited
  std::vector<PoolName> pools;                   ///< known only after a run
  std::vector<std::string> submitters;
};

Names names_of(const PipelineConfig& config, std::vector<std::string> submitters = {});
/// "LOW acme", "group main", "everything": for people.
std::string describe(const Subject& subject, const Names& names);
/// "{level=LOW, workspace=acme}" as in expectations; "" for everything.
std::string labels_text(const Subject& subject, const Names& names);

}  // namespace sluice
