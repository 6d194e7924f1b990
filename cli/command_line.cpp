#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.hpp"
#include "base/text/suggestion.hpp"
#include "base/text/units.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "cli/version.hpp"

namespace sluice {
namespace {

/// `sluice: what` on standard error; returns the code for the process.
int fail(ExitCode code, std::string_view what) {
  print_error(fmt::format("sluice: {}\n", what));
  return static_cast<int>(code);
}

/// What CLI11 has to say about the arguments: help and version are not mistakes.
int answer(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out, mistakes;
  const int code = app.exit(error, out, mistakes);
  print_error(mistakes.str());
  print(out.str());
  return code == 0 ? 0 : static_cast<int>(ExitCode::bad_input);
}

/// A word where a subcommand belongs that is none; empty: there is no such word.
std::string unknown_subcommand(CLI::App& app, int argc, const char* const* argv) {
  const std::string_view first = argc > 1 ? argv[1] : "-";
  if (first.starts_with('-')) return {};
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), first) != names.end()) return {};
  return fmt::format("there is no subcommand '{}'{}", first,
                     did_you_mean(first, {names.begin(), names.end()}));
}

int parse_and_run(int argc, const char* const* argv) {
  CLI::App app("Simulates a run pipeline: who starves, for how long, because of whom.", "sluice");
  app.set_version_flag("--version", version_text());
  app.footer(kExitCodesText);
  app.require_subcommand(1);
  app.fallthrough(false);
  Action action;
  add_simulate(app, action);
  add_serve(app, action);
  add_load(app, action);
  add_plan(app, action);
  add_sweep(app, action);
  add_test(app, action);
  add_compare(app, action);
  add_merge(app, action);
  add_validate(app, action);
  add_metrics(app, action);
  add_schema(app, action);
  if (const std::string mistake = unknown_subcommand(app, argc, argv); !mistake.empty())
    throw bad_input(mistake + "\nRun with --help for more information.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer(app, error);
  }
  return action();
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  // A limit on the size of files (`ulimit -f`) is an error of the write, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return parse_and_run(argc, argv);
  } catch (const UserError& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ExitCode::internal_error, "not enough memory");
  } catch (const std::exception& error) {
    return fail(ExitCode::internal_error, error.what());
  }
}

}  // namespace sluice
