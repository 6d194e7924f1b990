#include "pipeline/policies/fair_first.hpp"

#include <utility>

namespace sluice {

FairFirstPolicy::FairFirstPolicy(WorkspaceQueues queues)
    : queues_(std::move(queues)), ring_(queues_.workspaces()) {}

bool FairFirstPolicy::open(std::uint32_t workspace, std::size_t levels) const {
  for (std::size_t k = 0; k < levels; ++k)
    if (queues_.open(workspace, kAllLevels[k])) return true;
  return false;
}

void FairFirstPolicy::add(Time /*now*/, Run& run) {
  run.queue_level = run.level();
  queues_.push(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  if (!ring_.contains(workspace) && open(workspace, kLevels)) ring_.join(workspace);
}

void FairFirstPolicy::dequeue(Run& run) {
  queues_.remove(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  if (ring_.contains(workspace) && !open(workspace, kLevels)) ring_.leave(workspace);
}

void FairFirstPolicy::remove(Run& run) { dequeue(run); }

RunSlot FairFirstPolicy::choose(Time /*now*/, const WorkersInUse& /*workers*/) {
  if (ring_.empty()) return RunSlot::none();
  const std::size_t levels = queues_.allowed_levels();
  const std::uint32_t workspace =
      levels == kLevels ? ring_.front()
                        : ring_.find([&](std::uint32_t w) { return open(w, levels); });
  if (workspace == UINT32_MAX) return RunSlot::none();
  for (std::size_t k = 0; k < levels; ++k)
    if (queues_.open(workspace, kAllLevels[k])) return queues_.front(workspace, kAllLevels[k]).slot;
  return RunSlot::none();
}

void FairFirstPolicy::dispatched(Time /*now*/, Run& run) {
  dequeue(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  if (ring_.contains(workspace)) ring_.move_to_tail(workspace);
}

void FairFirstPolicy::passed_over(Run& run, bool block) {
  if (block) queues_.block(run);
  dequeue(run);
}

void FairFirstPolicy::unblock(Time /*now*/, const Run& run) {
  queues_.unblock(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  if (!ring_.contains(workspace) && open(workspace, kLevels)) ring_.join(workspace);
}

}  // namespace sluice
