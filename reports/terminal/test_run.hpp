// A test run on a terminal: a line for each file, what is not met in full, how many there were.
#pragma once

#include <string>

#include "reports/ci/test_run.hpp"
#include "reports/terminal/screen.hpp"

namespace sluice {

/// Ends with a line break. No times: the same bytes whenever the same comes out.
std::string render_test_run(const TestRun& run, const TerminalStyle& style);
/// What is not met and the summary; empty: all is well.
std::string render_unmet_tests(const TestRun& run, const TerminalStyle& style);

}  // namespace sluice
