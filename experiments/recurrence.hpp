// What comes again and again in a scenario: a warm-up of part of it would cut off just that part.
#pragma once

#include "base/time.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// The period with which arrivals (rate curves, batches) and schedules of workers recur: of several
/// the shortest that holds a whole number of each; if that is longer than the scenario, the longest
/// of them. Zero: nothing recurs within the scenario.
Duration recurrence(const Scenario& scenario);

}  // namespace sluice
