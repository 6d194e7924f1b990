// A plan by month as JSON. docs/deciding.md describes it, reports/schema/plan_by_month.schema.json
// is its schema.
#pragma once

#include <string>

#include "reports/settings/plan_by_month.hpp"

namespace sluice {

inline constexpr int kPlanByMonthJsonVersion = 1;

/// Ends with a line break; `build` and `wall`, the last members, are the only ones that may differ
/// between two runs.
std::string plan_by_month_json(const PlanByMonth& plan);

}  // namespace sluice
