// A plan as JSON. docs/deciding.md describes it.
#pragma once

#include <string>

#include "reports/settings/plan.hpp"

namespace sluice {

inline constexpr int kPlanJsonVersion = 1;

/// Ends with a line break; `build` and `wall`, the last members, are the only ones that may differ
/// between two runs.
std::string plan_json(const PlanResult& plan);

}  // namespace sluice
