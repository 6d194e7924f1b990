#include "pipeline/policies/share_limit.hpp"

#include <utility>

#include "base/check.hpp"

namespace sluice {

ShareLimitPolicy::ShareLimitPolicy(WorkspaceQueues queues, std::uint32_t share_millionths)
    : LevelOrderPolicy(std::move(queues)),
      share_millionths_(share_millionths),
      held_(queues_.workspaces(), 0) {
  SLUICE_REQUIRE(share_millionths <= 1'000'000, "a share is at most all");
}

RunSlot ShareLimitPolicy::choose(Time /*now*/, const WorkersInUse& workers) {
  set_limit(std::uint64_t{workers.present} * share_millionths_ / 1'000'000);
  const std::size_t levels = allowed_levels();
  for (std::size_t k = 0; k < levels; ++k) {
    if (level_empty(k)) continue;
    RingWithSkips& turns = order(kAllLevels[k]);
    const std::uint32_t workspace =
        turns.first([this](std::uint32_t candidate) { return held_[candidate] < limit_; });
    return first_of(workspace == UINT32_MAX ? turns.first_skipped() : workspace, k);
  }
  return RunSlot::none();
}

void ShareLimitPolicy::set_limit(std::uint64_t limit) {
  if (limit > limit_)
    for (const PriorityLevel level : kAllLevels) order(level).return_all();
  limit_ = limit;
}

void ShareLimitPolicy::dispatched(Time now, Run& run) {
  LevelOrderPolicy::dispatched(now, run);
  ++held_[WorkspaceQueues::workspace(run)];
}

void ShareLimitPolicy::released(Time now, const Run& run) {
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  SLUICE_CHECK(held_[workspace] > 0, "who gives up a worker has one", now, run.id);
  --held_[workspace];
  for (const PriorityLevel level : kAllLevels) order(level).return_skipped(workspace);
}

}  // namespace sluice
