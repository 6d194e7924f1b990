// What kind of terminal there is.
#pragma once

#include <string>

#include "reports/terminal/screen.hpp"

namespace sluice {

/// Columns of the terminal behind a descriptor; 100 if there is none.
int terminal_width(int descriptor);

/// The style for standard output. `colour` is auto, always or never; auto: only on a terminal, and
/// not with NO_COLOR or TERM=dumb set. Never wider than 100 columns. ASCII only where the locale is
/// not UTF-8 and output is a terminal.
TerminalStyle standard_output_style(const std::string& colour);
/// The same for standard error.
TerminalStyle standard_error_style(const std::string& colour);

}  // namespace sluice
