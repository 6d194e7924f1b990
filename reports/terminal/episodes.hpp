// The section STARVED: when.
#pragma once

#include "reports/report.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// The longest episodes, and the times in which at least half of the replications starve. Nothing
/// if nobody starved.
void episodes_section(const Report& report, TerminalScreen& screen);

}  // namespace sluice
