#include "pipeline/policies/weighted.hpp"

#include <utility>

#include "base/check.hpp"

namespace sluice {

WeightedPolicy::WeightedPolicy(WorkspaceQueues queues, std::array<std::uint32_t, kLevels> weights)
    : LevelRingsPolicy(std::move(queues)), weights_(weights), credit_(weights) {}

RunSlot WeightedPolicy::choose(Time /*now*/, const WorkersInUse& /*workers*/) {
  const std::size_t levels = allowed_levels();
  std::size_t waiting = kLevels;
  for (std::size_t k = 0; k < levels; ++k) {
    if (level_empty(k)) continue;
    if (credit_[k] > 0) return first_of(k);
    waiting = k;
  }
  if (waiting == kLevels) return RunSlot::none();
  SLUICE_REQUIRE(weights_[waiting] > 0, "a level that waits has a weight");
  credit_ = weights_;
  return choose(Time{}, {});
}

void WeightedPolicy::dispatched(Time now, Run& run) {
  SLUICE_CHECK(credit_[index(run.queue_level)] > 0, "its level has credit", now, run.id);
  --credit_[index(run.queue_level)];
  LevelRingsPolicy::dispatched(now, run);
}

}  // namespace sluice
