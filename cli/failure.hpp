// What is said when a subcommand cannot do its work.
#pragma once

#include <string_view>

#include "cli/exit_code.hpp"

namespace sluice {

/// `sluice: what` on standard error; returns the code for the process.
int fail(ExitCode code, std::string_view what);

/// The same for bad usage.
inline int bad_input(std::string_view what) { return fail(ExitCode::bad_input, what); }

}  // namespace sluice
