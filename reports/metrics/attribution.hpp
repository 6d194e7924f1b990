// Attribution of waits (S6): each run's wait split by what held it, in whole ns that add up to it.
//
// A candidate's segments are split by the clocks of its group's workers, those of a parked or
// holding run by the clocks of what its class waits on (instruments/worker_clocks, hold_clocks). A
// run that waits as a candidate once and is dispatched keeps what the clocks advanced in its own
// record; others have an extension, where parts add up.
//
// Cost: O(levels) per segment, O(1) per dispatch that did not wait.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.hpp"
#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/instruments/worker_clocks.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"
#include "reports/metrics/hold_clocks.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Place;
struct QueueSums;
struct Records;
struct RunRecord;
struct WaitingRun;

class Attribution {
 public:
  struct RunPart {
    /// Candidate: at the start of the segment. Running: how much each clock advanced in its only
    /// segment, in which the clocks never stood still.
    ClockReading clock;
  };
  struct RunMore {
    WaitAttribution parts;
    static constexpr std::uint32_t kDelayed = UINT32_MAX;
    std::uint32_t wait_class = kDelayed;  ///< with which it waits in the segment
    HoldReading held_before;              ///< of that class, when the segment began
    PoolHold pool_before;                 ///< likewise
    // Of the pool that held it last, until a member of it serves the run; finished segments:
    std::uint32_t pool_use = PoolHold::kNoPool;
    std::uint32_t pool_holds = 0;
    Duration pool_held{};
  };
  struct QueueLine {
    double own_clock = 0;  ///< less running × Z(now): see WorkerClocks::normalised
  };
  struct QueuePart {
    std::array<double, kWaitParts> parts{};  ///< ns; of recorded waits, not those still waiting
  };
  static constexpr std::array kSays{
      MetricRange{Metric::attribution_workers_high, Metric::attribution_api}};
  static constexpr Hears kHears =
      hear::entered | hear::became_candidate | hear::left_candidates | hear::became_blocked |
      hear::held | hear::left_blocked | hear::took_worker | hear::gave_back_worker |
      hear::wait_recorded | hear::wait_forgotten | hear::wait_abandoned | hear::attempt_lost |
      hear::workers_changed | hear::group_paused | hear::workflow_paused | hear::instant_over |
      hear::window_began | hear::due;

  Attribution(Records& records, const PipelineConfig& pipeline);

  /// Begin to load what recording a wait needs.
  static void about_to_record(const auto& p) {
    fetch_ahead(&p.queue.attribution.parts.front());
    fetch_ahead(&p.queue.attribution.parts.back());
  }

  // -- clocks
  void instant_over(Time now, Duration, auto& group) {
    group.clocks.advance(now, group.candidate_count > 0);
  }
  void took_worker(Time now, const auto& p) {
    p.group.clocks.take(now, p.run.priority());
    p.queue.attribution_line.own_clock -= p.group.clocks.normalised();
  }
  void gave_back_worker(Time now, const auto& p) {
    SLUICE_DEBUG_CHECK(p.group.clocks.busy() > 0, "what is given back was taken", now, kNoRun);
    p.group.clocks.give_back(now, p.run.priority());
    p.queue.attribution_line.own_clock += p.group.clocks.normalised();
  }
  void workers_changed(Time now, auto& group, const WorkerCounts& counts) {
    group.clocks.set_workers(now, counts.present(), counts.starting, counts.cooling);
  }
  void group_paused(Time, auto& group, bool paused) { group.clocks.set_paused(paused); }
  void workflow_paused(Time now, WorkflowId workflow, bool paused) {
    holds_.workflow_paused(now, workflow, paused);
  }

  // -- segments
  void entered(Time, const auto& p, const auto&) {
    if (p.run.api.ns != 0) add_part(p, WaitPart::api, static_cast<double>(p.run.api.ns));
  }
  void became_candidate(Time, const auto& p) {
    read_clocks(p.group, p.queue, p.run.attribution.clock);
  }
  void left_candidates(Time now, const auto& p, Leaving how) {
    ClockReading reading;
    read_clocks(p.group, p.queue, reading);
    ClockReading& spent = p.run.attribution.clock;
    spent = reading - spent;
    const WorkerClocks& clocks = p.group.clocks;
    const bool stood_still = clocks.stood_still_since(p.run.since);
    if (how == Leaving::by_dispatch && p.run.extension == 0 && !stood_still) return;
    SLUICE_CHECK(now >= p.run.since, "a segment ends after it began", now, kNoRun);
    p.records.extend(p.run).attribution.parts +=
        split_candidate_wait(now - p.run.since, p.run.priority(), spent,
                             stood_still ? clocks.stood_still(p.run.since) : Standstill{});
  }
  void became_blocked(Time, const auto& p) {
    p.records.extend(p.run).attribution.wait_class = RunMore::kDelayed;
  }
  /// What a run that has just become blocked waits on.
  void held(Time now, const Place& p, const Run& run, const Blocker& blocker);
  void left_blocked(Time now, const Place& p);

  /// It will wait again: what was kept of its wait moves into its extension.
  void attempt_lost(Time, const auto& p, const auto&) { p.records.extend(p.run); }

  // -- sums
  void wait_recorded(Time, const auto& p) {
    if (p.run.wait.ns > 0) add_parts(p, 1);
  }
  void wait_forgotten(Time, const auto& p) {
    if (p.run.wait.ns > 0) add_parts(p, -1);
  }
  void wait_abandoned(Time, const auto& p) { add_parts(p, 1); }

  void window_began(Time now, Records& records);
  Time due(const Records& records) const;
  void reached(Time now, Records& records);

  /// How the wait of a run was spent, of all its attempts so far.
  WaitAttribution of(const Records& records, RunSlot slot) const;
  /// For figures, the segment of waiting under way is cut off at `end`.
  void cut_off(WaitingRun& run, Time end, const Records& records) const;

  void add(QueueSums& sums, std::size_t queue, const AtEnd& at) const;
  void write(FigureSink& sink, const AtEnd& at, const Subject& subject,
             const QueueSums& sums) const;

 private:
  static void read_clocks(const auto& group, const auto& queue, ClockReading& reading) {
    group.clocks.read(reading);
    reading.own = queue.attribution_line.own_clock + queue.running * group.clocks.normalised();
  }
  static void add_part(const auto& p, WaitPart part, double ns) {
    p.queue.attribution.parts[static_cast<std::size_t>(part)] += ns;
  }
  /// Adds how the wait was spent to (or takes it out of) the sums of its queue and slices.
  void add_parts(const auto& p, double sign) {
    if (p.run.extension != 0 || !p.records.slices.empty()) return add_whole_parts(p, sign);
    // Unrounded, which is as good for sums.
    const ClockReading& spent = p.run.attribution.clock;
    for (std::size_t k = 0; k < kLevels; ++k)
      add_part(p, static_cast<WaitPart>(k), sign * (spent.busy[k] - (k == p.k ? spent.own : 0)));
    add_part(p, WaitPart::own_workspace, sign * spent.own);
    add_part(p, WaitPart::worker_start_up, sign * spent.start_up);
    add_part(p, WaitPart::held_by_policy, sign * static_cast<double>(spent.policy));
  }
  void add_whole_parts(const Place& p, double sign);
  WaitAttribution blocked_parts(Time now, const Records& records, const RunRecord& run) const;
  void end_hold(Time now, RunMore& held, Records& records);

  HoldClocks holds_;
};

}  // namespace sluice
