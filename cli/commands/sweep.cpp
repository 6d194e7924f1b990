// sluice sweep FILE --vary NAME=VALUES…: settings of a scenario side by side.
#include "experiments/sweep.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "base/failure.hpp"
#include "cli/command.hpp"
#include "cli/output/experiment_session.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/version.hpp"
#include "experiments/settings/alternatives.hpp"
#include "experiments/settings/grid.hpp"
#include "reports/csv/sweep.hpp"
#include "reports/json/sweep.hpp"
#include "reports/markdown/sweep.hpp"
#include "reports/terminal/sweep.hpp"

namespace sluice {
namespace {

struct SweepArguments {
  ExperimentArguments common;
  std::vector<std::string> vary;
  std::string alternatives, cost;
};

std::vector<Setting> settings_of(const SweepArguments& arguments, const Variants& variants) {
  const std::vector<Choice> choices = parse_choices("--vary", arguments.vary, variants);
  std::vector<Setting> settings;
  if (!choices.empty() || arguments.alternatives.empty()) settings = grid_of(choices);
  if (!arguments.alternatives.empty())
    for (Setting& setting : read_alternatives(arguments.alternatives))
      settings.push_back(std::move(setting));
  return settings;
}

/// What is reported is what was found: failed settings are results of a sweep, not failures of it.
ExitCode exit_code(const SweepResult& result) {
  for (const SweptSetting& swept : result.settings)
    if (status_of(swept.expectations, swept.reaches) == Status::inconclusive)
      return ExitCode::inconclusive;
  return ExitCode::ok;
}

int sweep_file(const SweepArguments& arguments) {
  const ExperimentArguments& common = arguments.common;
  check_outputs(common.outputs(), {common.file, arguments.alternatives});
  const Variants variants(common.file, common.load_options());
  print_diagnostics(variants.base());
  if (!variants.base().scenario) return static_cast<int>(ExitCode::bad_input);
  const std::vector<Setting> settings = settings_of(arguments, variants);
  if (!arguments.cost.empty())
    for (const Setting& setting : settings) variants.cost(arguments.cost, setting);
  ExperimentSession session(common, variants);
  SweepOptions options;
  options.cost = arguments.cost;
  options.looks = common.looks(*variants.base().scenario);
  options.trials = session.trials();
  options.build_id = build_id();
  const SweepResult result = session.timed([&] { return sweep(variants, settings, options); });
  return session.conclude(result.header,
                          {[&] { return sweep_json(result); }, [&] { return sweep_csv(result); },
                           [&] { return render_sweep_markdown(result); },
                           [&](const TerminalStyle& style) { return render_sweep(result, style); }},
                          exit_code(result));
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<SweepArguments>();
  CLI::App* command = app.add_subcommand(
      "sweep", "Simulates settings of a scenario side by side, until each is decided");
  command
      ->add_option(
          "--vary", arguments->vary,
          "Param or path, and its values (repeatable; all combinations): workers=26..34:2, "
          "accounts=8,10,12, n=10..160:*2, policy=fifo,{weighted: {HIGH: 1, LOW: 1}}")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUES");
  command
      ->add_option("--alternatives", arguments->alternatives,
                   "Named settings, besides: a YAML file of names, each a map of params or paths "
                   "and values")
      ->type_name("FILE");
  command->add_option("--cost", arguments->cost, "What a setting costs: workers*60 + accounts*25")
      ->type_name("EXPRESSION");
  arguments->common.add_to(*command);
  command->footer(std::string("A setting that fails is a result: the exit code is 0 if all are "
                              "decided, 5 if some are not.\n\n") +
                  kExitCodesText);
  command->callback(
      [arguments, &action] { action = [arguments] { return sweep_file(*arguments); }; });
}

}  // namespace sluice
