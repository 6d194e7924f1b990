// The baselines of a test run: a file for each scenario file, under a folder.
#pragma once

#include <string>

#include "base/failure.hpp"
#include "reports/ci/test_run.hpp"

namespace sluice {

/// `DIR/scenarios/office.yaml.json` of `scenarios/office.yaml`. Of a file that is not below the
/// current folder it is made from its whole path: it never lies outside of the folder.
std::string baseline_path(const std::string& folder, const std::string& file);

/// Reads what there is for each file, and adds what comes of it. What cannot be read is not
/// decided.
void hold_against_baselines(const std::string& folder, double tolerance, TestRun& run);

/// Writes those of the files that passed, each whole or not at all, and notes in the run which were
/// not written and why. A file that could not be written is said on standard error: output_failed,
/// else ok.
ExitCode update_baselines(const std::string& folder, TestRun& run);

}  // namespace sluice
