// sluice validate FILE…: is each scenario without mistakes? With --effective, what does it say in
// full?
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "base/failure.hpp"
#include "base/text/display_text.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "cli/scenario_arguments.hpp"
#include "experiments/rounds/looks.hpp"
#include "reports/expectations/share_of_replications.hpp"
#include "reports/summary/traces.hpp"
#include "sim/chance.hpp"

namespace sluice {
namespace {

struct ValidateArguments {
  std::vector<std::string> files;
  ScenarioArguments scenario;
  bool effective = false;
};

/// What was read of recordings, indented under the line of the scenario.
std::string imports_text(const Scenario& scenario) {
  std::string text;
  for (const TraceImport& trace : scenario.traces) {
    text += "  " + printable(trace.submitter) + " replays ";
    std::string_view indent;
    for (const std::string& line : trace_lines(trace)) {
      text += fmt::format("{}{}\n", indent, printable(line));
      indent = "    ";
    }
  }
  return text;
}

/// What its verdict would be about, if that is less than the author may think.
std::string sample_text(const Scenario& scenario) {
  const bool asks = !scenario.expectations.empty() || !scenario.reaches.empty();
  if (!asks || scenario.replications != 1u || !draws_anything(scenario)) return {};
  return "  one replication of what is drawn decides nothing (HELD or BROKE, exit code 5): say "
         "`replications: auto`\n";
}

/// Sentences that its replications cannot decide in their favour, however they go.
std::string shares_text(const Scenario& scenario) {
  if (!draws_anything(scenario)) return {};
  const Looks looks = looks_of(scenario);
  const double confidence = looks.nominal(scenario.confidence);
  const std::uint32_t most = looks.last();
  std::string text;
  for (const Expectation& e : scenario.expectations) {
    if (!e.in_replications) continue;
    const auto needed = replications_to_pass({}, *e.in_replications, confidence);
    if (needed && *needed <= most) continue;
    text += "  `" + printable(e.sentence) + "` ";
    text += needed ? fmt::format("takes {} replications at the least to pass; there {} {}\n",
                                 *needed, most == 1 ? "is" : "are",
                                 scenario.replications ? fmt::to_string(most)
                                                       : fmt::format("at most {}", most))
                   : "can fail, but never pass: no number of replications shows it of all\n";
  }
  return text;
}

int validate(const ValidateArguments& arguments) {
  bool all_valid = true;
  for (const std::string& file : arguments.files) {
    const LoadedScenario result = load_scenario(file, arguments.scenario.load_options());
    print_diagnostics(result);
    if (arguments.effective) {
      print(effective_scenario(result));
    } else if (result.scenario) {
      print(fmt::format("{}: valid\n", file));
      if (result.scenario->submitters.empty())
        print("  no submitters: to be served; there is nothing to simulate or to load\n");
      print(imports_text(*result.scenario));
      print(sample_text(*result.scenario));
      print(shares_text(*result.scenario));
    }
    all_valid = all_valid && result.scenario.has_value();
  }
  return static_cast<int>(all_valid ? ExitCode::ok : ExitCode::bad_input);
}

}  // namespace

void add_validate(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<ValidateArguments>();
  CLI::App* command = app.add_subcommand("validate", "Checks scenario files without running them");
  command->add_option("FILE", arguments->files, "Scenario files")->required();
  arguments->scenario.add_to(*command);
  command->add_flag(
      "--effective", arguments->effective,
      "Prints the scenario after params, includes and counts, each value with its origin");
  command->footer(kExitCodesText);
  command->callback(
      [arguments, &action] { action = [arguments] { return validate(*arguments); }; });
}

}  // namespace sluice
