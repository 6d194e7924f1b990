// What a load may do to whose system: a load test is a denial of service that one has agreed to.
#pragma once

#include <optional>
#include <string>

#include "http/client/target.hpp"

namespace sluice {

/// What whoever starts a load says about that.
struct SafetyWishes {
  std::string confirmed_host;  ///< "": none
  bool dry_run = false;
  bool no_dry_run = false;
  std::optional<double> max_per_s;
};

struct SafetyLimits {
  bool dry_run = false;  ///< of every run
  double max_per_s = 0;  ///< requests that start runs, wall time; 0: no ceiling
};

/// This machine takes what is asked for. A target elsewhere is to be confirmed by its host; then
/// every run is a dry run, and 16 per second are started at most (half of what the API's narrowest
/// window lets one workspace send over a minute), where nothing else was said. Throws bad_input()
/// if it is not confirmed.
SafetyLimits safety_limits(const Target& target, const SafetyWishes& wishes);

}  // namespace sluice
