// sluice plan FILE --choose NAME=VALUES…: the cheapest setting that meets all expectations.
#include "experiments/plan.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/failure.hpp"
#include "cli/command.hpp"
#include "cli/output/experiment_session.hpp"
#include "cli/scenario_arguments.hpp"
#include "cli/version.hpp"
#include "experiments/plan_by_month.hpp"
#include "reports/csv/plan.hpp"
#include "reports/csv/plan_by_month.hpp"
#include "reports/json/plan.hpp"
#include "reports/json/plan_by_month.hpp"
#include "reports/markdown/plan.hpp"
#include "reports/markdown/plan_by_month.hpp"
#include "reports/terminal/plan.hpp"
#include "reports/terminal/plan_by_month.hpp"

namespace sluice {
namespace {

struct PlanArguments {
  ExperimentArguments common;
  std::vector<std::string> choose;
  std::string cost, confidence, by;
  std::uint32_t verified = 12;
};

ExitCode exit_code(PlanStatus status) {
  switch (status) {
    case PlanStatus::found:
      return ExitCode::ok;
    case PlanStatus::infeasible:
      return ExitCode::expectation_failed;
    case PlanStatus::undecided:
      break;
  }
  return ExitCode::inconclusive;
}

ExperimentForms forms_of(const PlanResult& result) {
  return {[&] { return plan_json(result); }, [&] { return plan_csv(result); },
          [&] { return render_plan_markdown(result); },
          [&](const TerminalStyle& style) { return render_plan(result, style); }};
}

ExperimentForms forms_of(const PlanByMonth& result) {
  return {[&] { return plan_by_month_json(result); }, [&] { return plan_by_month_csv(result); },
          [&] { return render_plan_by_month_markdown(result); },
          [&](const TerminalStyle& style) { return render_plan_by_month(result, style); }};
}

int plan_file(const PlanArguments& arguments) {
  const ExperimentArguments& common = arguments.common;
  check_outputs(common.outputs(), {common.file});
  LoaderOptions load = common.load_options();
  if (!arguments.confidence.empty()) load.sets.emplace_back("confidence", arguments.confidence);
  const Variants variants(common.file, load);
  print_diagnostics(variants.base());
  if (!variants.base().scenario) return static_cast<int>(ExitCode::bad_input);
  std::vector<Choice> choices = parse_choices("--choose", arguments.choose, variants);
  ExperimentSession session(common, variants);
  PlanOptions options;
  options.cost = arguments.cost;
  options.looks = common.looks(*variants.base().scenario);
  options.verified = arguments.verified;
  options.trials = session.trials();
  options.build_id = build_id();
  if (arguments.by.empty()) {
    const PlanResult result =
        session.timed([&] { return plan(variants, std::move(choices), options); });
    return session.conclude(result.header, forms_of(result), exit_code(result.status));
  }
  const PlanByMonth result =
      session.timed([&] { return plan_by_month(variants, choices, options); });
  return session.conclude(result.header, forms_of(result), exit_code(result.status()));
}

}  // namespace

void add_plan(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<PlanArguments>();
  CLI::App* command = app.add_subcommand(
      "plan", "Finds the cheapest setting that meets all expectations, with a certificate");
  command
      ->add_option("--choose", arguments->choose,
                   "Param or path, and the values to choose from (repeatable): workers=1..80, "
                   "accounts=4..24:2, policy=fifo,{weighted: {HIGH: 1, LOW: 1}}")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUES");
  command
      ->add_option(
          "--cost", arguments->cost,
          "What a setting costs: workers*60 + accounts*25; not given: what is chosen, if it "
          "is one number")
      ->type_name("EXPRESSION");
  command
      ->add_option("--confidence", arguments->confidence,
                   "Of everything that is decided; the scenario's if not given")
      ->type_name("SHARE");
  command
      ->add_option("--verify", arguments->verified,
                   "Tests at most so many settings that the search passed over; 12 if not given")
      ->type_name("N")
      ->check(CLI::Range(0u, 100'000u));
  command
      ->add_option(
          "--by", arguments->by,
          "month: for each month of the scenario the cheapest setting for the load that it "
          "has by then")
      ->type_name("month")
      ->check(CLI::IsMember({"month"}));
  arguments->common.add_to(*command);
  command->footer(std::string("Exit codes here: 0 found, 3 no setting meets all expectations, 5 "
                              "undecided; of months\nthe first of 3, 5, 0 that one has.\n\n") +
                  kExitCodesText);
  command->callback(
      [arguments, &action] { action = [arguments] { return plan_file(*arguments); }; });
}

}  // namespace sluice
