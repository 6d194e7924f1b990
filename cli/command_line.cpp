#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <exception>
#include <new>

#include "cli/command.hpp"
#include "cli/failure.hpp"
#include "cli/output.hpp"
#include "cli/version.hpp"

namespace sluice {
namespace {

/// What CLI11 has to say about the arguments: help and version are not mistakes.
int answer(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out, mistakes;
  const int code = app.exit(error, out, mistakes);
  print_error(mistakes.str());
  print(out.str());
  return code == 0 ? 0 : static_cast<int>(ExitCode::bad_input);
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
  add_compare(app, action);
  add_validate(app, action);
  add_metrics(app, action);
  add_schema(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer(app, error);
  }
  return action();
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const OutputError& error) {
    return fail(ExitCode::output_failed, error.what());
  } catch (const std::bad_alloc&) {
    return fail(ExitCode::internal_error, "not enough memory");
  } catch (const std::exception& error) {
    return fail(ExitCode::internal_error, error.what());
  }
}

}  // namespace sluice
