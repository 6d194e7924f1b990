// A run: what was asked for, and where it stands.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// What one vault alias of a run refers to: one credential, or a pool used from one place.
/// Made by Pipeline::credential_need and Pipeline::pool_need.
struct Need {
  static constexpr std::uint32_t kPoolBit = 0x80000000;
  std::uint32_t value = UINT32_MAX;

  constexpr bool is_pool() const { return (value & kPoolBit) != 0; }
  constexpr CredentialId credential() const { return {value}; }           ///< REQUIRES !is_pool()
  constexpr std::uint32_t pool_use() const { return value & ~kPoolBit; }  ///< REQUIRES is_pool()
  constexpr auto operator<=>(const Need&) const = default;
};

struct RunOptions {
  bool debug = false;  ///< debug snapshot of every step
  bool capture_console = false;
  bool force_refresh = false;  ///< refresh of the workflow and key caches
  bool dry_run = false;

  constexpr bool any() const { return debug || capture_console || force_refresh || dry_run; }
};

/// How an attempt ends when the submitter knows it already (a trace); otherwise it is drawn.
/// `planned`: the pipeline's AttemptPlanner says all of it.
enum class FixedOutcome : std::uint8_t { drawn, succeeds, fails, planned };

/// What a submitter asks for; the pipeline's form of POST /run.
struct RunRequest {
  WorkspaceId workspace;
  WorkflowId workflow;
  std::array<Need, kMaxNeeds> needs{};  ///< one per alias of the workflow, in its order
  std::uint8_t need_count = 0;
  PriorityLevel level = PriorityLevel::LOW;
  RunOptions options;
  FixedOutcome fixed_outcome = FixedOutcome::drawn;
  std::uint16_t attempt = 1;  ///< number of this attempt to submit, from 1
  SubmitterId submitter;
  std::uint32_t client = 0;  ///< which of a closed-loop submitter's clients; else 0
  std::uint64_t draw_key =
      0;  ///< key of all its random draws: a function of (seed, submitter, index) only
  Duration service_time{-1};  ///< >= 0: given (a trace); negative: drawn from the workflow
  std::uint64_t index = 0;    ///< number of this run within its submitter, from 0
  Time submitted;             ///< first attempt to submit
  /// Waiting that long since `submitted`, the run is cancelled; max: its submitter waits for ever.
  Duration patience = Duration::max();
};

enum class RunState : std::uint8_t {
  free,        ///< slot not in use
  submitting,  ///< request under way (API latency); not accepted yet
  queued,      ///< waiting, candidate for dispatch ("eligible")
  parked,      ///< waiting, passed over because a credential, pause or cap holds it ("blocked")
  delayed,     ///< waiting for a retry delay to pass ("blocked")
  holding,     ///< has a worker, waits inside it for a credential (hold_worker); still counts as
               ///< waiting
  running,
};

enum class Outcome : std::uint8_t { succeeded, failed, stopped };

enum class EndReason : std::uint8_t {
  completed,
  failure,  ///< a failure kind of the workflow; retries spent or not retriable
  login_failed,
  interaction_timeout,
  sibling_login_failed,  ///< stopped: another run's login failed on the same credential
                         ///< (INTERRUPTED-E0002)
  interrupted,           ///< stopped by request
  timeout,               ///< its attempt took longer than its workflow allows; retries spent
  expired,               ///< stopped: it waited longer than its workflow allows
  cancelled,             ///< stopped: it waited longer than its submitter has patience
};

/// What holds a parked or holding run.
enum class BlockReason : std::uint8_t {
  credential_limit,  ///< at its limit (a pool: every member unavailable)
  login,             ///< prevent_concurrency_during_login, and a login is in progress
  pause,             ///< credential paused or out of service, or workflow paused
  workspace_cap,     ///< the what-if policy's cap
};

struct Blocker {
  BlockReason reason = BlockReason::credential_limit;
  Need
      need;  ///< the credential or pool; a need with value UINT32_MAX for a workflow pause or a cap
};

/// One accepted run. Owned by the pipeline; observers see it as const and may keep its slot, not
/// its address. What its completion needs comes first and fits two cache lines.
struct alignas(64) Run {
  RunSlot slot;
  GroupId group;
  std::uint32_t generation = 0;  ///< increases whenever a scheduled event of this run becomes void
  std::uint32_t worker = UINT32_MAX;  ///< number of its worker within the group, while it has one
  std::array<CredentialId, kMaxNeeds> held{};  ///< while running: which credential serves each need
  RunState state = RunState::free;
  Outcome planned_outcome = Outcome::succeeded;
  EndReason planned_reason = EndReason::completed;
  std::uint8_t failure_kind =
      0;  ///< index into the workflow's failures when planned_reason is failure
  std::uint8_t logins_pending = 0;  ///< bit i: the login for need i is in progress
  PriorityLevel queue_level =
      PriorityLevel::LOW;               ///< level at which it is queued; ageing raises it
  bool blocks_queue = false;            ///< parked, and the runs behind it wait for it (block_*)
  std::uint8_t woken_lane = 0;          ///< of its group; with woken_by, see WakeLane
  std::uint16_t attempt = 0;            ///< dispatches so far
  std::uint16_t retries = 0;            ///< requeues that counted against max_retries
  RunSlot next, previous;               ///< queue links
  std::uint32_t queue_id = UINT32_MAX;  ///< which RunQueue it is in
  std::uint32_t wait_class =
      UINT32_MAX;  ///< with whom it waits while parked or holding; see WaitLists

  RunRequest request;

  Time accepted;
  std::uint64_t id = 0;  ///< number of its acceptance in the pipeline, from 0
  Time queued_at;  ///< accepted, or the instant at which it was last requeued (before its retry
                   ///< delay)
  std::uint64_t sequence =
      0;  ///< place in queue order: given at acceptance and again at each requeue
  /// Of the current or last attempt; while it holds a worker without its credentials: since when.
  Time dispatched;
  Duration service{};                 ///< planned length of the current attempt, login included
  Time level_since;                   ///< since when it is queued at queue_level (ageing)
  std::uint64_t dispatch_number = 0;  ///< number of its last dispatch in the pipeline
  /// What woke it, while it is a candidate again after having been parked; see WaitPoint.
  std::uint32_t woken_by = UINT32_MAX;
  /// Place in the holders of each held credential that has logins.
  std::array<std::uint32_t, kMaxNeeds> holder_index{};
  /// The last part of `service`, in which it waits for a person; zero: it does not.
  Duration interaction{};
  Duration ran{};  ///< in attempts that were requeued: does not count as waiting

  /// When it begins to wait for a person, if it does. REQUIRES: running.
  Time interaction_begins() const { return dispatched + service - interaction; }

  PriorityLevel level() const { return request.level; }
};

}  // namespace sluice
