// A plan for each month of a scenario: what is needed when.
//
// Each month is planned by itself, as the window of the scenario's time that it is (its key
// `window`): growth, dates and incidents stay where they are. The error of the confirmations is
// shared out over the months evenly, so that all winners of the table meet their expectations
// together with the confidence that was asked for (Bonferroni).
#pragma once

#include <vector>

#include "experiments/plan.hpp"
#include "experiments/settings/choice.hpp"
#include "experiments/settings/variants.hpp"
#include "reports/settings/plan_by_month.hpp"

namespace sluice {

/// Throws bad_input as plan() does, and for a scenario of a single month or one that has a window
/// of its own. Told to stop, or as a shard that waits, it has the months that were planned by then,
/// and what is known of the one under way.
PlanByMonth plan_by_month(const Variants& variants, const std::vector<Choice>& choices,
                          const PlanOptions& options);

}  // namespace sluice
