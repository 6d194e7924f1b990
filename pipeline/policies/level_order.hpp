// Workspaces of a level in another order than their turns.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "pipeline/policies/level_rings.hpp"

namespace sluice {

/// The highest level that has a candidate, and in it a workspace by an `Order` of its own, whose
/// members are those of the level's ring. It has contains(workspace), join(now, workspace) and
/// leave(workspace).
template <class Order>
class LevelOrderPolicy : public LevelRingsPolicy {
 public:
  void add(Time now, Run& run) override {
    LevelRingsPolicy::add(now, run);
    follow(now, run);
  }
  void remove(Run& run) override {
    LevelRingsPolicy::remove(run);
    leave_if_gone(run);
  }
  void dispatched(Time now, Run& run) override {
    LevelRingsPolicy::dispatched(now, run);
    leave_if_gone(run);
  }
  void passed_over(Run& run, bool block) override {
    LevelRingsPolicy::passed_over(run, block);
    leave_if_gone(run);
  }
  void unblock(Time now, const Run& run) override {
    LevelRingsPolicy::unblock(now, run);
    follow(now, run);
  }

 protected:
  explicit LevelOrderPolicy(WorkspaceQueues queues)
      : LevelRingsPolicy(std::move(queues)),
        order_{Order(queues_.workspaces()), Order(queues_.workspaces()),
               Order(queues_.workspaces())} {}

  Order& order(PriorityLevel level) { return order_[index(level)]; }

 private:
  void follow(Time now, const Run& run) {
    const std::uint32_t workspace = WorkspaceQueues::workspace(run);
    if (ring(run.queue_level).contains(workspace) && !order(run.queue_level).contains(workspace))
      order(run.queue_level).join(now, workspace);
  }
  void leave_if_gone(const Run& run) {
    const std::uint32_t workspace = WorkspaceQueues::workspace(run);
    if (!ring(run.queue_level).contains(workspace) && order(run.queue_level).contains(workspace))
      order(run.queue_level).leave(workspace);
  }

  std::array<Order, kLevels> order_;
};

}  // namespace sluice
