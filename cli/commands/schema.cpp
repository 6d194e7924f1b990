// sluice schema: the JSON Schemas of what sluice reads and writes.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/failure.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "reports/json/comparison_schema.hpp"
#include "reports/json/schema.hpp"
#include "reports/json/settings_schema.hpp"
#include "reports/json/test_run.hpp"
#include "scenarios/loader/schema.hpp"

namespace sluice {
namespace {

std::string schema_of(const std::string& what) {
  if (what == "scenario") return scenario_schema().dump(2) + "\n";
  if (what == "compare") return comparison_schema();
  if (what == "test") return test_run_schema();
  if (what == "sweep") return sweep_schema();
  if (what == "plan-by-month") return plan_by_month_schema();
  return what == "plan" ? plan_schema() : report_schema();
}

int print_schema(const std::string& of) {
  print(schema_of(of));
  return static_cast<int>(ExitCode::ok);
}

}  // namespace

void add_schema(CLI::App& app, Action& action) {
  auto of = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("schema", "Prints the JSON Schema of what sluice reads and writes");
  command->add_option("OF", *of, "scenario, report, test, sweep, plan, plan-by-month or compare")
      ->required()
      ->check(CLI::IsMember(
          {"scenario", "report", "test", "sweep", "plan", "plan-by-month", "compare"}));
  command->callback([of, &action] { action = [of] { return print_schema(*of); }; });
}

}  // namespace sluice
