// The workers of one resource group: how many there are and what they do. Rule 12.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/config.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/random.hpp"

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

/// Keeps references to config and queue. Not thread-safe. Workers with a run are the caller's to
/// list; here they are counts.
class WorkerPool {
 public:
  WorkerPool(const WorkerPoolConfig& config, GroupId group, std::uint64_t seed, EventQueue& events,
             std::uint32_t first_event_kind);

  /// Schedules the first capacity step, look of the autoscaler, and failure.
  void begin(Time now);
  const WorkerCounts& counts() const { return counts_; }

  // ---- runs take and give back workers
  void take_idle(bool holding) {
    --counts_.idle;
    ++(holding ? counts_.holding : counts_.running);
  }
  void holder_starts() { --counts_.holding, ++counts_.running; }
  /// The worker of a run is free again: idle, cooling down, or gone if the pool is too large.
  /// False: not idle at once.
  bool give_back(Time now, bool was_holding);

  // ---- the pool's own changes; call the observer afterwards
  /// A worker came up or cooled down (`token` as in the event). False if the event is void.
  bool started(std::uint32_t token);
  bool cooled(std::uint32_t token);
  void set_target(Time now, std::uint32_t count);
  /// Follows the schedule's step that is due and plans the next.
  void capacity_step(Time now);
  void autoscale(Time now, std::uint32_t eligible_waiting);

  /// Draws one present worker, which is lost. If it has a run: that run's place among the runs with
  /// a worker; the caller takes the run away and then calls lost_with_run(). None if it had no run,
  /// or nobody is left (`any` tells).
  struct Loss {
    bool any = false;
    std::optional<std::uint32_t> run_index;
  };
  Loss lose_one(Time now);
  void lost_with_run(Time now, bool was_holding);
  void restore(Time now, std::uint32_t count);
  /// Idle, starting and cooling workers restart. Those with a run: restarted_with_run(), after the
  /// run was taken away.
  void restart_free(Time now);
  void restarted_with_run(Time now, bool was_holding);
  /// True if the failure with `token` still holds; its repair is scheduled, and the caller calls
  /// lose_one().
  bool failure_due(Time now, std::uint32_t token);

 private:
  void adjust(Time now);
  void add_starting(Time now);
  void plan_failure(Time now);
  void schedule(Time at, WorkerEvent kind, std::uint32_t token = 0);
  std::uint32_t wanted() const { return target_ > counts_.down ? target_ - counts_.down : 0; }

  const WorkerPoolConfig& config_;
  GroupId group_;
  EventQueue& events_;
  std::uint32_t first_event_kind_;
  WorkerCounts counts_;
  std::uint32_t target_ = 0;
  std::uint32_t next_token_ = 0;
  std::vector<std::uint32_t> starting_, cooling_;  // tokens, in order of start
  std::uint32_t failure_token_ = 0;
  std::uint32_t failure_rate_of_ = 0;  // present workers that the planned failure was drawn for
  std::size_t next_step_ = 0;
  Time period_start_;
  Time up_since_ = Time::never(), down_since_ = Time::never();
  Stream start_up_, cool_down_, failures_;
};

}  // namespace sluice
