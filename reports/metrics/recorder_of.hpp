// The recorder of a list of families of metrics: it turns the pipeline's transitions into changes
// of a run's state, once, keeps what several families need, and tells the families.
//
// Their order in the list is a contract: `attribution`, which keeps the clocks of the workers,
// comes before those that read them, `slices` after what its windows read.
//
// A run that is dispatched in the instant of its acceptance never waited, and nothing about queues
// needs to be updated for it: the latest acceptance is therefore kept back (`pending_`) until the
// next call tells whether its dispatch follows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/prefetch.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"
#include "reports/metrics/at_end.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/heard_by.hpp"
#include "reports/metrics/hears.hpp"
#include "reports/metrics/run_records.hpp"
#include "reports/recorder.hpp"

namespace sluice {

/// Whether a family that says metrics has a `write` that will be called.
template <class F>
constexpr bool speaks_up() {
  constexpr bool by_itself = requires(const F& f, FigureSink& sink, const AtEnd& at) {
    f.write(sink, at);
  };
  constexpr bool of_sums = requires(const F& f, FigureSink& sink, const AtEnd& at,
                                    const Subject& subject, const QueueSums& sums) {
    f.write(sink, at, subject, sums);
  };
  return F::kSays.empty() || by_itself || of_sums;
}

template <class F>
constexpr bool needs_worker_clocks() {
  if constexpr (requires { F::kNeedsWorkerClocks; }) return F::kNeedsWorkerClocks;
  return false;
}

/// Whether all families that need the clocks of the workers stand behind the one that keeps them.
template <class... Families>
constexpr bool clocks_are_kept_first() {
  bool kept = false;
  bool first = true;
  ((kept |= std::is_same_v<Families, Attribution>,
    first &= kept || !needs_worker_clocks<Families>()),
   ...);
  return first;
}

template <class... Families>
class RecorderOf final : public Recorder {
  static_assert(((Families::kHears == heard_by<Families>()) && ...),
                "a hook is misspelt, or not declared in kHears");
  static_assert((speaks_up<Families>() && ...), "a family says metrics, and no `write` of it fits");
  static_assert(clocks_are_kept_first<Families...>(),
                "a family reads the clocks of the workers before `attribution` keeps them");

 public:
  RecorderOf(const RecorderConfig& config, const PipelineConfig& pipeline)
      : records_(config, pipeline), families_{Families(records_, pipeline)...} {}

  ReplicationResult finish(Time end) override;
  WaitAttribution attribution(RunSlot slot) const override {
    WaitAttribution result;
    tell([&](const auto& f) {
      if constexpr (requires { f.of(records_, slot); }) result = f.of(records_, slot);
    });
    return result;
  }

  // -- hints: what will be touched soon. A run that never waits touches the first line of its
  // queue's record.
  void expected(const RunRequest& request) override {
    fetch_ahead(&records_.queue_of(request));
    tell([&](const auto& f) {
      if constexpr (requires { f.expected(request, records_); }) f.expected(request, records_);
    });
  }
  void waking(const Run& run) override {
    if (run.slot.index() >= records_.runs.size()) return;
    const RunRecord& record = records_.runs[run.slot.index()];
    const QueueRecord& queue = records_.queue_of(run.request);
    fetch_ahead(&record);
    fetch_ahead(&record.age);
    fetch_ahead(&queue);
    fetch_ahead(&queue.length);
    tell([&](const auto& f) {
      if constexpr (requires { f.waking(run, records_); }) f.waking(run, records_);
    });
  }
  void ending(const Run& run) override {
    if (run.slot.index() >= records_.runs.size()) return;
    fetch_ahead(&records_.runs[run.slot.index()]);
    fetch_ahead(&records_.queue_of(run.request));
    tell([&](const auto& f) {
      if constexpr (requires { f.ending(run, records_); }) f.ending(run, records_);
    });
  }

  // -- transitions
  void submitted(Time now, const RunRequest& request) override {
    advance_to(now);
    tell([&](auto& f) {
      if constexpr (requires { f.submitted(now, request, records_); })
        f.submitted(now, request, records_);
    });
  }
  void answered(Time now, const RunRequest& request, const Answer& answer) override {
    advance_to(now);
    tell([&](auto& f) {
      if constexpr (requires { f.answered(now, request, answer, records_); })
        f.answered(now, request, answer, records_);
    });
  }
  void gave_up(Time now, const RunRequest& request) override {
    advance_to(now);
    tell([&](auto& f) {
      if constexpr (requires { f.gave_up(now, request, records_); })
        f.gave_up(now, request, records_);
    });
  }
  void arrived(Time now, const Run& run, const Answer&) override {
    advance_to(now);
    QueueRecord& queue = records_.queue_of(run.request);
    tell([&](auto& f) {
      if constexpr (requires { f.arrived(run.request, queue, records_); })
        f.arrived(run.request, queue, records_);
    });
    enter(now, run, queue);
  }
  void accepted(Time now, const Run& run) override {
    advance_to(now);
    tell([&](auto& f) {
      if constexpr (requires { f.admitted(now, run.request, records_); })
        f.admitted(now, run.request, records_);
    });
    enter(now, run, records_.queue_of(run.request));
  }
  void parked(Time now, const Run& run, const Blocker& blocker) override;
  void woken(Time now, const Run& run) override {
    advance_to(now);
    const Place p = place(run.slot);
    advance(now, p.group);
    leave_blocked(now, p);
    enter_candidates(now, p);
  }
  void holding(Time now, const Run& run, const Blocker& blocker) override;
  void dispatched(Time now, const Run& run) override;
  void login_ended(Time now, const Run&, CredentialId credential, bool succeeded) override {
    advance_to(now);
    tell([&](auto& f) {
      if constexpr (requires { f.login_ended(now, credential, succeeded, records_); })
        f.login_ended(now, credential, succeeded, records_);
    });
  }
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override;
  void rejoined(Time now, const Run& run) override { woken(now, run); }
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;
  void webhook(Time now, const Run&, std::uint32_t attempts, bool delivered,
               Duration latency) override {
    advance_to(now);
    tell([&](auto& f) {
      if constexpr (requires { f.webhook(now, attempts, delivered, latency, records_); })
        f.webhook(now, attempts, delivered, latency, records_);
    });
  }

  // -- resources
  void workers_changed(Time now, GroupId id, const WorkerCounts& counts) override {
    advance_to(now);
    GroupRecord& group = records_.groups[id.index()];
    advance(now, group);
    tell([&](auto& f) {
      if constexpr (requires { f.workers_changed(now, group, counts); })
        f.workers_changed(now, group, counts);
    });
  }
  void credential_changed(Time now, CredentialId credential,
                          const CredentialStatus& status) override {
    advance_to(now);
    tell([&](auto& f) {
      if constexpr (requires { f.credential_changed(now, credential, status, records_); })
        f.credential_changed(now, credential, status, records_);
    });
  }
  void group_paused(Time now, GroupId id, bool paused) override {
    advance_to(now);
    GroupRecord& group = records_.groups[id.index()];
    advance(now, group);
    tell([&](auto& f) {
      if constexpr (requires { f.group_paused(now, group, paused); })
        f.group_paused(now, group, paused);
    });
  }
  void workflow_paused(Time now, WorkflowId workflow, bool paused) override {
    advance_to(now);
    tell([&](auto& f) {
      if constexpr (requires { f.workflow_paused(now, workflow, paused); })
        f.workflow_paused(now, workflow, paused);
    });
  }
  void pool_defined(std::uint32_t pool_use, std::uint32_t pool, const CredentialId* first,
                    std::size_t count) override {
    const std::span<const CredentialId> members(first, count);
    tell([&](auto& f) {
      if constexpr (requires { f.pool_defined(pool_use, pool, members, records_); })
        f.pool_defined(pool_use, pool, members, records_);
    });
  }

 private:
  template <class Tell>
  void tell(Tell tell) {
    (tell(std::get<Families>(families_)), ...);
  }
  template <class Tell>
  void tell(Tell tell) const {
    (tell(std::get<Families>(families_)), ...);
  }

  // -- time
  void advance_to(Time now) {
    if (pending_.valid()) flush_pending();
    if (now >= due_) catch_up(now);
  }
  /// Closes the group's instant before `now`: its final state lasted from then to now.
  void advance(Time now, GroupRecord& group) {
    if (now != group.instant) end_instant(now, group);
  }
  void end_instant(Time now, GroupRecord& group) {
    SLUICE_CHECK(group.candidate_count <= group.waiting, "candidates wait", now, kNoRun);
    const Duration lasted = now - group.instant;
    SLUICE_CHECK(lasted.ns >= 0, "time does not go back", now, kNoRun);
    group.instant = now;
    tell([&](auto& f) {
      if constexpr (requires { f.instant_over(now, lasted, group); })
        f.instant_over(now, lasted, group);
    });
  }
  void flush_pending() {
    const Place p = place(pending_);
    SLUICE_CHECK(p.run.phase == Phase::none, "who was kept back is in no queue", p.run.accepted,
                 kNoRun);
    pending_ = RunSlot::none();
    advance(p.run.accepted, p.group);
    join_queue(p.run.accepted, p);
    enter_candidates(p.run.accepted, p);
  }
  void find_due();
  void catch_up(Time now);
  void start_window(Time now);

  // -- changes of a run's state
  Place place(RunSlot slot) {
    RunRecord& run = records_.runs[slot.index()];
    GroupRecord& group = records_.groups[run.group];
    const std::size_t k = run.level();
    return {slot,
            run,
            records_.queues[run.queue],
            group,
            group.levels[k],
            records_,
            k,
            records_.config.starvation_threshold[k]};
  }
  void enter(Time now, const Run& run, QueueRecord& queue);
  void join_queue(Time now, const Place& p) {
    tell([&](auto& f) {
      if constexpr (requires { f.joined(now, p); }) f.joined(now, p);
    });
    if (p.group.waiting++ == 0) p.group.backlog_since = now;
  }
  void leave_queue(Time now, const Place& p, Leaving how) {
    SLUICE_CHECK(p.group.waiting > 0, "who leaves a queue was in it", now, kNoRun);
    tell([&](auto& f) {
      if constexpr (requires { f.left_queue(now, p, how); }) f.left_queue(now, p, how);
    });
    if (--p.group.waiting == 0 && now > p.group.backlog_since)
      ++records_.reached_of(ReachKind::queue_emptied);
  }
  void enter_candidates(Time now, const Place& p) {
    p.run.phase = Phase::candidate;
    p.run.since = now;
    p.level.candidates.add(now);
    ++p.group.candidate_count;
    ++p.queue.candidates;
    tell([&](auto& f) {
      if constexpr (requires { f.became_candidate(now, p); }) f.became_candidate(now, p);
    });
  }
  void leave_candidates(Time now, const Place& p, Leaving how) {
    SLUICE_CHECK(p.run.phase == Phase::candidate && p.queue.candidates > 0, "it is a candidate",
                 now, kNoRun);
    p.level.candidates.remove(now);
    --p.group.candidate_count;
    --p.queue.candidates;
    p.run.wait += now - p.run.since;
    tell([&](auto& f) {
      if constexpr (requires { f.left_candidates(now, p, how); }) f.left_candidates(now, p, how);
    });
  }
  void enter_blocked(Time now, const Place& p, Phase phase) {
    p.run.phase = phase;
    p.run.since = now;
    p.level.blocked.add(now);
    tell([&](auto& f) {
      if constexpr (requires { f.became_blocked(now, p); }) f.became_blocked(now, p);
    });
  }
  void hold(Time now, const Place& p, const Run& run, const Blocker& blocker) {
    tell([&](auto& f) {
      if constexpr (requires { f.held(now, p, run, blocker); }) f.held(now, p, run, blocker);
    });
  }
  void leave_blocked(Time now, const Place& p) {
    SLUICE_CHECK(p.run.blocked(), "it is blocked", now, kNoRun);
    p.level.blocked.remove(now);
    p.run.wait += now - p.run.since;
    tell([&](auto& f) {
      if constexpr (requires { f.left_blocked(now, p); }) f.left_blocked(now, p);
    });
  }
  void take_worker(Time now, const Place& p) {
    ++p.queue.running;
    tell([&](auto& f) {
      if constexpr (requires { f.took_worker(now, p); }) f.took_worker(now, p);
    });
  }
  void give_back_worker(Time now, const Place& p) {
    SLUICE_CHECK(p.queue.running > 0, "it has a worker", now, kNoRun);
    --p.queue.running;
    // A run of the window was dispatched in it, which says as much.
    if (!p.run.counted) p.level.ran |= now > records_.from;
    tell([&](auto& f) {
      if constexpr (requires { f.gave_back_worker(now, p); }) f.gave_back_worker(now, p);
    });
  }
  void end_holding(Time now, const Place& p, Leaving how) {
    tell([&](auto& f) {
      if constexpr (requires { f.holding_ended(now, p, how); }) f.holding_ended(now, p, how);
    });
  }
  void end_waiting(Time now, const Place& p);
  void about_to_record(const Place& p) {
    tell([&](const auto& f) {
      if constexpr (requires { f.about_to_record(p); }) f.about_to_record(p);
    });
  }

  // -- figures
  void add_queue(QueueSums& sums, std::size_t queue, const AtEnd& at) const {
    tell([&](const auto& f) {
      if constexpr (requires { f.add(sums, queue, at); }) f.add(sums, queue, at);
    });
  }
  void write(FigureSink& sink, const AtEnd& at, const Subject& subject,
             const QueueSums& sums) const {
    tell([&]<class F>(const F& f) {
      if constexpr (requires { f.write(sink, at, subject, sums); }) {
        sink.speaks(F::kSays);
        f.write(sink, at, subject, sums);
      }
    });
  }
  void write_slices(FigureSink& sink, const AtEnd& at) const;
  void write_queues(FigureSink& sink, const AtEnd& at) const;
  void write_levels_of_groups(FigureSink& sink, const AtEnd& at,
                              std::vector<QueueSums>& levels) const;

  Records records_;
  std::tuple<Families...> families_;
  RunSlot pending_;  ///< accepted, not yet in its queue
  Time due_ = Time::zero();
};

// ---- time

template <class... Families>
void RecorderOf<Families...>::find_due() {
  due_ = records_.started ? Time::never() : records_.config.from;
  tell([&](const auto& f) {
    if constexpr (requires { f.due(records_); }) due_ = std::min(due_, f.due(records_));
  });
}

template <class... Families>
void RecorderOf<Families...>::catch_up(Time now) {
  for (find_due(); due_ <= now; find_due()) {
    const Time t = due_;
    tell([&](auto& f) {
      if constexpr (requires { f.due(records_); })
        if (f.due(records_) == t) f.reached(t, records_);
    });
    if (!records_.started && t >= records_.config.from) start_window(t);
  }
}

template <class... Families>
void RecorderOf<Families...>::start_window(Time now) {
  for (GroupRecord& group : records_.groups) advance(now, group);
  records_.restart(now);
  tell([&](auto& f) {
    if constexpr (requires { f.window_began(now, records_); }) f.window_began(now, records_);
  });
}

// ---- the life of a run

template <class... Families>
void RecorderOf<Families...>::enter(Time now, const Run& run, QueueRecord& queue) {
  RunRecord& r = records_.run(run.slot);
  SLUICE_CHECK(r.phase == Phase::none, "the slot is free", now, run.id);
  if (r.extension != 0) records_.drop_extension(r);
  r.since = r.accepted = now;
  r.wait = {};
  r.api = now - run.request.submitted;
  r.queue = queue_index(run.request.workspace, run.request.level);
  r.level_number = static_cast<std::uint8_t>(run.request.level);
  r.group = records_.group_of(run.request).value;
  r.workflow = run.request.workflow.value;
  r.counted = records_.started;
  r.requeued = false;
  r.waits = {};
  r.starvation = {};
  ++records_.all_runs;
  GroupRecord& group = records_.groups[r.group];
  ++group.in_system;
  const std::size_t k = r.level();
  const Place p{run.slot,        r,        queue, group,
                group.levels[k], records_, k,     records_.config.starvation_threshold[k]};
  tell([&](auto& f) {
    if constexpr (requires { f.entered(now, p, run); }) f.entered(now, p, run);
  });
  pending_ = run.slot;
}

template <class... Families>
void RecorderOf<Families...>::dispatched(Time now, const Run& run) {
  const bool never_waited = pending_ == run.slot && records_.runs[run.slot.index()].accepted == now;
  if (never_waited) pending_ = RunSlot::none();
  advance_to(now);
  const Place p = place(run.slot);
  advance(now, p.group);
  if (never_waited) {
    SLUICE_CHECK(p.run.phase == Phase::none, "who never waited is in no queue", now, run.id);
    tell([&](auto& f) {
      if constexpr (requires { f.passed(now, p); }) f.passed(now, p);
    });
    take_worker(now, p);
  } else if (p.run.phase == Phase::holding) {
    about_to_record(p);
    leave_blocked(now, p);
    end_holding(now, p, Leaving::by_dispatch);
    leave_queue(now, p, Leaving::by_dispatch);
  } else {
    about_to_record(p);
    leave_candidates(now, p, Leaving::by_dispatch);
    leave_queue(now, p, Leaving::by_dispatch);
    take_worker(now, p);
  }
  p.run.phase = Phase::running;
  p.run.since = now;
  ++p.level.dispatched;
  tell([&](auto& f) {
    if constexpr (requires { f.dispatched(now, p, run); }) f.dispatched(now, p, run);
  });
  if (!p.run.counted) return;
  tell([&](auto& f) {
    if constexpr (requires { f.wait_recorded(now, p); }) f.wait_recorded(now, p);
  });
}

template <class... Families>
void RecorderOf<Families...>::parked(Time now, const Run& run, const Blocker& blocker) {
  advance_to(now);
  const Place p = place(run.slot);
  advance(now, p.group);
  const bool on_credential = blocker.need.value != UINT32_MAX;
  records_.reached_of(ReachKind::parked_on_credential) += on_credential;
  const Phase phase = p.run.phase == Phase::holding ? Phase::holding : Phase::parked;
  if (p.run.phase == Phase::candidate)
    leave_candidates(now, p, Leaving::otherwise);
  else
    leave_blocked(now, p);
  enter_blocked(now, p, phase);
  hold(now, p, run, blocker);
}

template <class... Families>
void RecorderOf<Families...>::holding(Time now, const Run& run, const Blocker& blocker) {
  advance_to(now);
  const Place p = place(run.slot);
  advance(now, p.group);
  ++records_.reached_of(ReachKind::parked_on_credential);
  const bool was_candidate = p.run.phase == Phase::candidate;
  if (was_candidate)
    leave_candidates(now, p, Leaving::otherwise);
  else
    leave_blocked(now, p);
  enter_blocked(now, p, Phase::holding);
  hold(now, p, run, blocker);
  if (!was_candidate) return;
  take_worker(now, p);  // last: who waits beside lower levels is counted when a worker is taken
  tell([&](auto& f) {
    if constexpr (requires { f.holding_began(now, p); }) f.holding_began(now, p);
  });
}

template <class... Families>
void RecorderOf<Families...>::requeued(Time now, const Run& run, RequeueCause cause, Duration) {
  advance_to(now);
  const Place p = place(run.slot);
  advance(now, p.group);
  tell([&](auto& f) {
    if constexpr (requires { f.requeued(now, p, run, cause); }) f.requeued(now, p, run, cause);
  });
  if (p.run.phase == Phase::holding) {
    leave_blocked(now, p);
    end_holding(now, p, Leaving::otherwise);
    leave_queue(now, p, Leaving::otherwise);
  } else {
    tell([&](auto& f) {
      if constexpr (requires { f.attempt_lost(now, p, run); }) f.attempt_lost(now, p, run);
    });
    if (p.run.waits.recorded)
      tell([&](auto& f) {
        if constexpr (requires { f.wait_forgotten(now, p); }) f.wait_forgotten(now, p);
      });
  }
  give_back_worker(now, p);
  p.run.requeued = true;
  join_queue(now, p);
  enter_blocked(now, p, Phase::delayed);
}

template <class... Families>
void RecorderOf<Families...>::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  advance_to(now);
  const Place p = place(run.slot);
  SLUICE_CHECK(p.run.phase != Phase::none, "who ends was accepted", now, kNoRun);
  advance(now, p.group);
  if (p.run.phase == Phase::running) {
    tell([&](auto& f) {
      if constexpr (requires { f.finished(now, p, run, outcome); })
        f.finished(now, p, run, outcome);
    });
    give_back_worker(now, p);
  } else {
    end_waiting(now, p);
  }
  p.run.phase = Phase::none;
  ++records_.all_ended;
  --p.group.in_system;
  tell([&](auto& f) {
    if constexpr (requires { f.ended(now, p, run, outcome, reason); })
      f.ended(now, p, run, outcome, reason);
  });
}

template <class... Families>
void RecorderOf<Families...>::end_waiting(Time now, const Place& p) {
  if (p.run.phase == Phase::holding) {
    give_back_worker(now, p);
    end_holding(now, p, Leaving::otherwise);
  }
  if (p.run.phase == Phase::candidate)
    leave_candidates(now, p, Leaving::otherwise);
  else
    leave_blocked(now, p);
  leave_queue(now, p, Leaving::otherwise);
  if (!p.run.counted) return;
  tell([&](auto& f) {
    if constexpr (requires { f.wait_abandoned(now, p); }) f.wait_abandoned(now, p);
  });
}

// ---- figures

template <class... Families>
ReplicationResult RecorderOf<Families...>::finish(Time end) {
  advance_to(end);
  tell([&](auto& f) {
    if constexpr (requires { f.bump_deferred(records_); }) f.bump_deferred(records_);
  });
  for (GroupRecord& group : records_.groups) advance(end, group);

  ReplicationResult result;
  result.from = records_.started ? records_.from : end;
  result.until = end;
  result.runs = records_.all_runs;
  result.refused = records_.any_refused;
  result.reached = records_.reached;
  FigureSink sink(records_.groups.size());
  if (records_.started) {
    AtEnd at_end(records_, end);
    tell([&](const auto& f) {
      if constexpr (requires(WaitingRun & run) { f.cut_off(run, end, records_); })
        for (WaitingRun& run : at_end.waiting) f.cut_off(run, end, records_);
    });
    write_slices(sink, at_end);
    write_queues(sink, at_end);
    tell([&]<class F>(const F& f) {
      if constexpr (requires { f.write(sink, at_end); }) {
        sink.speaks(F::kSays);
        f.write(sink, at_end);
      }
    });
    tell([&](const auto& f) {
      if constexpr (requires { f.complete(result, at_end); }) f.complete(result, at_end);
    });
  }
  result.figures = sink.finish();
  return result;
}

/// First, for where a slice has the subject of something else its figures stay.
template <class... Families>
void RecorderOf<Families...>::write_slices(FigureSink& sink, const AtEnd& at) const {
  for (std::size_t i = 0; i < records_.slices.slices.size(); ++i) {
    QueueSums sums(records_.config.exact_quantiles);
    Slices::read(sums, i, at);
    const double open_ns = sums.time.blocked_ns + sums.time.candidate_ns + sums.running_ns;
    if (sums.runs == 0 && open_ns == 0) continue;
    write(sink, at, records_.slices.slices[i].subject, sums);
  }
}

template <class... Families>
void RecorderOf<Families...>::write_queues(FigureSink& sink, const AtEnd& at) const {
  const bool exact = records_.config.exact_quantiles;
  QueueSums queue(exact), workspace(exact), everything(exact);
  queue.of = QueueSums::Of::queue;
  workspace.of = QueueSums::Of::workspace;
  std::vector<QueueSums> groups(records_.groups.size(), QueueSums(exact));
  std::vector<QueueSums> levels(kLevels, QueueSums(exact));
  records_.refine(everything.waits, Metric::wait_p50, Subject::all());
  for (std::size_t g = 0; g < groups.size(); ++g)
    records_.refine(groups[g].waits, Metric::wait_p50, Subject::of(GroupId::at(g)));
  for (std::size_t k = 0; k < kLevels; ++k)
    records_.refine(levels[k].waits, Metric::wait_p50, Subject::of(kAllLevels[k]));
  for (std::size_t w = 0; w < records_.workspace_groups.size(); ++w) {
    workspace.clear();
    bool used = false;
    for (std::size_t k = 0; k < kLevels; ++k) {
      const std::size_t q = w * kLevels + k;
      if (!at.is_used(q)) continue;
      used = true;
      queue.clear();
      add_queue(queue, q, at);
      write(sink, at, Subject::of(WorkspaceId::at(w), kAllLevels[k]), queue);
      add_queue(workspace, q, at);
      add_queue(groups[records_.workspace_groups[w].index()], q, at);
      add_queue(levels[k], q, at);
      add_queue(everything, q, at);
    }
    if (used) write(sink, at, Subject::of(WorkspaceId::at(w)), workspace);
  }
  for (std::size_t g = 0; g < groups.size(); ++g)
    write(sink, at, Subject::of(GroupId::at(g)), groups[g]);
  for (std::size_t k = 0; k < kLevels; ++k) write(sink, at, Subject::of(kAllLevels[k]), levels[k]);
  write(sink, at, Subject::all(), everything);
  write_levels_of_groups(sink, at, levels);
}

template <class... Families>
void RecorderOf<Families...>::write_levels_of_groups(FigureSink& sink, const AtEnd& at,
                                                     std::vector<QueueSums>& levels) const {
  for (std::size_t g = 0; g < records_.groups.size(); ++g) {
    for (std::size_t k = 0; k < kLevels; ++k) {
      levels[k].clear();
      records_.refine(levels[k].waits, Metric::wait_p50,
                      Subject::of(GroupId::at(g), kAllLevels[k]));
    }
    for (std::size_t q = 0; q < records_.queues.size(); ++q)
      if (records_.workspace_groups[q / kLevels].index() == g && at.is_used(q))
        add_queue(levels[q % kLevels], q, at);
    for (std::size_t k = 0; k < kLevels; ++k)
      write(sink, at, Subject::of(GroupId::at(g), kAllLevels[k]), levels[k]);
  }
}

}  // namespace sluice
