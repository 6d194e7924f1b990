// Everything that is checked of one scenario file.
#pragma once

#include <string>

#include "tests/model/swarm/scenario_draw.hpp"

namespace sluice::swarm {

/// What came of it.
struct Verdict {
  enum class Outcome : char { good = 'g', refused = 'r', faulty = 'f' };
  Outcome outcome = Outcome::good;
  bool compared = false;  ///< the reference covers it
  std::string kind;       ///< of the fault; empty if there is none
  std::string text;       ///< of a refusal or fault
};

/// `file`: where the scenario lies, for what it names.
Verdict check_scenario(const std::string& text, const std::string& file);

/// The same in a process of its own: what crashes or hangs there is a fault as well.
Verdict check_file_apart(const std::string& file);
/// The scenario and its rows are written into `folder` for that.
Verdict check_apart(const DrawnScenario& scenario, const std::string& folder);

}  // namespace sluice::swarm
