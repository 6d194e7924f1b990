// The swarm: random scenarios one after the other, each drawn from a seed, checked, and shrunk if
// something is wrong with it.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace sluice::swarm {

struct SwarmOptions {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds = UINT64_MAX;  ///< at most so many scenarios
  double seconds = 10;               ///< none is begun later
  bool go_on = false;  ///< after a fault too: counts them by kind, shrinks the first of each
  std::string folder;  ///< where faulty scenarios are left
};

struct SwarmResult {
  std::uint64_t scenarios = 0, refused = 0, compared = 0, faulty = 0;
  std::uint64_t next_seed = 0;
  /// Seeds of faulty scenarios by the kind of their first fault.
  std::map<std::string, std::vector<std::uint64_t>> kinds;
  std::string
      report;  ///< of each fault that was looked into: seed, what is wrong, the shrunk scenario
};

/// `progress` is told of faults as they are found.
SwarmResult run_swarm(const SwarmOptions& options, std::ostream& progress);

}  // namespace sluice::swarm
