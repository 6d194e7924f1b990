// The tables by hour on a terminal.
#pragma once

#include <string>

#include "reports/report.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// A table for each group, and of the worst workspaces the p95; of the week too if the window is
/// long enough. Empty: nothing was recorded by hour.
std::string render_hours(const Report& report, const TerminalStyle& style);

}  // namespace sluice
