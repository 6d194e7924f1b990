// The load in the JSON report.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/figures/load_facts.hpp"

namespace sluice {

/// The member `load`. What was not measured is absent.
nlohmann::ordered_json load_json(const LoadFacts& load);
/// Adds what the member may be to the schema of reports.
void add_load_schema(nlohmann::ordered_json& schema);

}  // namespace sluice
