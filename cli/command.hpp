// The subcommands of sluice. Each adds itself to the application: its options, and what to do when
// it is chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace sluice {

/// What the chosen subcommand does; returns the exit code of the process.
using Action = std::function<int()>;

/// Each sets `action` when its subcommand was given.
void add_simulate(CLI::App& app, Action& action);
void add_serve(CLI::App& app, Action& action);
void add_load(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_validate(CLI::App& app, Action& action);
void add_metrics(CLI::App& app, Action& action);
void add_schema(CLI::App& app, Action& action);

}  // namespace sluice
