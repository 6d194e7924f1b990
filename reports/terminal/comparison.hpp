// A comparison of two sets of reports for people and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "reports/compare/comparison.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Verdict, a table of the metrics (those that got worse first) and what the comparison rests on.
std::string render_comparison(const ReportComparison& comparison, const TerminalStyle& style);

/// `format`: "sluice.comparison", `version`: 1; ends with a line break.
std::string comparison_json(const ReportComparison& comparison);

}  // namespace sluice
