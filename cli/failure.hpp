// What is said when a subcommand cannot do its work.
#pragma once

#include <stdexcept>
#include <string_view>

#include "cli/exit_code.hpp"

namespace sluice {

/// What is wrong with the command line, apart from what its parser finds.
struct BadArguments : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `sluice: what` on standard error; returns the code for the process.
int fail(ExitCode code, std::string_view what);

/// The same for bad usage.
inline int bad_input(std::string_view what) { return fail(ExitCode::bad_input, what); }

}  // namespace sluice
