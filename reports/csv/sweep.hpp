// A sweep as CSV: one row for each setting and measure.
#pragma once

#include <string>

#include "reports/settings/sweep.hpp"

namespace sluice {

/// Columns: `setting`, one for each name that is varied, `cost`, `replications`, `measure`,
/// `value`, `low`, `high`, `difference`, `difference_low`, `difference_high`, `verdict` of the
/// setting, `undominated`.
std::string sweep_csv(const SweepResult& sweep);

}  // namespace sluice
