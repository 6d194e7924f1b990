#include "pipeline/policies/level_rings.hpp"

#include <utility>

#include "base/check.hpp"

namespace sluice {

LevelRingsPolicy::LevelRingsPolicy(WorkspaceQueues queues)
    : queues_(std::move(queues)),
      rings_{TurnRing(queues_.workspaces()), TurnRing(queues_.workspaces()),
             TurnRing(queues_.workspaces())} {}

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

void LevelRingsPolicy::dispatched(Time now, Run& run) {
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  TurnRing& turns = ring(run.queue_level);
  SLUICE_CHECK(turns.contains(workspace), "who gets a worker has a turn", now, run.id);
  dequeue(run);
  if (turns.contains(workspace)) turns.move_to_tail(workspace);
}

void LevelRingsPolicy::passed_over(Run& run, bool block) {
  if (block) queues_.block(run);
  dequeue(run);
}

void LevelRingsPolicy::unblock(Time /*now*/, const Run& run) {
  queues_.unblock(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  if (queues_.open(workspace, run.queue_level)) ring(run.queue_level).join(workspace);
}

}  // namespace sluice
