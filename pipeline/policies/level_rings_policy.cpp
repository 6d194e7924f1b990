#include "pipeline/policies/policies.hpp"

#include <algorithm>

namespace sluice {

LevelRingsPolicy::LevelRingsPolicy(WorkspaceQueues queues, std::size_t workspaces)
    : queues_(std::move(queues)),
      rings_{TurnRing(workspaces), TurnRing(workspaces), TurnRing(workspaces)} {}

void LevelRingsPolicy::add(Time /*now*/, Run& run) {
  run.queue_level = run.level();
  enqueue(run);
}

void LevelRingsPolicy::enqueue(Run& run) {
  queues_.push(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  TurnRing& turns = ring(run.queue_level);
  if (!turns.contains(workspace) && !queues_.is_blocked(workspace, run.queue_level))
    turns.join(workspace);
}

void LevelRingsPolicy::dequeue(Run& run) {
  queues_.remove(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  TurnRing& turns = ring(run.queue_level);
  if (turns.contains(workspace) && !queues_.open(workspace, run.queue_level))
    turns.leave(workspace);
}

void LevelRingsPolicy::remove(Run& run) { dequeue(run); }

void LevelRingsPolicy::dispatched(Run& run) {
  dequeue(run);
  TurnRing& turns = ring(run.queue_level);
  if (turns.contains(WorkspaceQueues::workspace(run))) turns.rotate();
}

void LevelRingsPolicy::passed_over(Run& run, bool block) {
  if (block) queues_.block(run);
  dequeue(run);
}

void LevelRingsPolicy::unblock(const Run& run) {
  queues_.unblock(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  if (queues_.open(workspace, run.queue_level)) ring(run.queue_level).join(workspace);
}

RunSlot StrictPriorityPolicy::choose(Time /*now*/, const WorkersInUse& /*workers*/) {
  const std::size_t levels = allowed_levels();
  for (std::size_t k = 0; k < levels; ++k)
    if (!level_empty(k)) return first_of(k);
  return RunSlot::none();
}

WeightedPolicy::WeightedPolicy(WorkspaceQueues queues, std::size_t workspaces,
                               std::array<std::uint32_t, kLevels> weights)
    : LevelRingsPolicy(std::move(queues), workspaces), weights_(weights), credit_(weights) {}

RunSlot WeightedPolicy::choose(Time /*now*/, const WorkersInUse& /*workers*/) {
  const std::size_t levels = allowed_levels();
  bool waiting = false;
  for (std::size_t k = 0; k < levels; ++k) {
    if (level_empty(k)) continue;
    if (credit_[k] > 0) return first_of(k);
    waiting = true;
  }
  if (!waiting) return RunSlot::none();
  credit_ = weights_;
  return choose(Time{}, {});
}

void WeightedPolicy::dispatched(Run& run) {
  --credit_[index(run.queue_level)];
  LevelRingsPolicy::dispatched(run);
}

ReservedPolicy::ReservedPolicy(WorkspaceQueues queues, std::size_t workspaces,
                               std::array<std::uint32_t, kLevels> reserved)
    : LevelRingsPolicy(std::move(queues), workspaces), reserved_(reserved) {}

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
