// The workers of one resource group: how many there are and what they do. Rule 12.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/check.hpp"
#include "base/random/random.hpp"
#include "pipeline/cause.hpp"
#include "pipeline/config.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer.hpp"

namespace sluice {

/// Events of a pool. Their kind is this plus `first_event_kind`, their subject the group.
enum class WorkerEvent : std::uint32_t {
  started,
  cooled,
  capacity_step,
  autoscale,
  failed,
  repaired
};

/// Who brings a lost worker back: whoever took it, or the repair with this token (from 1).
struct LostTo {
  CauseId cause;
  std::uint32_t repair = 0;

  bool operator==(const LostTo&) const = default;
};

/// Keeps references to config and queue. Not thread-safe. Workers with a run are the caller's to
/// list; here they are counts. Taking and giving back a worker: O(1). The other changes: O(workers
/// that change, start, cool or are lost).
class WorkerPool {
 public:
  WorkerPool(const WorkerPoolConfig& config, GroupId group, std::uint64_t seed, EventQueue& events,
             std::uint32_t first_event_kind);

  /// Schedules the first capacity step, look of the autoscaler, and failure.
  void begin(Time now);
  const WorkerCounts& counts() const { return counts_; }

  // ---- runs take and give back workers
  void take_idle(bool holding) {
    SLUICE_REQUIRE(counts_.idle > 0, "a run takes an idle worker");
    --counts_.idle;
    ++(holding ? counts_.holding : counts_.running);
  }
  void holder_starts() {
    SLUICE_REQUIRE(counts_.holding > 0, "only who holds a worker starts in it");
    --counts_.holding, ++counts_.running;
  }
  /// The worker of a run is free again: idle, cooling down, or gone if the pool is too large.
  /// False: not idle at once.
  bool give_back(Time now, bool was_holding);

  // ---- the pool's own changes; call the observer afterwards
  /// A worker came up or cooled down (`token` as in the event). False if the event is void.
  bool started(std::uint32_t token);
  bool cooled(Time now, std::uint32_t token);
  /// From now on `count` overrides schedule and autoscaler, until the same cause ends it. Of
  /// several the one that began last counts.
  void set_target(Time now, std::uint32_t count, CauseId by);
  void end_set_target(Time now, CauseId by);
  /// Follows the schedule's step that is due and plans the next.
  void capacity_step(Time now);
  /// `kept`: idle workers that the policy keeps from everybody who waits.
  void autoscale(Time now, std::uint32_t eligible_waiting, std::uint32_t kept);

  /// Draws one present worker, which is lost. If it has a run: that run's place among the runs with
  /// a worker; the caller takes the run away and then calls lost_with_run(). None if it had no run,
  /// or nobody is left (`any` tells).
  struct Loss {
    bool any = false;
    std::optional<std::uint32_t> run_index;
  };
  Loss lose_one(Time now, LostTo to);
  void lost_with_run(Time now, bool was_holding, LostTo to);
  /// Up to `count` of those that `by` took come back, idle; or they leave for good if they are
  /// needed no more.
  void restore(Time now, std::uint32_t count, CauseId by);
  /// False if the worker has left for good meanwhile.
  bool repaired(Time now, std::uint32_t token);
  /// Idle, starting and cooling workers restart. Those with a run: restarted_with_run(), after the
  /// run was taken away.
  void restart_free(Time now);
  void restarted_with_run(Time now, bool was_holding);
  /// If the failure with `token` still holds: its repair is scheduled, and the caller loses a
  /// worker to it.
  std::optional<LostTo> failure_due(Time now, std::uint32_t token);

 private:
  struct Override {
    CauseId by;
    std::uint32_t count;
  };

  /// An autoscaler that nothing overrides.
  bool makes_up() const { return config_.autoscaling && overrides_.empty(); }
  /// What the target counts: all that are present or lost; with autoscaling the lost do not count,
  /// nor, unless it is overridden, do those that cool down.
  std::uint32_t counted() const {
    return counts_.idle + counts_.running + counts_.holding + counts_.starting +
           (cooling_count_ ? counts_.cooling : 0) + (lost_count_ ? counts_.down : 0);
  }
  bool may_add() const {
    return counted() < wanted_ && (!makes_up() || counts_.present() < config_.autoscaling->max);
  }
  /// The schedule, the autoscaler, or who overrides them wants another number than before.
  void follow(Time now);
  /// Counts and lists say the same.
  void check(Time now) const;
  /// Whoever is too many and has no run leaves.
  void leave(Time now);
  void now_lost(Time now, LostTo to);
  /// The first `count` of those lost to `to`. How many there were.
  std::uint32_t bring_back(Time now, std::uint32_t count, LostTo to);
  void add_starting(Time now);
  void plan_failure(Time now);
  void schedule(Time at, WorkerEvent kind, std::uint32_t token = 0);

  const WorkerPoolConfig& config_;
  GroupId group_;
  EventQueue& events_;
  std::uint32_t first_event_kind_;
  WorkerCounts counts_;
  std::uint32_t planned_;            // by the schedule or the autoscaler
  std::uint32_t kept_ = 0;           // seen at the autoscaler's last look
  std::vector<Override> overrides_;  // in order of their begin
  std::uint32_t wanted_;             // of those counted
  bool lost_count_, cooling_count_;
  std::uint32_t next_token_ = 0, next_repair_ = 0;
  std::vector<std::uint32_t> starting_, cooling_;  // tokens, in order of start
  std::vector<LostTo> lost_;                       // in order of loss
  std::uint32_t failure_token_ = 0;
  std::uint32_t failure_rate_of_ = 0;  // present workers that the planned failure was drawn for
  std::size_t next_step_ = 0;
  Time period_start_;
  Time up_since_ = Time::never(), down_since_ = Time::never();
  Stream start_up_, cool_down_, failures_;
};

}  // namespace sluice
