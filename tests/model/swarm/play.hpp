// One scenario played in virtual time with everything that can be checked on the way.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.hpp"
#include "tests/model/reference/script.hpp"
#include "tests/model/swarm/faults.hpp"

namespace sluice::swarm {

struct Played {
  reference::Log log;  ///< as of the reference, without what a script says of its commands
  /// The submissions and incidents, for the reference.
  reference::Script script;
  std::uint64_t submitted = 0;
  std::vector<std::string> first_workers;  ///< by group: how the log would tell of them at first
};

/// Plays the scenario's first replication.
Played play(const Scenario& scenario, Faults& faults);

/// Whether the reference knows all that the scenario has.
bool reference_covers(const Scenario& scenario);
/// Plays the same in the reference; a difference is a fault.
void compare_with_reference(const Played& played, Faults& faults);

}  // namespace sluice::swarm
