// An order of workspaces per level: what most policies choose from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/check.hpp"
#include "base/prefetch.hpp"
#include "pipeline/policies/dispatch_policy.hpp"
#include "pipeline/policies/workspace_queues.hpp"

namespace sluice {

/// Per level, the workspaces that have a candidate there and whose queue is not blocked, in an
/// `Order`: Order(workspaces), empty(), contains(workspace), join(workspace) or join(now,
/// workspace), leave(workspace), prefetch(workspace), and move_to_tail(workspace) if whoever got a
/// worker comes behind all others. Subclasses say from which level, and which workspace, the next
/// run comes.
template <class Order>
class LevelOrderPolicy : public DispatchPolicy {
 public:
  explicit LevelOrderPolicy(WorkspaceQueues queues)
      : queues_(std::move(queues)),
        orders_{Order(queues_.workspaces()), Order(queues_.workspaces()),
                Order(queues_.workspaces())} {}

  void add(Time now, Run& run) override {
    run.queue_level = run.level();
    enqueue(now, run);
  }
  void remove(Run& run) override { dequeue(run); }
  void dispatched(Time now, Run& run) override {
    const std::uint32_t workspace = WorkspaceQueues::workspace(run);
    SLUICE_CHECK(order(run.queue_level).contains(workspace), "who gets a worker has a turn", now,
                 run.id);
    dequeue(run);
    if constexpr (requires(Order order) { order.move_to_tail(workspace); }) {
      Order& turns = order(run.queue_level);
      if (turns.contains(workspace)) turns.move_to_tail(workspace);
    }
  }
  void passed_over(Run& run, bool block) override {
    if (block) queues_.block(run);
    dequeue(run);
  }
  void unblock(Time now, const Run& run) override {
    queues_.unblock(run);
    const std::uint32_t workspace = WorkspaceQueues::workspace(run);
    if (queues_.open(workspace, run.queue_level)) join(now, workspace, run.queue_level);
  }
  void prefetch(WorkspaceId workspace, PriorityLevel level) override {
    fetch_ahead(&queues_.queue(workspace.value, level));
    order(level).prefetch(workspace.value);
  }

 protected:
  Order& order(PriorityLevel level) { return orders_[index(level)]; }
  bool level_empty(std::size_t k) const { return orders_[k].empty(); }
  std::size_t allowed_levels() const { return queues_.allowed_levels(); }
  /// The first candidate of a workspace at the level `k`.
  RunSlot first_of(std::uint32_t workspace, std::size_t k) {
    return queues_.front(workspace, kAllLevels[k]).slot;
  }
  /// That of the workspace at the front of the order.
  RunSlot first_of(std::size_t k) { return first_of(orders_[k].front(), k); }
  /// Into the queue of run.queue_level, and its workspace into the order.
  void enqueue(Time now, Run& run) {
    queues_.push(run);
    const std::uint32_t workspace = WorkspaceQueues::workspace(run);
    if (!order(run.queue_level).contains(workspace) &&
        !queues_.is_blocked(workspace, run.queue_level))
      join(now, workspace, run.queue_level);
  }

  WorkspaceQueues queues_;

 private:
  void join(Time now, std::uint32_t workspace, PriorityLevel level) {
    if constexpr (requires(Order order) { order.join(now, workspace); })
      order(level).join(now, workspace);
    else
      order(level).join(workspace);
  }
  /// Out of the queue; its workspace out of the order if nothing open is left.
  void dequeue(Run& run) {
    queues_.remove(run);
    const std::uint32_t workspace = WorkspaceQueues::workspace(run);
    if (order(run.queue_level).contains(workspace) && !queues_.open(workspace, run.queue_level))
      order(run.queue_level).leave(workspace);
  }

  std::array<Order, kLevels> orders_;
};

}  // namespace sluice
