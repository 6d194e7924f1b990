// A plan by month as CSV: one row for each month.
#pragma once

#include <string>

#include "reports/settings/plan_by_month.hpp"

namespace sluice {

/// Columns: `month`, `days`, `runs_per_day`, `load` against the first month, one for each name that
/// is chosen, `cost`, `status`, `binds`.
std::string plan_by_month_csv(const PlanByMonth& plan);

}  // namespace sluice
