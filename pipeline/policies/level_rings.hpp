// A ring of workspaces per level: what most policies choose from.
#pragma once

#include <array>
#include <cstddef>

#include "base/prefetch.hpp"
#include "pipeline/policies/dispatch_policy.hpp"
#include "pipeline/policies/turn_ring.hpp"
#include "pipeline/policies/workspace_queues.hpp"

namespace sluice {

/// Per level, the workspaces that have a candidate there and whose queue is not blocked, in turn:
/// one joins at the tail, and goes there when a run of it got a worker. Subclasses say from which
/// level, and which workspace, the next run comes.
class LevelRingsPolicy : public DispatchPolicy {
 public:
  explicit LevelRingsPolicy(WorkspaceQueues queues);

  void add(Time now, Run& run) override;
  void remove(Run& run) override;
  void dispatched(Time now, Run& run) override;
  void passed_over(Run& run, bool block) override;
  void unblock(Time now, const Run& run) override;
  void prefetch(WorkspaceId workspace, PriorityLevel level) override {
    fetch_ahead(&queues_.queue(workspace.value, level));
    ring(level).prefetch(workspace.value);
  }

 protected:
  TurnRing& ring(PriorityLevel level) { return rings_[index(level)]; }
  bool level_empty(std::size_t k) const { return rings_[k].empty(); }
  std::size_t allowed_levels() const { return queues_.allowed_levels(); }
  RunSlot first_of(std::size_t k) { return queues_.front(rings_[k].front(), kAllLevels[k]).slot; }
  /// Into the queue of run.queue_level, and its workspace into the ring.
  void enqueue(Run& run);

  WorkspaceQueues queues_;

 private:
  /// Out of the queue; its workspace out of the ring if nothing open is left.
  void dequeue(Run& run);

  std::array<TurnRing, kLevels> rings_;
};

}  // namespace sluice
