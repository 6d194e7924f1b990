// fair_share: inside a level, each workspace the same worker time.
#pragma once

#include <vector>

#include "pipeline/config.hpp"
#include "pipeline/policies/least_worker_time.hpp"
#include "pipeline/policies/level_order.hpp"

namespace sluice {

/// The highest level that has a candidate; in it the workspace that has had least worker time there
/// by its weight. A run is charged from its dispatch until it gives its worker up.
class FairSharePolicy final : public LevelOrderPolicy<LeastWorkerTime> {
 public:
  /// Workspaces that are not named have the weight 1.
  FairSharePolicy(WorkspaceQueues queues, const std::vector<WorkspaceWeight>& weights);
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  void dispatched(Time now, Run& run) override;
  void released(Time now, const Run& run) override;
};

}  // namespace sluice
