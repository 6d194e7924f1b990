// The pipeline of a scenario as the mock API serves it: the same state machine, event queue,
// recorder and incidents that the simulator has, driven by requests instead of submitters.
//
// All that happens at one instant is simultaneous: completions and timers first, then requests in
// the order in which they come, then dispatch, as in the simulator. Requests come through
// catch_up(), which never dispatches at `now`; advance() does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mock_api/served_pipeline/run_identity.hpp"
#include "mock_api/served_pipeline/run_life.hpp"
#include "mock_api/served_pipeline/run_metrics.hpp"
#include "pipeline/command.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer_list.hpp"
#include "pipeline/pipeline.hpp"
#include "reports/recorder.hpp"
#include "scenarios/scenario.hpp"
#include "sim/command_log.hpp"
#include "sim/incidents.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {

/// Times are the service's. A reset begins the scenario again; its time zero is then. Not
/// thread-safe. Keeps references to runs and events.
class ServedPipeline {
 public:
  /// `listener`: somebody more who sees every transition, in the pipeline's own time; may be null.
  ServedPipeline(const Scenario& scenario, RunStore& runs, RunEvents& events, const RunNames& names,
                 PipelineObserver* listener = nullptr);
  ~ServedPipeline();
  ServedPipeline(const ServedPipeline&) = delete;
  ServedPipeline& operator=(const ServedPipeline&) = delete;

  // ---- time
  /// Lets everything happen that was due before `now`, and at `now` all but dispatch.
  void catch_up(Time now);
  /// Lets everything happen that is due up to `now`, dispatch included.
  void advance(Time now);
  /// Time::never() if nothing is due.
  Time next_due() const;

  // ---- requests; each after catch_up(now)
  Need credential_need(CredentialId credential) const {
    return Pipeline::credential_need(credential);
  }
  Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                 std::span<const CredentialId> members);
  /// `request` has everything but what identifies it. Refused: the record is to be withdrawn.
  Answer submit(Time now, ServedRun& run, RunRequest request,
                const std::optional<RunIdentity>& identity);
  std::optional<RunIdentity> identity(std::string_view header) const {
    return life_->identities.parse(header);
  }
  Answer count_request(Time now, WorkspaceId workspace);
  std::optional<RateRoom> rate_room(Time now, WorkspaceId workspace);
  void interrupt(Time now, ServedRun& run);
  /// See Pipeline::end_interaction.
  bool end_interaction(Time now, ServedRun& run, bool answered);
  /// Brings steps and files of a run that nobody hears up to date.
  void look(Time now, ServedRun& run);

  // ---- the world (admin API, vault, workflows); each after catch_up(now)
  /// Carries out a command, and keeps it in the log.
  void apply(Time now, const Command& command);
  /// What was commanded since the scenario began, in its time, as the key `incidents:` of a
  /// scenario that simulates the same.
  std::string commands_as_incidents() const;
  /// The pipeline for any other call that takes effect at `now`, and `now` in its own time.
  struct Inner {
    Pipeline& pipeline;
    Time now;
  };
  Inner enter(Time now);
  /// The configuration as it is now; what changes in it must be told to the pipeline.
  PipelineConfig& config() { return scenario_.pipeline; }
  const Pipeline& pipeline() const { return life_->pipeline; }
  const Scenario& scenario() const { return scenario_; }
  /// Of the latest catch_up() or advance().
  Time now() const { return now_; }

  // ---- the report so far
  ReplicationResult figures(Time now);
  const RecorderConfig& recorder_config() const { return recorder_config_; }
  Duration origin() const { return origin_; }
  /// Since the start, resets included.
  const RunMetrics& metrics() const { return metrics_; }

  /// Begins again at `now`: same seed, nothing submitted. The caller forgets the runs.
  void reset(Time now);

 private:
  /// Everything that a reset makes anew.
  struct Life {
    Life(ServedPipeline& owner, RunStore& runs, RunEvents& events);
    static ObserverList list(Recorder& recorder, RunLife& run_life, RunMetrics& metrics,
                             PipelineObserver* listener);

    EventQueue queue;
    std::unique_ptr<Recorder> recorder;
    RunLife run_life;
    ObserverList observers;
    Pipeline pipeline;
    Incidents incidents;
    RunIdentities identities;
    /// Of workers as many as there were to be lost, not as many as were asked for.
    std::vector<LoggedCommand> commands;
    std::uint64_t anonymous = 0;  // requests without a header so far
  };

  Time inner(Time now) const { return now - origin_; }
  void play_instant(Time now);
  void handle(const ScheduledEvent& scheduled);

  const Scenario original_;
  Scenario scenario_;  // with what vault and workflows added
  RunStore& runs_;
  RunEvents& events_;
  const RunNames& names_;
  PipelineObserver* listener_;
  std::uint64_t seed_;
  RecorderConfig recorder_config_;
  RunMetrics metrics_;
  Duration origin_{};
  Time now_;
  Time undispatched_ = Time::never();  // the instant in which something happened without dispatch
  std::unique_ptr<Life> life_;
};

}  // namespace sluice
