// The episodes of starvation in Markdown.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// The ten longest as a table, and the times in which at least half of the replications starve.
/// Empty if nobody starved.
std::string episodes_markdown(const Report& report);

}  // namespace sluice
