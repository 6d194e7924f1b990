// The parts of a Pipeline and how they work together. Private to pipeline/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "pipeline/admission.hpp"
#include "pipeline/attempt.hpp"
#include "pipeline/attempt_planner.hpp"
#include "pipeline/credentials.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/policies/dispatch_policy.hpp"
#include "pipeline/run_table.hpp"
#include "pipeline/wait_lists.hpp"
#include "pipeline/worker_numbers.hpp"
#include "pipeline/worker_pool.hpp"

namespace sluice {

class Pipeline::Impl {
 public:
  Impl(const PipelineConfig& config, std::uint64_t seed, EventQueue& events,
       PipelineObserver& observer);

  // pipeline_admission.cpp
  Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                 std::span<const CredentialId> members);
  void set_planner(const AttemptPlanner& planner) { planner_ = &planner; }
  Answer submit(Time now, const RunRequest& request);
  void expect(const RunRequest& request);
  Answer count_request(Time now, WorkspaceId workspace);
  std::optional<RateRoom> rate_room(Time now, WorkspaceId workspace) {
    return admission_.room(now, workspace);
  }

  bool larger_than_cache() const { return larger_than_cache_; }

  // pipeline_events.cpp
  void handle(Time now, const ScheduledEvent& scheduled);
  static std::string_view event_name(std::uint32_t kind);

  // pipeline_dispatch.cpp
  void dispatch(Time now);
  /// Wakes runs that wait on what was released since the last call.
  void settle(Time now) {
    if (!gained_.empty()) wake_gained(now);
  }
  void wake_gained(Time now);
  void settle_completions(Time now);

  // pipeline_commands.cpp
  bool interrupt(Time now, RunSlot slot, std::uint64_t run_id);
  void apply(Time now, const Command& command);
  void config_grew(Time now);
  void credential_config_changed(Time now, CredentialId credential);
  void clear_session(CredentialId credential) { credentials_.clear_session(credential); }
  bool end_interaction(Time now, RunSlot slot, std::uint64_t run_id, bool answered);

  PipelineObserver& observer() { return observer_; }
  const Run& run(RunSlot slot) const { return runs_[slot]; }
  std::size_t slot_count() const { return runs_.slot_count(); }
  WorkerCounts workers(GroupId group) const { return groups_[group.index()].workers.counts(); }
  CredentialStatus credential(CredentialId credential) const {
    return credentials_.status(credential);
  }
  StoredSessionStatus session(CredentialId credential) const {
    return credentials_.session(credential);
  }

 private:
  enum EventKind : std::uint32_t {
    kRunCompleted,
    kRetryDue,
    kAnswerDue,
    kOutageBegins,
    kOutageEnds,
    kMoveDue,  // of a group's candidates
    kTimedOut,
    kExpired,                                // generation: the run's id, its lower half
    kPatienceOver,                           // likewise
    kLoginEnded,                             // + index of the need
    kWorkerEvents = kLoginEnded + kMaxNeeds  // + WorkerEvent
  };

  struct Group {
    GroupId id;
    const ResourceGroupConfig& config;
    WorkerPool workers;
    std::unique_ptr<DispatchPolicy> policy;
    WorkerNumbers numbers{};
    std::array<std::uint32_t, kLevels> busy{};
    std::uint32_t eligible = 0;  // candidates
    std::uint32_t pauses = 0;
    bool wakes_each_level = policy->wakes_each_level();
    bool moves_candidates = policy->moves_candidates();
    Time look_due = Time::never();  // scheduled, because candidates move then
    /// The only candidate, come while a worker was idle: the policy need not hear of it if it
    /// starts in the same instant.
    RunSlot lone{};
    bool lone_can_skip_policy = !policy->hears_of_only_candidate() &&
                                config.when_credential_busy == WhenCredentialBusy::skip;
    WorkersInUse in_use() const {
      return {workers.counts().idle, workers.counts().present(), busy};
    }
    /// Something may be dispatched.
    bool has_work() const { return workers.counts().idle > 0 && eligible > 0 && pauses == 0; }
    bool capped() const { return config.dispatch.kind == DispatchPolicyKind::workspace_cap; }
    /// With whom a parked or holding run is woken in turn. Who holds a worker has got past the
    /// policy.
    WakeLane lane_of(const Run& run) const {
      const bool by_level = wakes_each_level && run.state != RunState::holding;
      return WakeLane::of(id,
                          by_level ? 1 + static_cast<std::uint32_t>(index(run.queue_level)) : 0);
    }
  };

  /// What keeps a run from starting.
  struct Obstacle {
    WaitPoint point;
    Blocker blocker;
    bool none() const { return !point.valid(); }
    bool is_credential() const {
      return point.kind() == WaitPoint::Kind::credential || point.kind() == WaitPoint::Kind::pool;
    }
  };

  // ---- admission
  static void refuse(const Admission::Refusal& refusal, Answer& answer);
  void accept(Time now, Run& run);
  void number(Time now, Run& run);
  void answer_due(Time now, Run& run);

  // ---- dispatch and waking (pipeline_dispatch.cpp)
  void dispatch_group(Time now, Group& group);
  Obstacle obstacle_of(const Run& run);
  void start(Time now, Run& run);
  void hold(Time now, Group& group, Run& run, const Obstacle& obstacle);
  void park(Time now, Group& group, Run& run, const Obstacle& obstacle);
  void take_worker(Group& group, Run& run, bool holding);
  void become_candidate(Time now, Group& group, Run& run);
  /// The policy takes in the lone candidate.
  void queue_lone(Time now, Group& group);
  /// Rule (b): what had woken it may still have room for another.
  void stop_being_candidate(Time now, Run& run) {
    if (run.woken_by == UINT32_MAX) return;
    const WaitPoint point{run.woken_by};
    run.woken_by = UINT32_MAX;
    wake(now, point, WakeLane::of(run.group, run.woken_lane));
  }
  void wake_all_lanes(Time now, WaitPoint point);
  void wake(Time now, WaitPoint point, WakeLane lane);
  void wake_first(Time now, WaitPoint point, WakeLane lane);
  /// False if the loop over `point` is over.
  bool wake_run(Time now, WaitPoint point, WakeLane lane, Run& run,
                std::vector<std::uint32_t>& set_aside);
  /// Whoever was overtaken in his queue cannot use his wake now: another one gets it.
  void collect_overtaken(Group& group);
  void pass_on(Time now);
  void move_candidates(Time now, Group& group);
  void look_when_candidates_move(Group& group);
  bool has_room(WaitPoint point) const;
  /// Nobody that it wakes can be in the way of another: a workflow, an unlimited credential.
  bool has_room_for_all(WaitPoint point) const;
  /// False only if there is nobody to wake. Cheap: asked at every release.
  bool may_wake(WaitPoint point) const {
    if (waits_.empty()) return false;
    if (waits_.may_wait_on(point)) return true;
    return point.kind() == WaitPoint::Kind::credential &&
           !credentials_.pools_with(CredentialId{point.index()}).empty();
  }
  using WaitPoints = boost::container::small_vector<WaitPoint, 8>;
  WaitPoints points_of(WaitPoint point) const;

  // ---- attempts (pipeline_attempts.cpp)
  void begin_attempt(Time now, Run& run);
  static bool is_planned(const Run& run) {
    return run.request.fixed_outcome == FixedOutcome::planned;
  }
  Duration begin_logins(Time now, Run& run);
  /// Of the attempt under way.
  LoginPlan login_of(const Run& run, std::size_t need) const;
  void login_ended(Time now, Run& run, std::size_t need);
  void login_failed(Time now, Run& run, CredentialId credential);
  void stop_queued_siblings(Time now, CredentialId credential);
  bool is_retried(const Run& run) const;
  void completed(Time now, Run& run);
  /// Whether an attempt that has just been planned ends before its timeout; else that is scheduled.
  /// `held_since`: when it began to hold its worker; never if it did not.
  [[gnu::cold]] bool ends_in_time(Time now, const Run& run, const TimeoutConfig& timeout,
                                  Time held_since);
  void timed_out(Time now, Run& run);
  /// Schedules what ends a run that waits too long; to be called when it begins to wait.
  void limit_wait(Time now, const Run& run) {
    if (any_expiry_ || run.request.patience != Duration::max()) [[unlikely]]
      schedule_wait_limits(now, run);
  }
  [[gnu::cold]] void schedule_wait_limits(Time now, const Run& run);
  /// When it has waited too long for its workflow or its submitter.
  Time wait_limit(const Run& run, EventKind kind) const;
  void waited_too_long(Time now, Run& run, EventKind kind, std::uint32_t run_id);
  void requeue(Time now, Run& run, RequeueCause cause, Duration delay);
  void rejoin(Time now, Run& run);
  void end(Time now, Run& run, Outcome outcome, EndReason reason);
  /// Takes worker and credentials from a run that has a worker; its events become void.
  void detach(Time now, Run& run, bool worker_stays);
  void release_credentials(Time now, Run& run);
  void leave_queues(Time now, Run& run);
  void tell_webhook(Time now, const Run& run, std::uint32_t event) {
    if (config_.webhooks) deliver_webhook(now, run, event);
  }
  void deliver_webhook(Time now, const Run& run, std::uint32_t event);

  // ---- commands
  void obey(Time now, const Pause& command);
  void obey(Time now, const Resume& command);
  void obey(Time now, const SetWorkers& command);
  void obey(Time now, const EndSetWorkers& command);
  void obey(Time now, const LoseWorkers& command);
  void obey(Time now, const RestoreWorkers& command);
  void obey(Time now, const RestartWorkers& command);
  void obey(Time now, const SetFailureFactor& command);
  void obey(Time now, const SetLoginFailureFactor& command);
  void obey(Time now, const SetDurationFactor& command);
  void obey(Time now, const OverrideCredential& command);
  void obey(Time now, const SetApiLatencyFactor& command);
  void obey(Time now, const SetApiErrorRate& command);
  void pause(Time now, CredentialId credential);
  void pause(Time now, WorkflowId workflow);
  void pause(Time now, GroupId group);
  void resume(Time now, CredentialId credential);
  void resume(Time now, WorkflowId workflow);
  void resume(Time now, GroupId group);

  // ---- events
  void prefetch_next_run() const {
    if (!events_.empty()) runs_.prefetch(events_.next_event().subject);
  }
  void prepare_next_completion() const;
  void worker_event(Time now, Group& group, WorkerEvent kind, std::uint32_t token);
  void lose_worker(Time now, Group& group, LostTo to);
  static std::uint32_t kept_idle(const Group& group);
  void take_run_from_worker(Time now, Run& run);
  void workers_changed(Time now, Group& group);
  void plan_outage(Time now, CredentialId credential);
  void credential_changed(Time now, CredentialId credential);
  void gained_room(WaitPoint point) {
    if (may_wake(point)) gained_.push_back(point);
  }
  void gained_room(CredentialId credential) {
    gained_room(WaitPoint::of(WaitPoint::Kind::credential, credential.index()));
  }

  Group& group_of(const Run& run) { return groups_[run.group.index()]; }
  void mark(const Group& group) { marked_[group.id.index()] = 1, any_marked_ = true; }
  const WorkflowConfig& workflow_of(const Run& run) const {
    return config_.workflows[run.request.workflow.index()];
  }
  void schedule(Time at, EventClass event_class, EventKind kind, const Run& run) {
    events_.schedule(at, event_class, {kind, run.slot.value, run.generation});
  }

  const PipelineConfig& config_;
  bool larger_than_cache_;
  EventQueue& events_;
  PipelineObserver& observer_;
  const AttemptPlanner* planner_ = nullptr;
  RunTable runs_;
  Credentials credentials_;
  WaitLists waits_;
  Admission admission_;
  std::vector<Group> groups_;
  std::vector<GroupId> group_of_workspace_;  // denser than the configuration
  std::vector<char> marked_;                 // groups to look at in the next dispatch
  bool any_marked_ = false;
  std::vector<WaitPoint> gained_;            // room gained since the last settle, in order
  std::vector<std::uint32_t> in_workspace_;  // runs with a worker; counted where there is a cap
  std::vector<std::uint32_t> workflow_pauses_;
  std::vector<double> failure_factor_, login_failure_factor_, duration_factor_;
  double api_latency_factor_ = 1;
  double api_error_rate_;
  std::vector<std::size_t> next_outage_;
  std::uint64_t outage_key_;
  std::vector<Stream> outage_streams_;
  std::uint64_t next_id_ = 0, next_sequence_ = 0, next_dispatch_ = 0;
  std::array<CredentialId, kMaxNeeds> chosen_{};
  std::vector<WakeLane> waking_lanes_;  // scratch, kept for its capacity
  struct PassedOn {
    WaitPoint point;
    WakeLane lane;
  };
  std::vector<PassedOn> passed_on_;  // wakes that are to reach somebody else
  bool any_expiry_ = false;          // of a workflow
};

}  // namespace sluice
