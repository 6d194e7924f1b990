// What can be done to a pipeline from outside, as values: incidents, the admin API and tests make
// them, Pipeline::apply() carries them out, logs keep them.
//
// What is about one run (to interrupt it, to answer it) and changes of the configuration are calls
// of the pipeline, not commands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "pipeline/cause.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// What can be paused. Of a paused group nothing is dispatched; runs of a paused workflow, or that
/// need a paused credential, do not start.
using Pausable = std::variant<CredentialId, WorkflowId, GroupId>;

/// Nests: what was paused twice is to be resumed twice. A credential's outages count as well.
struct Pause {
  Pausable what;
  bool operator==(const Pause&) const = default;
};
/// Without a pause before: nothing happens.
struct Resume {
  Pausable what;
  bool operator==(const Resume&) const = default;
};

/// The target size of a pool, whatever its schedule or autoscaler says, until the same cause ends
/// it. Of several the one that began last and still holds counts; a second one by the same cause
/// takes the place of the first.
struct SetWorkers {
  GroupId group;
  std::uint32_t count = 0;
  CauseId by = kByHand;
  bool operator==(const SetWorkers&) const = default;
};
struct EndSetWorkers {
  GroupId group;
  CauseId by = kByHand;
  bool operator==(const EndSetWorkers&) const = default;
};
/// Up to `count` workers drawn at random are gone until restored; runs on them are requeued at
/// once.
struct LoseWorkers {
  GroupId group;
  std::uint32_t count = 0;
  CauseId by = kByHand;
  bool operator==(const LoseWorkers&) const = default;
};
/// Up to `count` of the workers that `by` took come back, idle at once, if the pool needs them
/// still.
struct RestoreWorkers {
  GroupId group;
  std::uint32_t count = 0;
  CauseId by = kByHand;
  bool operator==(const RestoreWorkers&) const = default;
};
/// A deploy: every worker of the group restarts through start-up; runs on them are requeued.
struct RestartWorkers {
  GroupId group;
  bool operator==(const RestartWorkers&) const = default;
};

/// Multiplies all failure rates of the workflow.
struct SetFailureFactor {
  WorkflowId workflow;
  double factor = 1;
  bool operator==(const SetFailureFactor&) const = default;
};
/// Multiplies the share of logins that fail.
struct SetLoginFailureFactor {
  CredentialId credential;
  double factor = 1;
  bool operator==(const SetLoginFailureFactor&) const = default;
};
/// Multiplies the own time, drawn or given, of attempts that begin from now on; not the cost of
/// options, logins and waits for people.
struct SetDurationFactor {
  WorkflowId workflow;
  double factor = 1;
  bool operator==(const SetDurationFactor&) const = default;
};
/// Replaces what was overridden before; what the configuration says, now or later, goes on
/// underneath. A limit holds only where several sessions are allowed, and takes nothing from runs
/// that hold the credential; expiry times hold for the sessions that are stored, too.
struct OverrideCredential {
  CredentialId credential;
  CredentialOverride to;
  bool operator==(const OverrideCredential&) const = default;
};
/// Multiplies the latency of answers.
struct SetApiLatencyFactor {
  double factor = 1;
  bool operator==(const SetApiLatencyFactor&) const = default;
};
/// The share of requests that are answered with 5xx, 0 to 1, whatever the configuration says.
struct SetApiErrorRate {
  double rate = 0;
  bool operator==(const SetApiErrorRate&) const = default;
};

using Command =
    std::variant<Pause, Resume, SetWorkers, EndSetWorkers, LoseWorkers, RestoreWorkers,
                 RestartWorkers, SetFailureFactor, SetLoginFailureFactor, SetDurationFactor,
                 OverrideCredential, SetApiLatencyFactor, SetApiErrorRate>;

/// One line of JSON with the names of `config`, in the words of incidents:
/// `{"pause_credential":"portal"}`, `{"set_workers":{"group":"main","count":8}}`.
std::string text_of(const Command& command, const PipelineConfig& config);

}  // namespace sluice
