// Random scenarios for the swarm: each draws a random subset of all features, so that combinations
// vary from one to the next instead of every scenario being a little of everything.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace sluice::swarm {

using Tree = nlohmann::ordered_json;

/// A scenario file as a tree, and the recorded workload that it may name.
struct DrawnScenario {
  Tree tree;
  std::string rows;  ///< of kRowsFile, which stands beside the scenario
};

inline constexpr const char* kRowsFile = "rows.csv";

/// The same seed gives the same scenario. At most some 200 runs in some minutes of simulated time:
/// the naive reference has to play them.
DrawnScenario draw_scenario(std::uint64_t seed);

/// The tree as YAML for people.
std::string yaml_text(const Tree& tree);

}  // namespace sluice::swarm
