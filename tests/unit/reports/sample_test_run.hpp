// Test runs made by hand for the tests of their formats.
#pragma once

#include <string>

#include "reports/ci/test_run.hpp"

namespace sluice::test {

/// An expectation `LOW.wait.p95 < 10m` in office.yaml, line 20.
TestCase sample_case(Status status, double value);
/// A file with one such expectation, 5 replications, and the outcome that goes with it.
TestedFile sample_file(const std::string& file, Status status, double value);

/// Each outcome once, and each kind of case.
TestRun sample_test_run();
/// Names that try to break out: markup, line breaks, control characters, broken UTF-8.
TestRun hostile_test_run();

}  // namespace sluice::test
