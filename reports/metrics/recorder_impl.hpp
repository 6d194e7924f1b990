// The recorder's inside: one method per transition, in terms of entering and leaving the states of
// a run. Private.
//
// A run that is dispatched in the instant of its acceptance never waited, and nothing about queues
// needs to be updated for it: the latest acceptance is therefore kept back (`pending_`) until the
// next call tells whether its dispatch follows.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/large_table.hpp"
#include "base/prefetch.hpp"
#include "reports/metrics/hold_clocks.hpp"
#include "reports/metrics/resource_usage.hpp"
#include "reports/metrics/run_records.hpp"
#include "reports/metrics/slice.hpp"
#include "reports/metrics/time_lines.hpp"
#include "reports/recorder.hpp"

namespace sluice {

/// A slowdown is kept like a duration: 1 as 1 ms.
inline constexpr double kSlowdownScale = 1e6;
inline Duration slowdown_as_kept(double slowdown) {
  return {static_cast<std::int64_t>(slowdown * kSlowdownScale)};
}
/// Whether a level of a group belongs to a subject that has no other labels.
inline bool covers(const Subject& subject, GroupId group, std::size_t level) {
  return (!subject.group.valid() || subject.group == group) &&
         (!subject.level || index(*subject.level) == level);
}

class Recorder::Impl {
 public:
  Impl(const RecorderConfig& config, const PipelineConfig& pipeline);

  /// A run that never waits touches the first line of its queue's record.
  void expected(const RunRequest& request) const {
    fetch_ahead(&queues_[queue_index(request.workspace, request.level)]);
    fair_.prefetch(request.workspace);
    for (std::size_t i = 0; i < request.need_count; ++i)
      if (!request.needs[i].is_pool())
        fetch_ahead(&credentials_[request.needs[i].credential().index()]);
  }

  /// All of the records that a run touches that has waited.
  void waking(const Run& run) const {
    if (run.slot.index() >= runs_.size()) return;
    const RunRecord& record = runs_[run.slot.index()];
    const QueueRecord& queue = queues_[queue_index(run.request.workspace, run.request.level)];
    fetch_ahead(&record);
    fetch_ahead(&record.clock);
    fetch_ahead(&queue);
    fetch_ahead(&queue.candidate_ns);
    fair_.prefetch(run.request.workspace);
  }

  void ending(const Run& run) const {
    const RunRequest& request = run.request;
    if (run.slot.index() >= runs_.size()) return;
    fetch_ahead(&runs_[run.slot.index()]);
    fetch_ahead(&queues_[queue_index(request.workspace, request.level)]);
    fair_.prefetch(request.workspace);
    for (std::size_t i = 0; i < request.need_count; ++i)
      fetch_ahead(&credentials_[run.held[i].index()]);
  }

  // -- transitions
  void submitted(Time now, const RunRequest& request);
  void answered(Time now, const RunRequest& request, const Answer& answer);
  void gave_up(Time now, const RunRequest& request);
  void arrived(Time now, const Run& run);
  void accepted(Time now, const Run& run);
  void parked(Time now, const Run& run, const Blocker& blocker);
  void woken(Time now, const Run& run);
  void holding(Time now, const Run& run, const Blocker& blocker);
  void dispatched(Time now, const Run& run);
  void login_ended(Time now, CredentialId credential, bool succeeded);
  void requeued(Time now, const Run& run, RequeueCause cause);
  void rejoined(Time now, const Run& run);
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason);
  void webhook(Time now, std::uint32_t attempts, bool delivered, Duration latency);
  void workers_changed(Time now, GroupId group, const WorkerCounts& counts);
  void credential_changed(Time now, CredentialId credential, const CredentialStatus& status);
  void group_paused(Time now, GroupId group, bool paused);
  void workflow_paused(Time now, WorkflowId workflow, bool paused);
  void pool_defined(std::uint32_t pool_use, std::uint32_t pool,
                    std::span<const CredentialId> members);

  WaitAttribution attribution(RunSlot slot) const;
  /// As attribution(), with the segment of waiting under way cut off at `now`.
  WaitAttribution attribution_until(RunSlot slot, Time now) const;
  ReplicationResult finish(Time end);

 private:
  friend class FigureWriter;

  // -- time
  void at(Time now) {
    if (pending_.valid()) flush_pending();
    if (now >= due_) catch_up(now);
  }
  void flush_pending();
  void catch_up(Time now);
  void start_window(Time now);
  void end_fair_window(Time now);
  void fold_credentials(Time now);
  void find_due();
  std::vector<double> totals(Time now) const;
  double present_ns(const Subject& subject, Time now) const;

  /// Everything that belongs to one run.
  struct Place {
    RunSlot slot;
    RunRecord& run;
    QueueRecord& queue;
    GroupRecord& group;
    LevelRecord& level;
    std::size_t k;  ///< number of the level
    Duration threshold;
  };
  Place place(RunSlot slot) {
    RunRecord& run = runs_[slot.index()];
    GroupRecord& group = groups_[run.group];
    const std::size_t k = run.level();
    return {
        slot, run, queues_[run.queue], group, group.levels[k], k, config_.starvation_threshold[k]};
  }

  // -- waiting
  void enter(Time now, const Run& run, QueueRecord& queue);
  void join_queue(Time now, const Place& p);
  void leave_queue(Time now, const Place& p, bool is_dispatch);
  void enter_candidates(Time now, const Place& p);
  /// Ends the segment of waiting as a candidate.
  void leave_candidates(Time now, const Place& p, bool is_dispatch);
  void split_segment(Time now, const Place& p, bool is_dispatch);
  void enter_blocked(Time now, const Place& p, Phase phase);
  void leave_blocked(Time now, const Place& p);
  WaitAttribution blocked_parts(Time now, const RunRecord& run) const;
  /// What a run that has just become blocked waits on.
  void hold(Time now, const Run& run, const Blocker& blocker);
  void hold_runs(Time now, HoldPoint point, std::uint32_t runs);
  void let_go(Time now, HoldPoint point, std::uint32_t runs);
  static void held_by_pool(RunExtension& held, std::uint32_t pool_use, std::uint32_t times,
                           Duration lasted);
  void end_hold(Time now, RunExtension& held);
  void credit_member(RunRecord& run, std::uint32_t pool_use, CredentialId member);
  void dispatch_episodes(Time now, const Place& p);
  void note_affected(const Place& p);
  void toggle_beside_lower(Time now, GroupRecord& group);

  // -- before acceptance
  void end_submitting(const RunRequest& request, bool refused);
  template <class Do>
  void for_submitting(const RunRequest& request, Do action) {
    if (submitting_.empty()) submitting_.resize(queues_.size());
    action(submitting_[queue_index(request.workspace, request.level)]);
    if (request.submitter.valid()) action(submitter(request.submitter).submitting);
    for_slices(request, [&](Slice& slice) { action(slice.submitting); });
  }

  // -- running
  void take_worker(Time now, const Place& p) {
    p.group.clocks.take(now, p.run.priority());
    if (p.group.clocks.busy(p.run.priority()) == 1) toggle_beside_lower(now, p.group);
    ++p.queue.running;
    p.queue.own_clock -= p.group.clocks.normalised();
    p.group.fairness.take_worker(now, fair_, p.run.workspace());
  }
  void give_back_worker(Time now, const Place& p) {
    p.group.clocks.give_back(now, p.run.priority());
    if (p.group.clocks.busy(p.run.priority()) == 0) toggle_beside_lower(now, p.group);
    --p.queue.running;
    p.queue.own_clock += p.group.clocks.normalised();
    p.group.fairness.give_back(now, fair_, p.run.workspace());
  }
  void take_credentials(Time now, const Run& run);
  void give_back_credentials(Time now, const Run& run);
  void demand_credentials(const Run& run);
  void record_wait(const Place& p) {
    p.run.recorded = true;
    if (p.run.wait.ns == 0 && slices_.empty()) {
      ++p.queue.zero_waits;
      p.level.wait_batches.add(0);
    } else {
      record_longer_wait(p);
    }
  }
  void record_longer_wait(const Place& p);
  void defer_bucket(std::uint32_t queue, Duration wait, bool down);
  void bump_deferred();
  void forget_wait(const Place& p);
  void add_parts(const Place& p, double sign);
  void end_waiting(Time now, const Place& p);
  void record_abandoned(const Place& p);
  [[gnu::cold]] void ended_for(EndReason reason, const Place& p, RunSlot slot);
  void record_end(Time now, const Place& p, const Run& ended, Outcome outcome);
  void record_slowdown(const Place& p, Duration served);

  // -- tables
  RunRecord& record(RunSlot slot) {
    if (slot.index() >= runs_.size()) [[unlikely]]
      grow(slot);
    return runs_[slot.index()];
  }
  void grow(RunSlot slot);
  RunExtension& extension(RunRecord& run);
  void drop_extension(RunRecord& run);
  void read_clocks(const RunRecord& run, ClockReading& reading) const;
  void match_slices(RunSlot slot, const Run& run);
  template <class Visit>
  void for_slices(RunSlot slot, Visit visit) {
    if (slices_.empty()) return;
    const std::uint64_t* mask = &slice_masks_[slot.index() * mask_words_];
    for (std::size_t i = 0; i < slices_.size(); ++i)
      if (mask[i / 64] >> (i % 64) & 1) visit(slices_[i]);
  }
  template <class Visit>
  void for_slices(const RunRequest& request, Visit visit) {
    if (slices_.empty()) return;
    const GroupId group = workspace_groups_[request.workspace.index()];
    for (Slice& slice : slices_)
      if (slice.matches(group, request)) visit(slice);
  }
  SubmitterRecord& submitter(SubmitterId id) {
    if (id.index() >= submitters_.size()) [[unlikely]]
      submitters_.resize(id.index() + 1);
    return submitters_[id.index()];
  }
  std::size_t slice_of(const Subject& subject);
  void keep_all_values();
  void keep_near(const QuantileWatch& watch);
  void keep_waits_near(const Subject& subject, std::size_t bucket);

  RecorderConfig config_;
  std::array<Duration, kLevels> slo_{};  ///< Duration::max(): no target
  std::size_t workflows_;
  std::vector<GroupId> workspace_groups_;

  CounterPool pool_;
  LargeTable<RunRecord> runs_;
  std::vector<RunExtension> extensions_ = std::vector<RunExtension>(1);
  std::vector<std::uint32_t> free_extensions_;
  LargeTable<QueueRecord> queues_;
  std::vector<TooLong> too_long_;  ///< by queue; empty until there is one
  bool may_time_out_ = false;      ///< a workflow has a timeout
  bool may_expire_ = false;        ///< a workflow has an expiry
  struct Deferred {
    std::uint32_t queue;
    std::uint32_t bucket;  ///< × 2, + 1 to take one out
  };
  std::array<Deferred, 256> deferred_;
  std::size_t deferred_count_ = 0;
  std::vector<GroupRecord> groups_;
  FairTable fair_;
  LargeTable<CredentialUse> credentials_;
  LargeTable<std::array<CredentialId, kMaxNeeds>> held_;  ///< by slot, of runs that need any
  std::vector<CredentialRecord> credential_records_;
  PoolUses pools_;
  HoldClocks holds_{credential_records_, pools_};
  ApiRecord api_;
  WebhookRecord webhooks_;
  std::vector<SubmitterRecord> submitters_;
  std::vector<SubmittingRuns> submitting_;  ///< by queue; empty until one is
  ReachCounts reached_;
  std::uint64_t all_runs_ = 0;  ///< accepted since the start of time
  std::uint64_t all_ended_ = 0;

  /// A bucket whose values are kept for the quantiles of one subject. The metric stands for all
  /// quantiles of its kind.
  struct Refined {
    Metric kind;
    Subject subject;
    std::size_t bucket;
  };
  KeptRoom kept_room_;
  std::vector<Refined> refined_;
  std::vector<Slice> slices_;
  std::size_t mask_words_ = 0;
  std::vector<std::uint64_t> slice_masks_;
  std::vector<SlidingWindow> windows_;
  TimeLineRecorder time_lines_;

  RunSlot pending_;       ///< accepted, not yet in its queue
  bool started_ = false;  ///< the window has begun
  Time from_;             ///< where it did
  Time due_ = Time::zero();
  Duration fair_window_{};
  Time fair_due_ = Time::never();
  Time fold_due_;
};

}  // namespace sluice
