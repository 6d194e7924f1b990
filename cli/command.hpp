// The subcommands of sluice. Each adds itself to the application: its options, and what to do when
// it is chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace sluice {

/// For --help: ExitCode in words.
inline constexpr const char* kExitCodesText =
    "Exit codes:\n"
    "  0  everything holds\n"
    "  1  internal error\n"
    "  2  bad usage or scenario\n"
    "  3  an expectation failed\n"
    "  4  regression against the baseline\n"
    "  5  inconclusive: no samples, an interval too wide to decide, or one replication only\n"
    "     (HELD, BROKE) of something that is drawn; of a shard: its part is done, and others have\n"
    "     to do theirs before it can go on\n"
    "  6  the run itself is invalid\n"
    "  7  target unreachable\n"
    "  8  output could not be written\n"
    "  134  a check of Sluice's own state failed (SIGABRT); the line on standard error says where\n"
    "  129, 130, 143  ended by SIGHUP, Ctrl-C or SIGTERM; the report so far is written, marked\n"
    "     incomplete (serve, which runs until it is told to end: 0, 3, or 5)";

/// What the chosen subcommand does; returns the exit code of the process. Throws UserError.
using Action = std::function<int()>;

/// Each sets `action` when its subcommand was given.
void add_simulate(CLI::App& app, Action& action);
void add_serve(CLI::App& app, Action& action);
void add_load(CLI::App& app, Action& action);
void add_plan(CLI::App& app, Action& action);
void add_sweep(CLI::App& app, Action& action);
void add_test(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_merge(CLI::App& app, Action& action);
void add_validate(CLI::App& app, Action& action);
void add_metrics(CLI::App& app, Action& action);
void add_schema(CLI::App& app, Action& action);

}  // namespace sluice
