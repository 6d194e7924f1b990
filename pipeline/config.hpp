// What a pipeline is made of: typed configuration, filled in by the scenario loader or by hand.
//
// Plain values without behaviour. Names are the scenario file's. Limits that no public document
// states are choices, and each is a field here so that it can be varied.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random/distribution.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

class DispatchPolicy;
class WorkspaceQueues;

/// A workflow may name at most this many vault aliases (ours: keeps a run's record small).
inline constexpr std::size_t kMaxNeeds = 4;

// ---- resource groups
// -------------------------------------------------------------------------------------------

/// What a run that cannot take its credentials does to the runs behind it.
enum class WhenCredentialBusy : std::uint8_t {
  skip,             ///< parked; holds nobody up (default)
  block_workspace,  ///< head of line within its workspace's queue at its level
  block_level,      ///< as block_workspace, and nothing of a lower level is dispatched either
  hold_worker,      ///< takes a worker and waits inside it
};

/// Who is next. `strict_priority` is the rule of the real pipeline; the others are what-if
/// policies.
enum class DispatchPolicyKind : std::uint8_t {
  strict_priority,
  ageing,         ///< a waiting candidate moves up one level after each `promote_after`
  weighted,       ///< deficit round robin over levels, `weights` runs per round
  reserved,       ///< strict, but `reserved` workers per level are kept for that level
  workspace_cap,  ///< strict, but a workspace runs at most `cap` at once in the group
  fair_first,     ///< workspaces in turn first, level second
  fifo,           ///< by acceptance, whatever the level
  fair_share,     ///< inside a level, whose worker time by weight is least
  share_limit,    ///< inside a level, nobody has more than a share while others wait
};

/// Its word in scenarios and reports.
constexpr std::string_view name(DispatchPolicyKind kind) {
  constexpr std::array<std::string_view, 9> kNames{
      "strict_priority", "ageing", "weighted",   "reserved",   "workspace_cap",
      "fair_first",      "fifo",   "fair_share", "share_limit"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// What a workspace is to have beside those that have 1.
struct WorkspaceWeight {
  WorkspaceId workspace;
  std::uint32_t weight = 1;  ///< >= 1
};

/// Makes a policy of your own over the queues of a group (pipeline/policies/dispatch_policy.hpp).
using DispatchPolicyFactory = std::function<std::unique_ptr<DispatchPolicy>(WorkspaceQueues)>;

struct DispatchConfig {
  DispatchPolicyKind kind = DispatchPolicyKind::strict_priority;
  Duration promote_after{};                             ///< ageing; > 0
  std::array<std::uint32_t, kLevels> weights{4, 2, 1};  ///< weighted; each >= 1
  std::array<std::uint32_t, kLevels> reserved{};        ///< reserved; workers kept for each level
  std::uint32_t cap = 0;                                ///< workspace_cap; >= 1
  std::vector<WorkspaceWeight> share_weights;           ///< fair_share; a workspace not named has 1
  std::uint32_t share_millionths = 1'000'000;           ///< share_limit; of the present workers
  DispatchPolicyFactory make;  ///< instead of `kind`'s; none: as `kind` says
};

/// From `at` on, the pool's target is `count` workers.
struct CapacityStep {
  Time at;
  std::uint32_t count = 0;
};

/// Target = clamp(running + holding + ceil(eligible waiting / target_backlog), min, max), looked at
/// every `every`; followed only once it has differed in the same direction for the delay. It is met
/// by workers that serve: docs/rules.md, "Workers".
struct AutoscalingConfig {
  std::uint32_t min = 0;
  std::uint32_t max = 0;
  double target_backlog = 1;  ///< waiting eligible runs that one more worker is worth
  Duration every{};
  Duration scale_up_delay{};
  Duration scale_down_delay{};
};

/// Each present worker fails after an exponential time; a repaired one is back at once.
struct WorkerFailureConfig {
  Duration mtbf{};      ///< mean time between failures of one worker
  Distribution repair;  ///< seconds
};

struct WorkerPoolConfig {
  std::uint32_t count = 1;             ///< workers from the start (started up already)
  std::vector<CapacityStep> schedule;  ///< ascending in `at`; unused beside `autoscaling`
  Duration schedule_period{};          ///< > 0: the schedule repeats with this period
  Distribution start_up;               ///< seconds; for workers added later
  Distribution cool_down;              ///< seconds after each run before the worker is free
  std::optional<AutoscalingConfig> autoscaling;
  std::optional<WorkerFailureConfig> failures;
};

struct ResourceGroupConfig {
  std::string name;
  WorkerPoolConfig workers;
  DispatchConfig dispatch;
  WhenCredentialBusy when_credential_busy = WhenCredentialBusy::skip;
};

struct WorkspaceConfig {
  std::string name;
  GroupId group;
};

// ---- credentials
// -----------------------------------------------------------------------------------------------

struct LoginConfig {
  Distribution time;   ///< seconds
  double failure = 0;  ///< probability that a login fails
};

/// Out of service in [at, at + length).
struct OutageConfig {
  Time at;
  Duration length{};
};

/// What holds of a credential for a while instead of its configuration; none: as configured.
struct CredentialOverride {
  std::optional<std::uint32_t> max_concurrency;       ///< UINT32_MAX: unlimited
  std::optional<Duration> expiry_time_from_last_use;  ///< Duration::max(): never by idleness
  std::optional<Duration> expiry_time_from_session_data_set;  ///< Duration::max(): never by age
  bool operator==(const CredentialOverride&) const = default;
};

struct CredentialConfig {
  std::string name;
  std::string domain;
  bool allow_multiple_sessions =
      false;  ///< false: one run at a time, whatever max_concurrency says
  std::optional<std::uint32_t> max_concurrency;  ///< none: unlimited
  bool prevent_concurrency_during_login =
      false;                         ///< nobody else starts while a login is in progress
  std::optional<LoginConfig> login;  ///< none: runs do not log in
  /// A successful login leaves a session that later runs reuse. Without it every run logs in.
  bool keeps_session = false;
  std::optional<Duration> expiry_time_from_last_use;          ///< none: does not expire by idleness
  std::optional<Duration> expiry_time_from_session_data_set;  ///< none: does not expire by age
  std::vector<OutageConfig> outages;                          ///< ascending, not overlapping
  /// Random outages: mean time between them (exponential), and their length in seconds.
  std::optional<Duration> mean_time_between_outages;
  Distribution outage_length;

  /// Runs that may hold it at once; UINT32_MAX: unlimited.
  std::uint32_t limit() const {
    return !allow_multiple_sessions ? 1 : max_concurrency.value_or(UINT32_MAX);
  }
};

// ---- workflows
// -------------------------------------------------------------------------------------------------

/// min(cap, base * factor^(n-1)) before the n-th retry, times a uniform draw from [1 - jitter, 1].
struct BackoffConfig {
  Duration base{};
  double factor = 2;
  Duration cap = Duration::max();
  double jitter = 0;
};

struct FailureKindConfig {
  std::string name;
  double rate = 0;                              ///< probability per attempt
  bool retry = false;                           ///< retriable: requeues while max_retries lasts
  Distribution at = Distribution::constant(1);  ///< after which fraction of the attempt's time, 0…1
};

/// Ends an attempt that long after its start, whatever it does then.
struct TimeoutConfig {
  Duration after{};
  bool retry = false;  ///< retriable: requeues while max_retries lasts
};

/// The run stops and waits for a person.
struct InteractionConfig {
  double probability = 0;
  Distribution answer_after;           ///< seconds
  Duration timeout = Duration::max();  ///< answered later than this: the run fails, without retry
};

struct WorkflowConfig {
  std::string name;
  std::vector<std::string> aliases;  ///< vault aliases, in order; at most kMaxNeeds
  Distribution time;  ///< seconds of one attempt, without login and the options below
  std::uint32_t steps = 1;
  std::vector<FailureKindConfig> failures;  ///< rates add up to at most 1
  std::uint32_t max_retries = 0;
  BackoffConfig backoff;
  Distribution debug_snapshot;   ///< seconds per step when the run asks for debug
  Distribution console_capture;  ///< seconds per step when the run captures the console
  Distribution cache_refresh;    ///< seconds once when the run forces a refresh
  double dry_run_fraction = 1;   ///< a dry run stops after this fraction of its time
  std::optional<InteractionConfig> interaction;
  std::optional<TimeoutConfig> timeout;  ///< none: an attempt takes as long as it takes
  std::optional<Duration> expiry;  ///< a run that has waited that long is stopped; none: it waits
};

// ---- API and webhooks
// ------------------------------------------------------------------------------------------

/// Rate-limit windows at once (ours; the API has three).
inline constexpr std::size_t kMaxRateWindows = 4;

/// At most `max` requests of one workspace in any interval of `length` (sliding log).
struct RateWindowConfig {
  Duration length{};
  std::uint32_t max = 0;
};

struct ApiConfig {
  std::vector<RateWindowConfig> rate_limits{{Duration{1'000'000'000}, 500},
                                            {Duration{15'000'000'000}, 1000},
                                            {Duration{60'000'000'000}, 2000}};
  Distribution
      latency;  ///< seconds between a request and its answer; a run is accepted at its answer
  double error_rate = 0;  ///< probability of a 5xx answer
};

struct WebhookConfig {
  Distribution latency;     ///< seconds of one delivery attempt
  double failure_rate = 0;  ///< probability that one attempt fails
  std::uint32_t max_attempts = 1;
  BackoffConfig backoff;
};

/// The whole pipeline. Ids are indexes into these vectors.
struct PipelineConfig {
  std::vector<ResourceGroupConfig> groups;
  std::vector<WorkspaceConfig> workspaces;
  std::vector<CredentialConfig> credentials;
  std::vector<WorkflowConfig> workflows;
  ApiConfig api;
  std::optional<WebhookConfig> webhooks;  ///< none: nobody listens
  bool stop_queued_siblings =
      false;  ///< a failed login also stops waiting runs that need exactly that credential
};

}  // namespace sluice
