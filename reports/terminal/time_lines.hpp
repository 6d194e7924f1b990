// The section QUEUE OVER TIME.
#pragma once

#include <vector>

#include "reports/summary/rows.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Small charts of who waits, with an axis, and marks for starvation and incidents below them.
void time_lines_section(const Report& report, const std::vector<LevelRow>& rows,
                        TerminalScreen& screen);

}  // namespace sluice
