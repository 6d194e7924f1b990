// A comparison for people.
#pragma once

#include <string>

#include "reports/compare/comparison.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Verdict, a table of the metrics (those that got worse first) and what the comparison rests on.
std::string render_comparison(const ReportComparison& comparison, const TerminalStyle& style);

}  // namespace sluice
