// Exit codes, the same for every subcommand.
#pragma once

namespace sluice {

enum class ExitCode : int {
  ok = 0,
  internal_error = 1,
  bad_input = 2,  ///< bad usage or scenario
  expectation_failed = 3,
  regression = 4,    ///< against a baseline
  inconclusive = 5,  ///< a metric without samples, an interval too wide to decide
  invalid_run = 6,   ///< generator saturated or late, clock jumped
  target_unreachable = 7,
  output_failed = 8,
};

/// For --help.
inline constexpr const char* kExitCodesText =
    "Exit codes:\n"
    "  0  everything holds\n"
    "  1  internal error\n"
    "  2  bad usage or scenario\n"
    "  3  an expectation failed\n"
    "  4  regression against the baseline\n"
    "  5  inconclusive: a metric without samples, an interval too wide to decide\n"
    "  6  the run itself is invalid\n"
    "  7  target unreachable\n"
    "  8  output could not be written\n"
    "  134  a check of Sluice's own state failed (SIGABRT); the line on standard error says where\n"
    "  129, 130, 143  ended by SIGHUP, Ctrl-C or SIGTERM; the report so far is written, marked\n"
    "     incomplete (serve, which runs until it is told to end: 0, or 3)";

}  // namespace sluice
