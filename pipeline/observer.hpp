// Everything that can be seen of a pipeline: one call per transition, in the order in which they
// happen.
//
// The recorder, the invariant checker, run logs and closed-loop submitters listen here; nothing
// else leaves the pipeline. Calls come from the thread that drives the pipeline; an observer must
// not call back into it.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// The answer to one attempt to submit.
struct Answer {
  enum class Status : std::uint8_t { accepted, rate_limited, server_error };
  Status status = Status::accepted;
  std::uint8_t window =
      0;  ///< rate_limited: which of ApiConfig::rate_limits (the one with the longest wait)
  Duration retry_after{};  ///< rate_limited: as the Retry-After header says it, whole seconds, at
                           ///< least 1
  Time answered_at;        ///< request time + API latency; an accepted run is accepted then
  RunSlot slot;            ///< accepted only
};

/// Workers of one resource group by what they do. Their sum without `down` is what is present.
struct WorkerCounts {
  std::uint32_t idle = 0;
  std::uint32_t running = 0;  ///< serve a run
  std::uint32_t holding = 0;  ///< taken by a run that waits inside for a credential
  std::uint32_t starting = 0;
  std::uint32_t cooling = 0;
  std::uint32_t down = 0;  ///< failed or lost, expected back

  std::uint32_t present() const { return idle + running + holding + starting + cooling; }
};

enum class RequeueCause : std::uint8_t { retriable_failure, worker_lost, timeout };

/// What is true of a credential for everybody.
struct CredentialStatus {
  std::uint32_t active = 0;  ///< runs that hold it
  std::uint32_t limit = 0;   ///< UINT32_MAX: unlimited
  bool login_guard = false;  ///< a login in progress keeps others out
  bool paused = false;       ///< paused or out of service
};

/// The session that a credential keeps; see CredentialConfig::keeps_session.
struct StoredSessionStatus {
  bool stored = false;
  Time set;       ///< when the login ended that made it
  Time last_use;  ///< last dispatch, login or end of a run on the credential
};

/// Base of all listeners. Every call has an empty default. `now` never decreases.
class PipelineObserver {
 public:
  virtual ~PipelineObserver() = default;

  /// A hint, not a transition: this request will probably be the next that is submitted. Whoever
  /// keeps a lot may begin to fetch what it will touch then.
  virtual void expected(const RunRequest&) {}
  /// Likewise: the attempt under way will probably be over soon.
  virtual void ending(const Run&) {}
  /// Likewise: what this run waits for will probably be there soon.
  virtual void waking(const Run&) {}

  // -- before acceptance
  virtual void submitted(Time /*now*/, const RunRequest&) {}  ///< first attempt
  virtual void answered(Time /*now*/, const RunRequest&, const Answer&) {
  }                                                         ///< each attempt, at request time
  virtual void gave_up(Time /*now*/, const RunRequest&) {}  ///< the submitter will not try again

  /// `submitted`, `answered` and `accepted` at one instant, which is the rule: who can do it with
  /// one look at his tables listens here.
  virtual void arrived(Time now, const Run& run, const Answer& answer) {
    submitted(now, run.request);
    answered(now, run.request, answer);
    accepted(now, run);
  }

  // -- waiting
  virtual void accepted(Time, const Run&) {}  ///< now waiting, a candidate
  /// Candidate -> parked. Also for a run that goes on being parked or holding a worker, when what
  /// holds it is something else from now on: its state then stays what it was.
  virtual void parked(Time, const Run&, const Blocker&) {}
  virtual void woken(Time, const Run&) {}  ///< parked -> candidate
  /// Candidate -> holding a worker without its credentials. `dispatched` follows when they are
  /// taken.
  virtual void holding(Time, const Run&, const Blocker&) {}

  // -- running
  /// Candidate or holding -> running. `run.held`, `run.service`, `run.attempt` are set.
  virtual void dispatched(Time, const Run&) {}
  virtual void login_ended(Time, const Run&, CredentialId, bool /*succeeded*/) {}
  /// A person answered, or will not, before the time drawn for it: `run.service` is another now.
  virtual void interaction_ended(Time, const Run&, bool /*answered*/) {}
  /// Running or holding -> delayed. Worker and credentials are released. `delay` may be zero.
  virtual void requeued(Time, const Run&, RequeueCause, Duration /*delay*/) {}
  virtual void rejoined(Time, const Run&) {}  ///< delayed -> candidate, at the tail
  /// Any state -> gone. Called while `run.state` still tells where it was and `run.held` what it
  /// held.
  virtual void ended(Time, const Run&, Outcome, EndReason) {}
  /// One event of a run told to the outside (after its last attempt if `delivered` is false).
  virtual void webhook(Time, const Run&, std::uint32_t /*attempts*/, bool /*delivered*/,
                       Duration /*latency*/) {}

  // -- resources
  /// Workers changed for another reason than a run taking an idle one or giving it back. Called
  /// after the change, and once per group at the start.
  virtual void workers_changed(Time, GroupId, const WorkerCounts&) {}
  /// The guard, the pause or the limit of a credential changed (not its count of active runs).
  virtual void credential_changed(Time, CredentialId, const CredentialStatus&) {}
  /// Pauses nest: told when the first one begins and when the last one ends, in either case before
  /// anything follows from it.
  virtual void group_paused(Time, GroupId, bool /*paused*/) {}
  virtual void workflow_paused(Time, WorkflowId, bool /*paused*/) {}
  /// A pool came into use; its members in rotation order. Called before any run needs it.
  virtual void pool_defined(std::uint32_t /*pool_use*/, std::uint32_t /*pool*/,
                            const CredentialId* /*first*/, std::size_t /*count*/) {}
};

}  // namespace sluice
