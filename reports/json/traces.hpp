// What was read of recorded workloads, as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "reports/figures/trace_import.hpp"

namespace sluice {

/// The member `traces`, and what it may be in the schema of reports.
nlohmann::ordered_json traces_json(const std::vector<TraceImport>& traces);
void add_traces_schema(nlohmann::ordered_json& schema);

}  // namespace sluice
