// The state of a pipeline as its transitions tell it: who waits, who runs, who holds what.
//
// Kept apart from the dispatcher on purpose: it is built from PipelineConfig and observer calls
// alone.
#pragma once

#include <optional>
#include <vector>

#include "pipeline/config.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"

namespace sluice::invariants {

/// A run as far as its transitions show it.
struct SeenRun {
  std::uint64_t id = 0;
  RunState state = RunState::free;
  RunRequest request;
  GroupId group;
  Time accepted;
  Time has_worker_since;  ///< running or holding
  Time dispatched;
  Duration service{};
  Duration ran{};                   ///< in attempts that were requeued
  Time rejoins_at;                  ///< delayed: when it is due
  Time queued_at;                   ///< accepted or requeued last
  std::size_t level = 0;            ///< at which it was queued when that was told last
  bool waits_for_workflow = false;  ///< parked or holding because its workflow is paused
  std::vector<CredentialId> held;   ///< distinct
  std::optional<Time> login_failed_at;

  bool waits() const {
    return state == RunState::queued || state == RunState::parked || state == RunState::delayed ||
           state == RunState::holding;
  }
};

struct SeenCredential {
  std::uint32_t active = 0;
  std::uint32_t limit = 0;
  bool guarded = false;
  bool paused = false;
  bool above_by_change = false;  ///< of its limit; those who held it keep it
  std::optional<Time> login_failed_at;

  bool available() const { return !paused && !guarded && active < limit; }
};

struct SeenGroup {
  WorkerCounts workers;
  bool paused = false;
};

/// Runs, credentials and groups. Not thread-safe. Lookups O(1); by_waiting O(slots in use so far).
class Mirror {
 public:
  explicit Mirror(const PipelineConfig& config);

  SeenRun& run(const Run& run);
  SeenGroup& group(GroupId group) { return groups_[group.index()]; }
  SeenCredential& credential(CredentialId credential) {
    if (credential.index() >= credentials_.size()) credentials_.resize(credential.index() + 1);
    return credentials_[credential.index()];
  }
  const std::vector<SeenRun>& runs() const { return runs_; }
  const PipelineConfig& config() const { return config_; }
  const ResourceGroupConfig& config_of(const SeenRun& run) const {
    return config_.groups[run.group.index()];
  }

  void define_pool(std::uint32_t pool_use, std::vector<CredentialId> members);
  const std::vector<CredentialId>& members(Need need) const { return pools_[need.pool_use()]; }

  /// Whether a waiting run could take all that it needs now, taken literally: not in a retry delay,
  /// workflow not paused as far as seen, workspace below its cap, and a credential for every need.
  bool could_start(const SeenRun& run) const;
  /// Another run of its queue is parked, so that with block_* it waits behind it, or behind a
  /// higher level. With `ageing` nobody is told when a candidate climbs: true if that is so at any
  /// level at which it can be by now.
  bool held_up_by_rule(const SeenRun& run, Time now) const;
  /// Whether the policy, asked for a run for one of the idle workers, would name this waiting run
  /// sooner or later, if each run that it names takes no worker. Where a run is parked, the level
  /// at which it was passed over counts.
  bool would_be_named(const SeenRun& run, Time now) const;
  /// When it has waited too long for its workflow, or for its submitter; Time::never(): never.
  Time expires(const SeenRun& run) const;
  static Time cancelled(const SeenRun& run);
  /// When the attempt has lasted too long. REQUIRES: it has a worker.
  Time times_out(const SeenRun& run) const;
  std::uint32_t at_work(WorkspaceId workspace) const { return at_work_[workspace.index()]; }
  void change_at_work(WorkspaceId workspace, int by) {
    at_work_[workspace.index()] += static_cast<std::uint32_t>(by);
  }

 private:
  bool credentials_available(const SeenRun& run) const;
  bool held_up_at(const SeenRun& run, std::size_t level) const;
  bool is_kept_back(const SeenRun& run) const;

  const PipelineConfig& config_;
  std::vector<SeenRun> runs_;  ///< by slot
  std::vector<SeenCredential> credentials_;
  std::vector<SeenGroup> groups_;
  std::vector<std::uint32_t> at_work_;  ///< runs with a worker, by workspace
  std::vector<std::vector<CredentialId>> pools_;
};

}  // namespace sluice::invariants
