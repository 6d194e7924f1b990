// One resource group: its workers, the candidates that wait for one, and whose turn it is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/check.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/policies/dispatch_policy.hpp"
#include "pipeline/run.hpp"
#include "pipeline/run_table.hpp"
#include "pipeline/wait_lists.hpp"
#include "pipeline/worker_numbers.hpp"
#include "pipeline/worker_pool.hpp"

namespace sluice {

/// Not thread-safe. Keeps references to its configuration, the runs and the events, which outlive
/// it. Costs are those of policy and pool.
///
/// Invariant: a run of state `queued` is a candidate of exactly one group; a run that has a worker
/// is in run_with() under its worker's number.
class ResourceGroup {
 public:
  ResourceGroup(GroupId id, const ResourceGroupConfig& config, std::size_t workspaces,
                std::uint64_t seed, RunTable& runs, EventQueue& events,
                std::uint32_t first_worker_event);

  GroupId id() const { return id_; }
  const ResourceGroupConfig& config() const { return config_; }
  bool is_capped() const { return config_.dispatch.kind == DispatchPolicyKind::workspace_cap; }

  // ---- pauses nest
  /// True if it was not paused before.
  bool pause() { return pauses_++ == 0; }
  /// True if nothing pauses it any more; without a pause nothing happens.
  bool resume() { return pauses_ > 0 && --pauses_ == 0; }

  // ---- candidates
  std::uint32_t candidates() const { return candidates_; }
  /// A worker is idle, and somebody waits for one.
  bool has_work() const { return workers_.counts().idle > 0 && candidates_ > 0 && pauses_ == 0; }
  /// `run` may be dispatched from now on.
  void add(Time now, Run& run);
  /// A candidate that is no longer one, without having been chosen.
  void remove(Run& run);
  /// Who is to be tried next; none if the policy refuses all. REQUIRES has_work().
  RunSlot choose(Time now) {
    return only_candidate_.valid() ? only_candidate_ : policy_->choose(now, in_use());
  }
  /// The chosen run takes a worker: it starts, or holds it until it can start.
  void give_worker(Time now, Run& run, bool holding);
  /// The chosen run cannot take what it needs; the runs behind it wait for it if the group's rule
  /// says so (run.blocks_queue).
  void pass_over(Time now, Run& run);
  /// A run that was passed over was woken, or has gone. True if others waited for it.
  bool unblock(Time now, Run& run);
  /// Begins to load what add() will need.
  void prefetch(WorkspaceId workspace, PriorityLevel level) { policy_->prefetch(workspace, level); }

  // ---- candidates that change their queues by themselves
  bool moves_candidates() const { return moves_candidates_; }
  void advance(Time now) { policy_->advance(now); }
  /// See DispatchPolicy::take_overtaken.
  RunSlot take_overtaken() { return policy_->take_overtaken(); }
  /// When somebody may be chosen who is refused now, if that was not said before.
  std::optional<Time> next_look();

  // ---- waking
  /// With whom a parked or holding run is woken in turn. Who holds a worker has got past the
  /// policy.
  WakeLane lane_of(const Run& run) const {
    const bool by_level = wakes_each_level_ && run.state != RunState::holding;
    return WakeLane::of(id_, by_level ? 1 + static_cast<std::uint32_t>(index(run.queue_level)) : 0);
  }
  bool has_one_lane() const { return !wakes_each_level_; }

  // ---- workers
  WorkerPool& workers() { return workers_; }
  const WorkerPool& workers() const { return workers_; }
  /// Idle workers that the policy keeps from everybody who waits; a group without candidates keeps
  /// them from nobody.
  std::uint32_t kept_idle() const;
  /// Workers have numbers from 0 while they have a run; so many were given out so far.
  std::uint32_t worker_numbers() const { return numbers_.count(); }
  RunSlot run_with(std::uint32_t number) const { return numbers_.run(number); }
  /// The n-th run that has a worker, by number. O(workers).
  RunSlot nth_run(std::uint32_t n) const { return numbers_.nth(n); }
  /// The run leaves its worker, which is the pool's to take back or to lose.
  void take_run_away(Time now, const Run& run);

 private:
  void queue_only_candidate(Time now);
  WorkersInUse in_use() const {
    return {workers_.counts().idle, workers_.counts().present(), busy_};
  }

  GroupId id_;
  const ResourceGroupConfig& config_;
  RunTable& runs_;
  WorkerPool workers_;
  std::unique_ptr<DispatchPolicy> policy_;
  WorkerNumbers numbers_;
  std::array<std::uint32_t, kLevels> busy_{};  // workers with a run of each level
  std::uint32_t candidates_ = 0;
  std::uint32_t pauses_ = 0;
  bool wakes_each_level_, moves_candidates_;
  bool only_candidate_skips_policy_;
  Time look_due_ = Time::never();
  /// Come while a worker was idle: the policy need not hear of it if it starts in the same instant.
  RunSlot only_candidate_;
};

inline void ResourceGroup::add(Time now, Run& run) {
  SLUICE_CHECK(run.state == RunState::queued && run.group == id_,
               "a candidate waits in its own group", now, run.id);
  if (only_candidate_.valid()) queue_only_candidate(now);
  if (candidates_ == 0 && workers_.counts().idle > 0 && only_candidate_skips_policy_) {
    run.queue_level = run.level();
    only_candidate_ = run.slot;
  } else {
    policy_->add(now, run);
  }
  ++candidates_;
}

inline void ResourceGroup::give_worker(Time now, Run& run, bool holding) {
  SLUICE_CHECK(candidates_ > 0, "only a candidate takes a worker", now, run.id);
  if (only_candidate_ == run.slot)
    only_candidate_ = RunSlot::none();
  else
    policy_->dispatched(now, run);
  --candidates_;
  workers_.take_idle(holding);
  ++busy_[index(run.level())];
  run.worker = numbers_.take(run.slot);
}

inline void ResourceGroup::take_run_away(Time now, const Run& run) {
  SLUICE_DEBUG_CHECK(run.worker < numbers_.count(), "it has one", now, run.id);
  SLUICE_CHECK(numbers_.is_of(run.slot, run.worker), "a run leaves the worker that has it", now,
               run.id);
  numbers_.give_back(run.worker);
  --busy_[index(run.level())];
  policy_->released(now, run);
}

}  // namespace sluice
