// The runs that are not over, by what they do now.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice {

/// Of some workspaces and one level.
struct OpenRuns {
  std::uint32_t eligible = 0;  ///< wait for a worker alone
  std::uint32_t blocked = 0;   ///< wait for something else, too
  std::uint32_t running = 0;
  Duration oldest{};  ///< how long the one that has waited longest has; 0: none waits

  bool any() const { return eligible + blocked + running > 0; }
  OpenRuns& operator+=(const OpenRuns& more);
};

using OpenRunsByLevel = std::array<OpenRuns, kLevels>;

/// For each of the workspaces. `now`: the pipeline's. O(slots of runs).
std::vector<OpenRunsByLevel> open_runs(const Pipeline& pipeline, std::size_t workspaces, Time now);

}  // namespace sluice
