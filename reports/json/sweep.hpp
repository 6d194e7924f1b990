// A sweep as JSON. docs/deciding.md describes it, reports/schema/sweep.schema.json is its schema.
#pragma once

#include <string>

#include "reports/settings/sweep.hpp"

namespace sluice {

inline constexpr int kSweepJsonVersion = 1;

/// Ends with a line break; `build` and `wall`, the last members, are the only ones that may differ
/// between two runs.
std::string sweep_json(const SweepResult& sweep);

}  // namespace sluice
