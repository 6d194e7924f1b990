// The settings that a plan tested as CSV: one row for each setting and measure.
#pragma once

#include <string>

#include "reports/settings/plan.hpp"

namespace sluice {

/// Columns: `setting`, `cost`, `standing`, `replications`, `measure`, `value`, `low`, `high`.
std::string plan_csv(const PlanResult& plan);

}  // namespace sluice
