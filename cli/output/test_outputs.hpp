// The files of a test run.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/failure.hpp"
#include "cli/output/output.hpp"
#include "cli/output/output_names.hpp"
#include "reports/ci/test_run.hpp"

namespace sluice {

/// Filled in by the parser.
struct TestOutputArguments {
  std::string json, junit, markdown;

  void add_to(CLI::App& command);
  std::vector<NamedOutput> names() const;
};

/// Made before the tests run, so that what cannot be written is found at once.
class TestOutputs {
 public:
  /// Throws output_failed().
  explicit TestOutputs(const TestOutputArguments& arguments);
  /// Each that can be written is. Each that could not is said on standard error:
  /// output_failed, else ok.
  ExitCode write(const TestRun& run);

 private:
  std::optional<OutputFile> json_, junit_, markdown_;
};

}  // namespace sluice
