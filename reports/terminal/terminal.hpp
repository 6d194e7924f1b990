// The report as one screen of a terminal that a tired person understands: verdict, answer,
// stability, starvation and whom to blame, then throughput and resources.
#pragma once

#include <string>

#include "reports/report.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Ends with a line break. Large scenarios show their worst few workspaces, credentials and groups
/// and say how many more there are. Cost: O(figures of the metrics shown).
std::string render_terminal(const Report& report, const TerminalStyle& style);
/// The verdict and what is not met; empty: all is well, or nothing was asked.
std::string render_unmet(const Report& report, const TerminalStyle& style);

}  // namespace sluice
