// The command line of sluice, as a function: tests call it with output redirected, main() with the
// process's own.
#pragma once

namespace sluice {

/// Parses, runs the subcommand, and returns the exit code. Lets no exception out.
int run_command_line(int argc, const char* const* argv);

}  // namespace sluice
