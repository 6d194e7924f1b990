// The episodes of starvation as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/report.hpp"

namespace sluice {

/// `episodes` of a level, over all groups, or of a level of a workspace; null: not recorded.
nlohmann::ordered_json episodes_json(const Report& report, PriorityLevel level,
                                     WorkspaceId workspace);
/// `starves_in_half` of a level: the times in which at least half of the replications starve.
nlohmann::ordered_json starves_in_half_json(const Report& report, PriorityLevel level);

/// Their definitions, and the members `episodes` of levels and levels of workspaces.
void add_episodes_schema(nlohmann::ordered_json& schema);

}  // namespace sluice
