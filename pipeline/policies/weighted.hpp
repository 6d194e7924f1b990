// weighted: so many runs of each level per round.
#pragma once

#include <array>
#include <cstdint>

#include "pipeline/policies/level_rings.hpp"

namespace sluice {

/// Deficit round robin over levels: `weights` dispatches per level and round.
class WeightedPolicy final : public LevelRingsPolicy {
 public:
  WeightedPolicy(WorkspaceQueues queues, std::array<std::uint32_t, kLevels> weights);
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  void dispatched(Time now, Run& run) override;

 private:
  std::array<std::uint32_t, kLevels> weights_, credit_;
};

}  // namespace sluice
