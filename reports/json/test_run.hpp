// A test run as JSON, and the schema of that.
#pragma once

#include <string>

#include "reports/ci/test_run.hpp"

namespace sluice {

/// Changes when a reader of the previous version would go wrong; new keys alone do not change it.
inline constexpr int kTestJsonVersion = 1;

/// Ends with a line break. `seconds`, of the run and of its files, are the only values that may
/// differ between two runs of the same files and seeds.
std::string render_test_run_json(const TestRun& run);

/// The text of its JSON Schema (draft 7); reports/schema/test.schema.json holds the same.
std::string test_run_schema();

}  // namespace sluice
