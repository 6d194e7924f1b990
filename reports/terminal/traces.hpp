// What was read of recorded workloads, on a terminal.
#pragma once

#include "reports/report.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Nothing if nothing was replayed.
void traces_section(const Report& report, TerminalScreen& screen);

}  // namespace sluice
