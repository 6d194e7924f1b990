#include "pipeline/policies/share_limit.hpp"

#include <utility>

#include "base/check.hpp"

namespace sluice {

ShareLimitPolicy::ShareLimitPolicy(WorkspaceQueues queues, std::uint32_t share_millionths)
    : LevelOrderPolicy(std::move(queues)),
      share_millionths_(share_millionths),
      held_(queues_.workspaces(), 0) {}

RunSlot ShareLimitPolicy::choose(Time /*now*/, const WorkersInUse& workers) {
  const std::uint64_t limit = std::uint64_t{workers.present} * share_millionths_ / 1'000'000;
  const std::size_t levels = allowed_levels();
  for (std::size_t k = 0; k < levels; ++k) {
    if (level_empty(k)) continue;
    const std::uint32_t workspace = order(kAllLevels[k]).first_below(limit);
    return workspace == UINT32_MAX ? first_of(k) : queues_.front(workspace, kAllLevels[k]).slot;
  }
  return RunSlot::none();
}

void ShareLimitPolicy::hold(std::uint32_t workspace, std::uint32_t workers) {
  held_[workspace] = workers;
  for (const PriorityLevel level : kAllLevels) order(level).set_held(workspace, workers);
}

void ShareLimitPolicy::dispatched(Time now, Run& run) {
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  SLUICE_CHECK(order(run.queue_level).contains(workspace), "it has a turn", now, run.id);
  order(run.queue_level).turn_over(workspace);
  hold(workspace, held_[workspace] + 1);
  LevelOrderPolicy::dispatched(now, run);
}

void ShareLimitPolicy::released(Time now, const Run& run) {
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  SLUICE_CHECK(held_[workspace] > 0, "who gives up a worker has one", now, run.id);
  hold(workspace, held_[workspace] - 1);
}

}  // namespace sluice
