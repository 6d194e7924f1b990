// share_limit: inside a level, nobody more than a share of the workers while others wait there.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/policies/level_order.hpp"
#include "pipeline/policies/ring_with_skips.hpp"

namespace sluice {

/// The highest level that has a candidate; in it the first workspace in turn that would then hold
/// at most the share of the present workers, of all levels. If none would, the first in turn.
class ShareLimitPolicy final : public LevelOrderPolicy<RingWithSkips> {
 public:
  ShareLimitPolicy(WorkspaceQueues queues, std::uint32_t share_millionths);
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  void dispatched(Time now, Run& run) override;
  void released(Time now, const Run& run) override;

 private:
  void set_limit(std::uint64_t limit);

  std::uint32_t share_millionths_;
  std::uint64_t limit_ = 0;          // workers that a workspace may hold
  std::vector<std::uint32_t> held_;  // workers, by workspace
};

}  // namespace sluice
