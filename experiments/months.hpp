// The months of a scenario, each as a window of its time.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct Month {
  std::string name;  ///< "2026-03"; "month 3" of a scenario without dates
  Time from, until;
  std::string window;  ///< as the scenario's key `window` has it
};

/// Of a scenario with a `start` those of the calendar by its clocks, the first one from the start
/// on; else 30 days each. The last one ends with the scenario.
std::vector<Month> months_of(const Scenario& scenario);

}  // namespace sluice
