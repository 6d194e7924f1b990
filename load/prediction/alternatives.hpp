// Other dispatchers that a target might have: the scenario with one of its rules changed.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.hpp"

namespace sluice {

/// One change, made to every resource group.
struct Alternative {
  std::string change;  ///< "when_credential_busy: block_level", "dispatch: fifo"
  Scenario scenario;
};

/// Every value of `when_credential_busy`, if a run needs a credential, and every dispatch policy
/// that is not the scenario's own, with parameters that fit its workers and workspaces (the words
/// give those of the first group). In a fixed order.
std::vector<Alternative> alternatives(const Scenario& scenario);

}  // namespace sluice
