#include "pipeline/policies/fair_share.hpp"

#include <utility>

#include "base/check.hpp"

namespace sluice {

FairSharePolicy::FairSharePolicy(WorkspaceQueues queues,
                                 const std::vector<WorkspaceWeight>& weights)
    : LevelOrderPolicy(std::move(queues)) {
  for (const PriorityLevel level : kAllLevels)
    for (const auto& [workspace, weight] : weights)
      order(level).set_weight(workspace.value, weight);
}

RunSlot FairSharePolicy::choose(Time now, const WorkersInUse& /*workers*/) {
  const std::size_t levels = allowed_levels();
  for (std::size_t k = 0; k < levels; ++k)
    if (!level_empty(k)) return first_of(order(kAllLevels[k]).least(now), k);
  return RunSlot::none();
}

void FairSharePolicy::dispatched(Time now, Run& run) {
  SLUICE_CHECK(run.queue_level == run.level(), "runs stay at their level", now, run.id);
  order(run.level()).take_worker(now, WorkspaceQueues::workspace(run));
  LevelOrderPolicy::dispatched(now, run);
}

void FairSharePolicy::released(Time now, const Run& run) {
  order(run.level()).release_worker(now, WorkspaceQueues::workspace(run));
}

}  // namespace sluice
