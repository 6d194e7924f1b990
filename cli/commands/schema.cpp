// sluice schema: the JSON Schemas of what sluice reads and writes.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/failure.hpp"
#include "cli/command.hpp"
#include "cli/output/output.hpp"
#include "reports/json/schema.hpp"
#include "reports/json/test_run.hpp"
#include "scenarios/loader/schema.hpp"

namespace sluice {
namespace {

int print_schema(const std::string& of) {
  print(of == "scenario" ? scenario_schema().dump(2) + "\n"
        : of == "test"   ? test_run_schema()
                         : report_schema());
  return static_cast<int>(ExitCode::ok);
}

}  // namespace

void add_schema(CLI::App& app, Action& action) {
  auto of = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("schema", "Prints the JSON Schema of scenarios, reports or test runs");
  command->add_option("OF", *of, "scenario, report or test")
      ->required()
      ->check(CLI::IsMember({"scenario", "report", "test"}));
  command->callback([of, &action] { action = [of] { return print_schema(*of); }; });
}

}  // namespace sluice
