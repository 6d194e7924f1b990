// Checks what must hold in every pipeline, whatever happens: attach it to any test or simulation.
//
// - no run of a higher level could start when a lower one was given a worker (strict_priority,
// workspace_cap)
// - a workspace is not served twice at a level while another one waits there all the time
// - at the end of an instant no run that could start waits beside an idle worker for which the
// policy would name it (every policy, every rule for busy credentials; candidates and parked runs),
//   and no holding run could start
// - limits of credentials, login guards, pauses and caps are respected; a pool's member serves a
// pool's need
// - nobody is parked who could start
// - a run leaves its worker only at the time that was planned, by a failed login, by a sibling's,
// by an interruption, or with
//   its worker; retries come back when their delay is over and are no more than allowed
// - each accepted run ends at most once, and is otherwise still counted; groups use their own
// workers only
// - no more runs are accepted and given up than were submitted: the rest is still being submitted
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/pipeline.hpp"
#include "tests/model/invariants/mirror.hpp"

namespace sluice::invariants {

struct InvariantOptions {
  /// Checks that look at all waiting runs are made at every n-th dispatch and instant only.
  std::uint32_t scan_every = 1;
  std::size_t keep_violations = 20;
};

/// Keeps a reference to the configuration. Cost: O(waiting runs) per dispatch divided by
/// `scan_every`, else O(1). Not thread-safe.
class InvariantsObserver : public PipelineObserver {
 public:
  explicit InvariantsObserver(const PipelineConfig& config, InvariantOptions options = {});

  /// Empty if all held; else one line per violation, with simulated time and run.
  std::string violations() const;
  /// At the very end: the last instant, and that the pipeline itself still counts each run that has
  /// not ended.
  void finish(const Pipeline& pipeline);
  void submitted(Time now, const RunRequest& request) override;
  void gave_up(Time now, const RunRequest& request) override;
  void accepted(Time now, const Run& run) override;
  void parked(Time now, const Run& run, const Blocker& blocker) override;
  void woken(Time now, const Run& run) override;
  void holding(Time now, const Run& run, const Blocker& blocker) override;
  void dispatched(Time now, const Run& run) override;
  void login_ended(Time now, const Run& run, CredentialId credential, bool succeeded) override;
  void interaction_ended(Time now, const Run& run, bool answered) override;
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override;
  void rejoined(Time now, const Run& run) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;
  void workers_changed(Time now, GroupId group, const WorkerCounts& counts) override;
  void credential_changed(Time now, CredentialId credential,
                          const CredentialStatus& status) override;
  void group_paused(Time now, GroupId group, bool paused) override;
  void workflow_paused(Time now, WorkflowId workflow, bool paused) override;
  void pool_defined(std::uint32_t pool_use, std::uint32_t pool, const CredentialId* first,
                    std::size_t count) override;

 private:
  /// Turns of one workspace at one level.
  struct Turns {
    std::uint32_t candidates = 0;
    std::uint32_t blocked_by = 0;  ///< parked runs that its others wait behind (block_*)
    std::uint64_t since =
        0;  ///< tick from which on it always had a candidate and nobody of it was parked
    std::uint64_t last_dispatch = 0;  ///< tick; 0: never
  };

  void advance(Time now);
  void check_instant();
  void check_left_behind(const SeenRun& run);
  void check_limits(const SeenRun& run);
  void end_submitting(const RunRequest& request);
  void check_priority(const SeenRun& run);
  void check_turns(const SeenRun& run);
  void check_credentials(const Run& run, const SeenRun& seen);
  void check_end(const SeenRun& run, Outcome outcome, EndReason reason);
  void take_worker(const SeenRun& run, bool holding);
  void leave(SeenRun& run);
  void expect(bool holds, const SeenRun& run, std::string_view rule);
  void violated(std::string_view rule, const std::string& who);
  bool scan_now() { return ++scans_ % options_.scan_every == 0; }
  void become_candidate(SeenRun& run);
  void stop_being_candidate(const SeenRun& run);
  Turns& turns(const SeenRun& run) {
    return turns_[run.group.index()][index(run.request.level)][run.request.workspace.value];
  }

  InvariantOptions options_;
  Mirror mirror_;
  Time now_;
  bool anything_yet_ = false;
  std::uint64_t scans_ = 0, tick_ = 0;
  bool any_submitted_ = false;
  std::set<std::pair<SubmitterId, std::uint64_t>> submitting_;  // and index
  std::uint64_t accepted_ = 0, ended_ = 0;
  std::vector<std::array<std::map<std::uint32_t, Turns>, kLevels>> turns_;
  std::vector<char> workflow_paused_;
  std::vector<std::string> violations_;
};

}  // namespace sluice::invariants
