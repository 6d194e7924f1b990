// Whether chance has a part in a scenario: where it has none, one replication says it all.
#pragma once

#include "scenarios/scenario.hpp"

namespace sluice {

/// Whether anything is drawn: only then can replications of the scenario differ. False is sure;
/// true may be said of what in the end is never asked for. The jitter with which a refused request
/// is tried again does not count here: see `jitters`. O(size of the scenario).
bool draws_anything(const Scenario& scenario);

/// Whether a refused request is tried again after a time that is drawn.
bool jitters(const Scenario& scenario);

}  // namespace sluice
