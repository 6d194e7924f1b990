#include "pipeline/policies/reserved.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

ReservedPolicy::ReservedPolicy(WorkspaceQueues queues, std::array<std::uint32_t, kLevels> reserved)
    : LevelRingsPolicy(std::move(queues)), reserved_(reserved) {}

RunSlot ReservedPolicy::choose(Time /*now*/, const WorkersInUse& workers) {
  std::array<std::uint32_t, kLevels> missing{};
  std::uint32_t kept = 0;
  for (std::size_t k = 0; k < kLevels; ++k) {
    missing[k] = reserved_[k] > workers.busy[k] ? reserved_[k] - workers.busy[k] : 0;
    kept += missing[k];
  }
  const std::size_t levels = allowed_levels();
  for (std::size_t k = 0; k < levels; ++k)
    if (!level_empty(k) && (missing[k] > 0 || workers.idle > kept - missing[k])) return first_of(k);
  return RunSlot::none();
}

/// All that other levels lack of their numbers; none if a level that waits lacks some of its own,
/// for it may have any worker.
std::uint32_t ReservedPolicy::kept_idle(const WorkersInUse& workers) const {
  const std::size_t levels = allowed_levels();
  std::uint32_t lacking = 0;
  bool somebody_waits = false;
  for (std::size_t k = 0; k < kLevels; ++k) {
    const bool waits = k < levels && !level_empty(k);
    somebody_waits |= waits;
    if (workers.busy[k] >= reserved_[k]) continue;
    if (waits) return 0;
    lacking += reserved_[k] - workers.busy[k];
  }
  return somebody_waits ? std::min(lacking, workers.idle) : 0;
}

}  // namespace sluice
