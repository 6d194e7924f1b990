// The waiting runs of a resource group, a queue per workspace and level.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/large_table.hpp"
#include "pipeline/policies/run_queue.hpp"
#include "pipeline/run_table.hpp"

namespace sluice {

/// Queues per (workspace, level), and which of them are blocked by the run at their head. Keeps a
/// reference to the table of runs. All O(1), but what RunQueue says.
class WorkspaceQueues {
 public:
  WorkspaceQueues(RunTable& runs, std::size_t workspaces, bool block_lower_levels);

  /// Workspaces are numbers below this; those of other groups have no runs here.
  std::size_t workspaces() const { return queues_[0].size(); }

  RunQueue& queue(std::uint32_t workspace, PriorityLevel level) {
    return queues_[index(level)][workspace];
  }
  void push(Run& run) { queue_of(run).push(runs_, run); }
  void remove(Run& run) { queue_of(run).remove(runs_, run); }
  Run& front(std::uint32_t workspace, PriorityLevel level) {
    return queue(workspace, level).front(runs_);
  }
  /// Has candidates and is not blocked.
  bool open(std::uint32_t workspace, PriorityLevel level) const {
    return !queues_[index(level)][workspace].empty() && !is_blocked(workspace, level);
  }
  bool is_blocked(std::uint32_t workspace, PriorityLevel level) const {
    return blocked_total_ != 0 && blocked_[index(level)][workspace];
  }
  /// REQUIRES: its queue is not blocked.
  void block(const Run& run);
  /// REQUIRES: its queue is blocked.
  void unblock(const Run& run);
  /// Levels that may be dispatched: all, or down to the highest level with a blocked queue.
  std::size_t allowed_levels() const;
  RunTable& runs() { return runs_; }

  static std::uint32_t workspace(const Run& run) { return run.request.workspace.value; }

 private:
  RunQueue& queue_of(const Run& run) { return queue(workspace(run), run.queue_level); }

  RunTable& runs_;
  bool block_lower_levels_;
  std::array<LargeTable<RunQueue>, kLevels> queues_;
  std::array<std::vector<bool>, kLevels> blocked_;
  std::array<std::uint32_t, kLevels> blocked_count_{};
  std::uint32_t blocked_total_ = 0;
};

}  // namespace sluice
