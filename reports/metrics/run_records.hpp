// The recorder's tables: what is kept per run in the system, per queue, per group. Private to the
// recorder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/prefetch.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/instruments/flow.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/metrics/bypass.hpp"
#include "reports/metrics/fair_shares.hpp"
#include "reports/metrics/hold_clocks.hpp"
#include "reports/metrics/inversions.hpp"
#include "reports/metrics/queue_age.hpp"
#include "reports/metrics/starvation.hpp"
#include "reports/metrics/submitting_runs.hpp"
#include "reports/metrics/worker_clocks.hpp"
#include "reports/statistics.hpp"

namespace sluice {

/// Index of (workspace, level).
constexpr std::uint32_t queue_index(WorkspaceId workspace, PriorityLevel level) {
  return static_cast<std::uint32_t>(workspace.value * kLevels + index(level));
}

enum class Phase : std::uint8_t { none, candidate, parked, delayed, holding, running };

/// One run, by slot. A run that never waits touches the first 64 bytes only.
struct alignas(64) RunRecord {
  Time since;  ///< start of the segment under way: candidate, blocked or running
  Time accepted;
  Duration wait{};  ///< finished segments of waiting
  Duration api{};   ///< before acceptance
  std::uint32_t queue = 0;
  std::uint32_t workflow = 0;
  std::uint32_t extension = 0;  ///< 0: none
  std::uint32_t group = 0;
  Phase phase = Phase::none;
  std::uint8_t level_number = 0;
  bool counted = false;   ///< accepted in the window
  bool recorded = false;  ///< its wait is in the histograms
  bool affected = false;  ///< by a starvation episode >= θ of its level
  bool requeued = false;
  JoinPlace place;
  Time joined;           ///< its queue: acceptance or latest requeue
  RunSlot older, newer;  ///< waiting runs of its level and group, by joining
  /// Candidate: at the start of the segment. Running: how much each clock advanced in its only
  /// segment, in which the clocks never stood still.
  ClockReading clock;

  std::size_t level() const { return level_number; }
  WorkspaceId workspace() const { return {queue / static_cast<std::uint32_t>(kLevels)}; }
  PriorityLevel priority() const { return static_cast<PriorityLevel>(level()); }
  bool blocked() const {
    return phase == Phase::parked || phase == Phase::delayed || phase == Phase::holding;
  }
  bool waiting() const { return phase == Phase::candidate || blocked(); }
};
static_assert(sizeof(RunRecord) == 128);

/// What only runs need that were held or requeued.
struct RunExtension {
  WaitAttribution parts;
  Duration served{};   ///< finished attempts
  Duration holding{};  ///< waited inside a worker
  static constexpr std::uint32_t kDelayed = UINT32_MAX;
  std::uint32_t wait_class = kDelayed;  ///< with which it waits in the segment
  HoldReading held_before;              ///< of that class, when the segment began
  PoolHold pool_before;                 ///< likewise
  // Of the pool that held it last, until a member of it serves the run; finished segments:
  std::uint32_t pool_use = PoolHold::kNoPool;
  std::uint32_t pool_holds = 0;
  Duration pool_held{};
};

/// One (workspace, level). A run that never waits touches the first 64 bytes only.
struct alignas(64) QueueRecord {
  Flow<std::uint32_t> flow;
  std::uint32_t candidates = 0;
  std::uint32_t running = 0;     ///< busy workers
  double own_clock = 0;          ///< less running × Z(now): see WorkerClocks::normalised
  std::uint32_t zero_waits = 0;  ///< recorded waits of zero; not in `waits`
  bool affected = false;         ///< one of its runs was, by an episode of the group's level
  Episodes episodes;
  double candidate_ns = 0;  ///< finished segments of waiting
  double blocked_ns = 0;
  WaitRecord waits;
  std::array<double, kWaitParts> parts{};  ///< ns; of recorded waits, not those still waiting
  std::unique_ptr<WaitRecord> abandoned;   ///< waits that ended without a dispatch
  /// An odd number of cache lines: the first ones of many records spread over all of a cache.
  std::array<std::byte, 64> apart{};

  /// Begins to load what recording a wait needs.
  void prefetch_waits() const {
    fetch_ahead(&waits);
    fetch_ahead(&parts.front());
    fetch_ahead(&parts.back());
  }
};
static_assert(sizeof(QueueRecord) / 64 % 2 == 1);

/// One level of one group.
struct LevelRecord {
  CountIntegral candidates;
  CountIntegral blocked;
  CountIntegral waiting_beside_lower;  ///< waiting runs, at times when a worker is busy with a
                                       ///< lower level (S11)
  Episodes episodes;
  QueueAge age;
  RunSlot oldest, newest;
  std::uint32_t most_candidates = 0;
  std::uint32_t most_blocked = 0;
  Time last_starved{-1};  ///< latest instant known to lie in an episode >= θ
  std::uint64_t affected_runs = 0;
  std::uint64_t affected_workspaces = 0;
  bool after_dispatch = false;  ///< the open episode began with a dispatch
  std::uint64_t gaps = 0;       ///< finished episodes that began and ended with a dispatch
  double gap_sum_s = 0;
  double gap_squares_s2 = 0;
  Int128 candidate_ns = 0;  ///< Σ of finished segments (Little's identity)
  std::uint64_t bypass_total = 0;
  std::uint32_t bypass_most = 0;
  std::uint64_t dispatched = 0;
  std::uint64_t slowdown_ones = 0;  ///< finished runs that had not waited: a slowdown of 1
  WaitRecord slowdown;              ///< of the others, as ns × 10^6, so that 1 is 1 ms
  double slowdown_sum = 0;
  BatchMeans wait_batches;
};

/// Runs of one level of a group and one workflow.
struct ServiceRecord {
  std::uint64_t accepted = 0;
  std::uint64_t ended = 0;     ///< that had run at least once
  std::uint64_t attempts = 0;  ///< of those
  double service_ns = 0;       ///< for which they held a worker, over all attempts

  ServiceRecord& operator+=(const ServiceRecord& other) {
    accepted += other.accepted;
    ended += other.ended;
    attempts += other.attempts;
    service_ns += other.service_ns;
    return *this;
  }
};

struct GroupRecord {
  Time instant;  ///< of its last transition
  WorkerClocks clocks;
  std::array<LevelRecord, kLevels> levels;
  CountIntegral holding;
  DispatchLog log;
  JoinOrder joins;
  PassedOver passed_over;
  FairShares fairness;
  enum IdleBeside : std::size_t { kCandidates, kBlocked, kNobody };
  std::array<Int128, 3> idle_beside{};  ///< idle workers × ns, by who waited meanwhile
  Duration loss{};                      ///< ∫ 1[idle worker and candidate] dt
  Int128 present_at_window = 0;         ///< present integral when the fairness window began
  std::uint32_t waiting = 0;
  Time backlog_since{};
  std::uint32_t in_system = 0;
  Time last_accepted{-1};
  std::uint32_t waiting_at_last = 0;  ///< in the system at the last acceptance
  Time emptied{-1};
  std::uint32_t candidate_count = 0;
  bool grew = false;  ///< a level's count may have reached a new maximum in this instant
  std::vector<ServiceRecord> services;  ///< level × workflows + workflow

  PassedOver::Candidates candidates() const {
    return {levels[0].candidates.count(), levels[1].candidates.count(),
            levels[2].candidates.count()};
  }
  bool any_lower_busy(std::size_t level) const {
    return level == 0   ? clocks.busy(PriorityLevel::MEDIUM) + clocks.busy(PriorityLevel::LOW) > 0
           : level == 1 ? clocks.busy(PriorityLevel::LOW) > 0
                        : false;
  }
  /// Closes the instant before `now`: its final state lasted from then to now.
  void advance(Time now) {
    if (now != instant) settle(now);
  }
  void settle(Time now);
  void restart(Time now, CounterPool& pool);
};

/// Answers of the API (T8), deliveries of webhooks (T9).
struct ApiRecord {
  std::uint64_t answers = 0;
  std::uint64_t errors = 0;
  std::uint64_t limited = 0;
  std::array<std::uint64_t, 3> limited_by_window{};  ///< the third: that and later ones
  std::uint64_t retries = 0;
  std::uint64_t gave_up = 0;
  WaitRecord latency;
};
struct WebhookRecord {
  std::uint64_t deliveries = 0;
  std::uint64_t attempts = 0;
  std::uint64_t failed = 0;
  WaitRecord latency;
};
struct SubmitterRecord {
  std::uint64_t submitted = 0;
  std::uint64_t answers = 0;
  std::uint64_t rejected = 0;
  std::uint64_t retries = 0;
  std::uint64_t gave_up = 0;
  SubmittingRuns submitting;

  /// What is open goes on.
  void restart() {
    const SubmittingRuns open = submitting;
    *this = {};
    submitting = open;
  }
};

}  // namespace sluice
