// Who is next: the order in which a resource group's candidates are tried. One class per policy.
//
// A policy holds the candidates of one group and nothing else; credentials and workers are the
// caller's business. The rules are in docs/rules.md, "Dispatch".
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/large_table.hpp"
#include "pipeline/config.hpp"
#include "pipeline/policies/run_queue.hpp"
#include "pipeline/policies/turn_ring.hpp"
#include "pipeline/run_table.hpp"

namespace sluice {

/// What a policy may know of the group's workers when it chooses.
struct WorkersInUse {
  std::uint32_t idle = 0;
  std::array<std::uint32_t, kLevels> busy{};  ///< workers with a run of each level
};

/// Not thread-safe. All calls O(log n) amortised in candidates and workspaces.
class DispatchPolicy {
 public:
  virtual ~DispatchPolicy() = default;

  /// `run` became a candidate (accepted, rejoined or woken). Sets run.queue_level.
  virtual void add(Time now, Run& run) = 0;
  /// `run` is no candidate any more, without having been chosen (stopped).
  virtual void remove(Run& run) = 0;
  /// The candidate to try next, or none. Changes nothing that a second call would see.
  virtual RunSlot choose(Time now, const WorkersInUse& workers) = 0;
  /// The chosen run got a worker: its turn is over.
  virtual void dispatched(Run& run) = 0;
  /// The chosen run cannot take what it needs. With `block`, the runs behind it in its queue wait
  /// for it.
  virtual void passed_over(Run& run, bool block) = 0;
  /// A run that had been passed over with `block` was woken or has gone: its queue is open again.
  virtual void unblock(const Run& run) = 0;
  /// Begins to load what add() will need for a run of this workspace and level.
  virtual void prefetch(WorkspaceId /*workspace*/, PriorityLevel /*level*/) {}
  /// Idle workers that nobody who waits may have, because they are kept for others: only more
  /// workers would help. O(levels).
  virtual std::uint32_t kept_idle(const WorkersInUse& /*workers*/) const { return 0; }

  // What it refuses, so that nobody is left behind by a wake (docs/rules.md, "Waking"). A policy
  // that, of two candidates at heads of open queues, may name the later one by (level, sequence)
  // and refuse the earlier one has to say so here.

  /// Whether it may refuse the runs of one level and name those of another that is woken later:
  /// each level is woken by itself then. Constant.
  virtual bool wakes_each_level() const { return false; }
  /// Whether its candidates move between queues that can be blocked. If so, the three calls below
  /// are made. Constant.
  virtual bool moves_candidates() const { return false; }
  /// Makes the moves that are due before the next choice.
  virtual void advance(Time /*now*/) {}
  /// A woken candidate that has come to stand behind another one of its queue since the last call:
  /// that one may block the queue and so use up nothing. None: no more.
  virtual RunSlot take_overtaken() { return RunSlot::none(); }
  /// When the next move is due: somebody may be named then whom it refuses now.
  virtual Time next_move() { return Time::never(); }
};

std::unique_ptr<DispatchPolicy> make_dispatch_policy(const ResourceGroupConfig& config,
                                                     RunTable& runs, std::size_t workspaces);

/// Queues per (workspace, level), and which of them are blocked by the run at their head.
class WorkspaceQueues {
 public:
  WorkspaceQueues(RunTable& runs, std::size_t workspaces, bool block_lower_levels);

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
  void block(const Run& run);
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
