#include "cli/output/test_outputs.hpp"

#include <fmt/format.h>

#include "reports/ci/junit.hpp"
#include "reports/json/test_run.hpp"
#include "reports/markdown/test_run.hpp"

namespace sluice {
namespace {

ExitCode write_format(std::optional<OutputFile>& file, const TestRun& run,
                      std::string (*render)(const TestRun&)) {
  if (!file) return ExitCode::ok;
  try {
    file->stream() << render(run);
    file->commit();
  } catch (const UserError& error) {
    print_error(fmt::format("sluice: {}\n", error.what()));
    return error.code();
  }
  return ExitCode::ok;
}

}  // namespace

void TestOutputArguments::add_to(CLI::App& command) {
  command.add_option("--junit", junit, "Writes JUnit XML, as GitLab and Jenkins read it")
      ->type_name("FILE");
  command
      .add_option("--markdown", markdown,
                  "Writes a table for the summary of a job; - is standard output")
      ->type_name("FILE");
  command.add_option("--json", json, "Writes all of it as JSON; - is standard output")
      ->type_name("FILE");
}

std::vector<NamedOutput> TestOutputArguments::names() const {
  return {{"--json", json}, {"--junit", junit}, {"--markdown", markdown}};
}

TestOutputs::TestOutputs(const TestOutputArguments& arguments) {
  if (!arguments.json.empty()) json_.emplace(arguments.json);
  if (!arguments.junit.empty()) junit_.emplace(arguments.junit);
  if (!arguments.markdown.empty()) markdown_.emplace(arguments.markdown);
}

ExitCode TestOutputs::write(const TestRun& run) {
  ExitCode code = write_format(json_, run, render_test_run_json);
  code = first_that_counts(code, write_format(junit_, run, junit_xml));
  return first_that_counts(code, write_format(markdown_, run, render_test_run_markdown));
}

}  // namespace sluice
