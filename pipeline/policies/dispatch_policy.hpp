// Who is next: the order in which a resource group's candidates are tried. One class per policy.
//
// A policy holds the candidates of one group and nothing else; credentials and workers are the
// caller's business. The rules are in docs/rules.md, "Dispatch".
#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// What a policy may know of the group's workers when it chooses.
struct WorkersInUse {
  std::uint32_t idle = 0;
  std::uint32_t present = 0;                  ///< all but the lost
  std::array<std::uint32_t, kLevels> busy{};  ///< workers with a run of each level
};

/// What the pipeline asks of a policy. One of your own, given by DispatchConfig::make, is called as
/// these are. Not thread-safe. All calls are to be O(log n) amortised in candidates and workspaces.
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
  virtual void dispatched(Time now, Run& run) = 0;
  /// A run that had got a worker gives it up: it ended, is requeued, or lost its worker.
  virtual void released(Time /*now*/, const Run& /*run*/) {}
  /// The chosen run cannot take what it needs. With `block`, the runs behind it in its queue wait
  /// for it.
  virtual void passed_over(Run& run, bool block) = 0;
  /// A run that had been passed over with `block` was woken or has gone: its queue is open again.
  virtual void unblock(Time now, const Run& run) = 0;
  /// Begins to load what add() will need for a run of this workspace and level.
  virtual void prefetch(WorkspaceId /*workspace*/, PriorityLevel /*level*/) {}
  /// Idle workers that nobody who waits may have, because they are kept for others: only more
  /// workers would help. O(levels).
  virtual std::uint32_t kept_idle(const WorkersInUse& /*workers*/) const { return 0; }
  /// Whether it must hear of a group's only candidate that starts in the instant in which it came:
  /// if not, add() and dispatched() may be left out for that one. Constant.
  virtual bool hears_of_only_candidate() const { return true; }

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

}  // namespace sluice
