// What is kept per run in the system, per queue, per level and per group: each made of what the
// families of metrics keep in it (their parts) and of what several of them need (kept once, by the
// recorder). By cache line: a run that never waits touches the first line of its own record and of
// its queue's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/large_table.hpp"
#include "base/prefetch.hpp"
#include "pipeline/config.hpp"
#include "pipeline/run.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/instruments/flow.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/instruments/log_histogram.hpp"
#include "reports/instruments/submitting_runs.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/instruments/worker_clocks.hpp"
#include "reports/metrics/api.hpp"
#include "reports/metrics/attribution.hpp"
#include "reports/metrics/bypass.hpp"
#include "reports/metrics/counts.hpp"
#include "reports/metrics/credentials.hpp"
#include "reports/metrics/fairness.hpp"
#include "reports/metrics/inversions.hpp"
#include "reports/metrics/occupancy.hpp"
#include "reports/metrics/queue_age.hpp"
#include "reports/metrics/queue_length.hpp"
#include "reports/metrics/slices.hpp"
#include "reports/metrics/slowdown.hpp"
#include "reports/metrics/stability.hpp"
#include "reports/metrics/starvation.hpp"
#include "reports/metrics/waits.hpp"
#include "reports/metrics/workers.hpp"
#include "reports/recorder.hpp"

namespace sluice {

/// Index of (workspace, level).
constexpr std::uint32_t queue_index(WorkspaceId workspace, PriorityLevel level) {
  return static_cast<std::uint32_t>(workspace.value * kLevels + index(level));
}

enum class Phase : std::uint8_t { none, candidate, parked, delayed, holding, running };

/// One run, by slot.
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
  bool counted = false;  ///< accepted in the window
  bool requeued = false;
  Waits::RunPart waits;
  Starvation::RunPart starvation;
  Bypass::RunPart bypass;
  // The second line: runs that wait.
  QueueAge::RunPart age;
  Attribution::RunPart attribution;

  std::size_t level() const { return level_number; }
  WorkspaceId workspace() const { return {queue / static_cast<std::uint32_t>(kLevels)}; }
  PriorityLevel priority() const { return static_cast<PriorityLevel>(level()); }
  bool blocked() const {
    return phase == Phase::parked || phase == Phase::delayed || phase == Phase::holding;
  }
  bool waiting() const { return phase == Phase::candidate || blocked(); }
};
static_assert(sizeof(RunRecord) == 128);
static_assert(offsetof(RunRecord, age) == 64, "what waits begins the second line");

/// What only runs need that were held or requeued.
struct RunExtension {
  Attribution::RunMore attribution;
  Stability::RunMore work;
};

/// One (workspace, level).
struct alignas(64) QueueRecord {
  Flow<std::uint32_t> flow;
  std::uint32_t candidates = 0;
  std::uint32_t running = 0;  ///< busy workers
  Attribution::QueueLine attribution_line;
  Waits::QueueLine waits_line;
  Starvation::QueueLine starvation_line;
  // The second line and those behind it: runs that wait.
  Starvation::QueuePart starvation;
  QueueLength::QueuePart length;
  Waits::QueuePart waits;
  Attribution::QueuePart attribution;
  Waits::QueueRest waits_rest;
  /// An odd number of cache lines: the first ones of many records spread over all of a cache.
  std::array<std::byte, 64> apart{};
};
static_assert(sizeof(QueueRecord) / 64 % 2 == 1);
static_assert(offsetof(QueueRecord, starvation) == 64, "what waits begins the second line");

/// One level of one group.
struct LevelRecord {
  CountIntegral candidates;
  CountIntegral blocked;
  std::uint64_t dispatched = 0;
  bool ran = false;  ///< a worker of it was given back, after some time in the window
  Starvation::LevelPart starvation;
  QueueAge::LevelPart age;
  QueueLength::LevelPart length;
  Occupancy::LevelPart occupancy;
  Bypass::LevelPart bypass;
  Slowdown::LevelPart slowdown;

  std::uint32_t waiting() const { return candidates.count() + blocked.count(); }
};

struct GroupRecord {
  Time instant;  ///< of its last transition
  std::uint32_t candidate_count = 0;
  std::uint32_t waiting = 0;
  Time backlog_since{};
  std::uint32_t in_system = 0;
  std::array<LevelRecord, kLevels> levels;
  WorkerClocks clocks;  ///< kept by the family `attribution`, read by several
  Starvation::GroupPart starvation;
  Bypass::GroupPart bypass;
  Inversions::GroupPart inversions;
  Fairness::GroupPart fairness;
  Workers::GroupPart workers;
  Stability::GroupPart stability;
  QueueLength::GroupPart length;

  PassedOver::Candidates candidates() const {
    return {levels[0].candidates.count(), levels[1].candidates.count(),
            levels[2].candidates.count()};
  }
};

/// One submitter.
struct SubmitterRecord {
  Counts::SubmitterPart counts;
  ApiAnswers::SubmitterPart api;
};

/// All of them, and what is known of the recording as a whole. A family makes the tables that only
/// it needs.
struct Records {
  Records(const RecorderConfig& recorder, const PipelineConfig& pipeline);
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;

  RunRecord& run(RunSlot slot) {
    if (slot.index() >= runs.size()) [[unlikely]]
      grow(slot);
    return runs[slot.index()];
  }
  QueueRecord& queue_of(const RunRequest& request) {
    return queues[queue_index(request.workspace, request.level)];
  }
  SubmitterRecord& submitter(SubmitterId id) {
    if (id.index() >= submitters.size()) [[unlikely]]
      submitters.resize(id.index() + 1);
    return submitters[id.index()];
  }
  GroupId group_of(const RunRequest& request) const {
    return workspace_groups[request.workspace.index()];
  }
  /// Of a run that has none yet, an empty one. What was kept of its wait in `clock` moves there.
  RunExtension& extend(RunRecord& run);
  void drop_extension(RunRecord& run);
  /// Finished attempts of a run.
  Duration served_before(const RunRecord& run) const {
    return run.requeued ? extensions[run.extension].work.served : Duration{};
  }
  /// When the run was last a candidate for some time and then not dispatched; before all times: it
  /// never was.
  Time left_candidates_at(RunSlot slot) const {
    return runs[slot.index()].starvation.left ? left_candidates_[slot.index()] : Time{-1};
  }
  void note_left_candidates(RunSlot slot, Time now) {
    if (slot.index() >= left_candidates_.size()) left_candidates_.resize(runs.size());
    left_candidates_[slot.index()] = now;
    runs[slot.index()].starvation.left = true;
  }
  std::uint64_t& reached_of(ReachKind kind) {
    return reached.by_kind[static_cast<std::size_t>(kind)];
  }
  /// Lets the exact values near a limit be told apart, for the quantiles of this kind and subject.
  /// The metric stands for all quantiles of its kind.
  void refine(WaitSummary& summary, Metric kind, const Subject& subject) const;
  /// The window begins: what is kept in common.
  void restart(Time now);
  /// Worker × time that was present in the subject's group, or in all of them, in ns.
  double present_ns(const Subject& subject, Time now) const;

  RecorderConfig config;
  std::array<Duration, kLevels> slo{};  ///< Duration::max(): no target
  std::size_t workflows;
  std::vector<GroupId> workspace_groups;

  CounterPool pool;
  KeptRoom kept_room;
  LargeTable<RunRecord> runs;
  std::vector<RunExtension> extensions = std::vector<RunExtension>(1);
  std::vector<std::uint32_t> free_extensions;
  LargeTable<QueueRecord> queues;
  std::vector<GroupRecord> groups;
  SliceTable slices;
  FairTable fair;
  CredentialTable credentials;
  std::vector<TooLong> too_long;           ///< by queue; empty until there is one
  std::vector<SubmittingRuns> submitting;  ///< by queue; empty until one is
  std::vector<SubmitterRecord> submitters;
  ReachCounts reached;
  std::uint64_t all_runs = 0;  ///< accepted since the start of time
  std::uint64_t all_ended = 0;
  bool any_refused = false;  ///< a request, since the start of time
  bool started = false;      ///< the window has begun
  Time from;                 ///< where it did

 private:
  /// A bucket whose values are kept for the quantiles of one subject.
  struct Refined {
    Metric kind;
    Subject subject;
    std::size_t bucket;
  };
  void grow(RunSlot slot);

  std::vector<Refined> refined_;
  std::vector<Time> left_candidates_;  ///< by slot; empty until a run did
};

/// Everything that belongs to one run.
struct Place {
  RunSlot slot;
  RunRecord& run;
  QueueRecord& queue;
  GroupRecord& group;
  LevelRecord& level;
  Records& records;
  std::size_t k;       ///< number of the level
  Duration threshold;  ///< θ of it
};

/// A quantile that is held against a limit: for which kind of quantiles, and in which bucket the
/// limit lies.
struct WatchedBucket {
  Metric kind{};
  std::size_t bucket = 0;
};
/// None: the limit is zero, and zeros are counted apart.
std::optional<WatchedBucket> watched_bucket(const QuantileWatch& watch);

/// Whether a level of a group belongs to a subject that has no other labels.
inline bool covers(const Subject& subject, GroupId group, std::size_t level) {
  return (!subject.group.valid() || subject.group == group) &&
         (!subject.level || index(*subject.level) == level);
}

}  // namespace sluice
