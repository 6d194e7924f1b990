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

#include "pipeline/admission.hpp"
#include "pipeline/attempt_planner.hpp"
#include "pipeline/command.hpp"
#include "pipeline/config.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// Event kinds 0 … kPipelineEventKinds-1 belong to the pipeline; drivers use kinds from there on.
inline constexpr std::uint32_t kPipelineEventKinds = 64;

/// Not thread-safe; one driver. Keeps references to config, queue and observer: they must outlive
/// it. Memory: proportional to runs in the system, workspaces x levels in use, credentials and pool
/// members.
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
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice
