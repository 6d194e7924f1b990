// The run pipeline: admission, queues, dispatch, workers, credentials, retries. One deterministic
// state machine.
//
// It has no clock, no thread and no I/O: time comes in with every call, what is to happen later
// goes into the event queue that the caller drives, what happened goes to the observer. The
// simulator drives it in virtual time, the mock API in wall time.
//
// Driving it: for each instant, take all events of that instant from the queue in order and give
// those whose kind is below kPipelineEventKinds to handle(); then call dispatch(). The rules are
// numbered in docs/rules.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/admission.hpp"
#include "pipeline/attempt_planner.hpp"
#include "pipeline/command.hpp"
#include "pipeline/config.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"

namespace sluice {

class ResourceGroup;
struct LostTo;
struct WaitPoint;
struct WakeLane;
enum class WorkerEvent : std::uint32_t;
enum class Woken : std::uint8_t;

/// Event kinds 0 … kPipelineEventKinds-1 belong to the pipeline; drivers use kinds from there on.
inline constexpr std::uint32_t kPipelineEventKinds = 64;

/// Not thread-safe; one driver. Keeps references to config, queue and observer: they must outlive
/// it. Memory: proportional to runs in the system, workspaces x levels in use, credentials and pool
/// members.
///
/// Here is the control flow of the rules, and nothing else: who waits, workers, credentials, plans
/// are states of their own, each in a component of its name.
class Pipeline {
 public:
  Pipeline(const PipelineConfig& config, std::uint64_t seed, EventQueue& events,
           PipelineObserver& observer);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// What a kind of event below kPipelineEventKinds is, in words: for messages about mistakes.
  static std::string_view event_name(std::uint32_t kind);

  // ---- needs
  static Need credential_need(CredentialId credential) { return {credential.value}; }
  /// The pool of `members` (in rotation order, at least one, no duplicates) as used by one alias of
  /// one workflow in one workspace: that is the scope of the rotation cursor. The same arguments
  /// give the same need.
  Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                 std::span<const CredentialId> members);

  // ---- submitting
  /// Who plans the attempts of requests that say so; must outlive the pipeline.
  void set_planner(const AttemptPlanner& planner);
  /// One attempt to submit: rate limits, server errors, latency. REQUIRES needs that fit the
  /// workflow's aliases, and a planner for a request that is to be planned.
  Answer submit(Time now, const RunRequest& request);
  /// A hint that costs little and changes nothing: `request` will probably be submitted next, so
  /// what it will touch is fetched into the cache meanwhile.
  void expect(const RunRequest& request);
  /// Whether that is worth its cost: there are so many workspaces and credentials that what is kept
  /// of them does not stay in the cache.
  bool worth_expecting() const;
  /// Tells the observer that the submitter does not try again.
  void give_up(Time now, const RunRequest& request);

  /// Any other request: counted by the rate limits as a submission is, or refused by them. No
  /// observer is told; the answer has no slot.
  Answer count_request(Time now, WorkspaceId workspace);
  /// What the rate limits leave to a workspace; none if there are no limits.
  std::optional<RateRoom> rate_room(Time now, WorkspaceId workspace);

  // ---- driving
  void handle(Time now, const ScheduledEvent& scheduled);
  /// Gives free workers to waiting runs. To be called after the last event of an instant. O(log n)
  /// per dispatched run, amortised over runs that are parked on the way.
  void dispatch(Time now);

  // ---- what is done to it from outside; takes effect at `now`, call dispatch() afterwards
  /// Carries out what an incident, the admin API or a log of either says. What was released earlier
  /// in the instant wakes others first. REQUIRES ids of the configuration, factors of at least 0
  /// and rates from 0 to 1.
  void apply(Time now, const Command& command);
  /// Stops a waiting or running run; false if the slot holds another run by now.
  bool interrupt(Time now, RunSlot slot, std::uint64_t run_id);

  // ---- changes of the configuration (the mock API's vault and workflows), likewise
  /// Credentials and workflows were appended to the configuration. All else in it must not change,
  /// but for what the next call says.
  void config_grew(Time now);
  /// Limit, login guard or expiry times of a credential are other ones. A limit below the runs that
  /// hold it takes nothing from them; a guard holds from the next time that no login is in
  /// progress.
  void credential_config_changed(Time now, CredentialId credential);
  /// The credential's stored session is dropped: the next run logs in.
  void clear_session(CredentialId credential);

  // ---- people
  /// A run that waits for a person goes on at once, or fails at once if it is not `answered`: it
  /// ends then, unless its planner has it do more. False if it does not wait.
  bool end_interaction(Time now, RunSlot slot, std::uint64_t run_id, bool answered);

  // ---- looking
  const Run& run(RunSlot slot) const;
  WorkerCounts workers(GroupId group) const;
  CredentialStatus credential(CredentialId credential) const;
  StoredSessionStatus session(CredentialId credential) const;
  /// Slots 0 … slot_count()-1 may hold runs (state free: not in use).
  std::size_t slot_count() const;

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
  struct Parts;     // who owns what
  struct Obstacle;  // what keeps a run from starting
  struct Waking;    // what the waker asks

  // ---- events
  void schedule(Time at, EventClass event_class, EventKind kind, const Run& run);
  void handle_of_run(Time now, EventKind kind, Run& run);
  void wake_freed_before_timer(Time now);
  void plan_outage(Time now, CredentialId credential);
  void prepare_next_run() const;
  void prepare_next_completion() const;

  // ---- admission
  static void refuse(const Admission::Refusal& refusal, Answer& answer);
  void answer_due(Time now, Run& run);
  void number(Time now, Run& run);
  void accept(Time now, Run& run);
  void become_candidate(Time now, Run& run);

  // ---- dispatch
  void look_at(const ResourceGroup& group);
  void dispatch_group(Time now, ResourceGroup& group);
  Obstacle obstacle_of(const Run& run);
  bool has_room(WaitPoint point) const;
  void give_worker(Time now, ResourceGroup& group, Run& run, bool holding);
  void start(Time now, Run& run);
  void hold(Time now, ResourceGroup& group, Run& run, const Obstacle& obstacle);
  void park(Time now, ResourceGroup& group, Run& run, const Obstacle& obstacle);
  void stop_being_candidate(Time now, Run& run);
  void move_candidates(Time now, ResourceGroup& group);
  void collect_overtaken(ResourceGroup& group);

  // ---- waking
  void wake_freed(Time now);
  void wake_them(Time now);
  Woken wake(Time now, WaitPoint point, WakeLane lane, Run& run);

  // ---- attempts
  void begin_attempt(Time now, Run& run);
  Duration begin_logins(Time now, Run& run);
  void login_ended(Time now, Run& run, std::size_t need);
  void login_failed(Time now, Run& run, CredentialId credential);
  void stop_queued_siblings(Time now, CredentialId credential);
  void stop_all(Time now, const std::vector<RunSlot>& siblings);
  void completed(Time now, Run& run);
  [[gnu::cold]] bool ends_in_time(const Run& run, const TimeoutConfig& timeout, Time held_since);
  void timed_out(Time now, Run& run);

  // ---- back to the queue, or out of it
  void requeue(Time now, Run& run, RequeueCause cause, Duration delay);
  void rejoin(Time now, Run& run);
  void end(Time now, Run& run, Outcome outcome, EndReason reason);
  void leave_queues(Time now, Run& run);
  void leave_worker(Time now, Run& run, bool worker_stays);
  void release_credentials(Time now, Run& run);
  void limit_wait(Time now, const Run& run);
  Time wait_limit(const Run& run, EventKind kind) const;
  void waited_too_long(Time now, Run& run, EventKind kind, std::uint32_t run_id);
  void tell_webhook(Time now, const Run& run, std::uint32_t event);

  // ---- workers and credentials
  void worker_event(Time now, ResourceGroup& group, WorkerEvent kind, std::uint32_t token);
  void workers_changed(Time now, ResourceGroup& group);
  void lose_worker(Time now, ResourceGroup& group, LostTo to);
  void requeue_lost(Time now, Run& run);
  void credential_changed(Time now, CredentialId credential);

  // ---- commands
  ResourceGroup& commanded(GroupId group) const;
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

  ResourceGroup& group_of(const Run& run) const;
  const WorkflowConfig& workflow_of(const Run& run) const {
    return config_.workflows[run.request.workflow.index()];
  }

  const PipelineConfig& config_;
  EventQueue& events_;
  PipelineObserver& observer_;
  bool larger_than_cache_;
  std::unique_ptr<Parts> p_;
};

}  // namespace sluice
