// What expectations came to, in words that all renderers for people share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/report.hpp"

namespace sluice {

/// Missed ones first, then undecided ones, then those that are met, each kind in the scenario's
/// order.
std::vector<const ExpectationResult*> worst_first(const Report& report);

/// How far the measured value is on the right side of the limit, in the metric's unit; of a
/// sentence `in` a share of replications, how far the share in which it held is above that one.
/// Negative: on the wrong side. None: nothing was measured, or the comparison is `==`.
std::optional<double> margin(const ExpectationResult& result);

/// "measured 12m (±2m), 18m to spare", "measured 34m, 4m over", "18 of 20 held (68.3 to 98.8 %)";
/// of what is not decided, why.
std::string outcome_text(const Report& report, const ExpectationResult& result);
/// Where the limit comes from; of an implied one, what to say instead; or empty.
std::string because_text(const ExpectationResult& result);

}  // namespace sluice
