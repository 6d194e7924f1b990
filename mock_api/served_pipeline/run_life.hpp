// From the pipeline's transitions to the life of runs as clients see it.
//
// Listens to the pipeline; changes each run's record first and tells of it then. Between the
// pipeline's transitions it makes a run's steps and its wait for a person, as events in the same
// queue: steps only of runs that somebody hears.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "mock_api/events/run_events.hpp"
#include "mock_api/runs/run_names.hpp"
#include "mock_api/runs/run_store.hpp"
#include "pipeline/attempt_planner.hpp"
#include "pipeline/event_queue.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/pipeline.hpp"

namespace sluice {

struct RunScript;

/// O(1) per transition. Keeps references. Times in are the pipeline's; what records and events get
/// are the service's, `origin` later. Not thread-safe.
class RunLife final : public PipelineObserver, public AttemptPlanner {
 public:
  RunLife(const PipelineConfig& config, EventQueue& queue, RunStore& runs, RunEvents& events,
          const RunNames& names, std::uint64_t seed, Duration origin);

  /// The next request that the pipeline answers is this run's.
  void submitting(ServedRun& run) { submitting_ = &run; }
  /// Handles a ServedEvent.
  void handle(Time now, const Event& event, Pipeline& pipeline);
  /// To be called after each event and command: tells of runs that one failed login has stopped,
  /// and lets runs that are over be forgotten.
  void tell_ends();
  /// The run is to be stopped by stop_next().
  void ask_interrupt(Time now, ServedRun& run);
  /// Stops the next run whose interrupt was asked for; false if there is none.
  bool stop_next(Time now, Pipeline& pipeline);
  /// Brings steps and files of a run that nobody hears up to date.
  void look(Time now, ServedRun& run, const Pipeline& pipeline);

  void submitted(Time now, const RunRequest& request) override;
  void answered(Time now, const RunRequest& request, const Answer& answer) override;
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

  // Of scripted runs.
  AttemptPlan plan(const Run& run, const AttemptPlan& drawn) const override;
  AttemptPlan plan_after_answer(const Run& run) const override;
  bool logs_in(const Run& run) const override;
  bool retries(const Run& run) const override;

 private:
  struct Slot {
    ServedRun* run = nullptr;
    std::uint32_t steps_begun = 0;
    std::uint32_t steps_filed = 0;  // whose files are among the artifacts
    /// Of an attempt that goes on after a person's answer: since when, and the steps before it.
    Time resumed = Time::never();
    std::uint32_t steps_before = 0;
  };

  Time outer(Time now) const { return now + origin_; }
  /// What a record of `run` gets: never before its creation, which is ahead of the clock where many
  /// runs are created at one instant.
  Time stamp(Time now, const ServedRun& run) const { return std::max(outer(now), run.created); }
  Slot& slot_of(const Run& run) { return slots_[run.slot.index()]; }
  const Slot& slot_of(const Run& run) const { return slots_[run.slot.index()]; }
  ServedRun& served(const Run& run) { return *slot_of(run).run; }
  /// REQUIRES: the run is scripted.
  const RunScript& script_of(const Run& run) const;
  const WorkflowConfig& workflow_of(const ServedRun& run) const {
    return config_.workflows[run.workflow.index()];
  }
  void tell(Time now, ServedRun& run, StoryPoint::Kind kind, std::uint8_t detail = 0,
            std::uint32_t subject = UINT32_MAX) const;
  void held_by(Time now, const Run& run, const Blocker& blocker, StoryPoint::Kind kind);
  static void lift_pause(ServedRun& run);

  /// Logins are over: the attempt's own work begins.
  void begin_work(Time now, const Run& run);
  void schedule_step(Time now, const Run& run);
  void step_due(Time now, const Run& run);
  void begin_step(Time now, const Run& run, ServedRun& served);
  /// Begins those that are due, if anybody hears of steps.
  void begin_steps(Time now, const Run& run, ServedRun& served, std::uint32_t until);
  void interaction_due(Time now, const Run& run, Pipeline& pipeline);
  void interaction_over(Time now, const Run& run, ServedRun& served, bool answered);
  /// Those of an attempt that does not fail.
  std::uint32_t all_steps_of(const Run& run) const;
  /// Those after which the attempt is over, or fails.
  std::uint32_t steps_of(const Run& run) const;
  /// Of these, the ones that begin before the run asks a person, or ends.
  std::uint32_t steps_worked(const Run& run, const ServedRun& served) const;
  /// The step, from 0, at which the run waits for a person.
  std::uint32_t asking_step(const Run& run, const ServedRun& served) const;
  /// When the steps began that come evenly spread until the run ends or waits for a person.
  Time stretch_begin(const Run& run, const ServedRun& served) const;
  void resume(Time now, const Run& run);
  std::uint32_t steps_by(Time now, const Run& run, const ServedRun& served) const;
  /// When step `step` begins; that of the last is over at the end of the attempt's work.
  Time step_begins(const Run& run, const ServedRun& served, std::uint32_t step) const;
  bool steps_are_heard(const ServedRun& run) const;
  /// When a step that is over by `now` was. What follows a person's answer without work of its own
  /// is over with the answer.
  Time step_over(Time now, const Run& run, const ServedRun& served, std::uint32_t step) const;
  /// Adds the files of steps that are over.
  void add_files(Time now, const Run& run, ServedRun& served);
  /// Ends the attempt under way.
  void leave_attempt(Time now, const Run& run, ServedRun& served, bool failed);
  void add_error(Time now, ServedRun& run, RunError error);
  /// The error of an attempt that fails; `is_retried`: and is tried again.
  RunError failure_of(const Run& run, const ServedRun& served, bool is_retried) const;
  /// One that is made now.
  void add_artifact(Time now, ServedRun& run, RunArtifact artifact);
  /// Its stamp may be earlier than `now`, at which it is told of.
  void keep(Time now, ServedRun& run, RunArtifact artifact);
  void add_end_error(Time now, const Run& run, ServedRun& served, Outcome outcome,
                     EndReason reason);
  void finish(Time now, ServedRun& run, Outcome outcome);

  const PipelineConfig& config_;
  EventQueue& queue_;
  RunStore& runs_;
  RunEvents& events_;
  const RunNames& names_;
  std::uint64_t seed_;
  Duration origin_;
  ServedRun* submitting_ = nullptr;
  std::vector<Slot> slots_;
  std::vector<std::array<std::uint32_t, kLevels>> dispatches_;  // of each group, by level
  ServedRun* culprit_ = nullptr;  // whose login failed last, in this event
  std::string_view culprit_alias_;
  std::vector<const ServedRun*> stopped_by_culprit_;
  std::vector<ServedRun*> over_;                               // ended in this event
  std::vector<std::pair<RunSlot, std::uint64_t>> interrupts_;  // with the number of the run
  Time last_;
};

}  // namespace sluice
