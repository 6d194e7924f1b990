// The load itself on a terminal. Each writes nothing if the report is not on a load.
#pragma once

#include "reports/report.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Why the load is invalid or ended early: to be read before any figure.
void load_cautions_section(const Report& report, TerminalScreen& screen);
/// What the generator did, what it was answered and how fast.
void load_section(const Report& report, TerminalScreen& screen);

}  // namespace sluice
