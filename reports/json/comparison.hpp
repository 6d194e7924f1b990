// A comparison as JSON; docs/comparing.md names its members.
#pragma once

#include <string>

#include "reports/compare/comparison.hpp"

namespace sluice {

/// `format`: "sluice.comparison", `version`: 1; ends with a line break.
std::string comparison_json(const ReportComparison& comparison);

}  // namespace sluice
