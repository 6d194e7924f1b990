// The schema of a comparison as JSON.
#pragma once

#include <string>

namespace sluice {

/// Kept as reports/schema/compare.schema.json.
std::string comparison_schema();

}  // namespace sluice
