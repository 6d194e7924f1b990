// A comparison as Markdown for a pull request.
#pragma once

#include <string>

#include "reports/compare/comparison.hpp"

namespace sluice {

/// GitHub-flavoured: verdict, cause, what changed or may have, and what it rests on; texts of users
/// cannot become markup.
std::string render_comparison_markdown(const ReportComparison& comparison);

}  // namespace sluice
