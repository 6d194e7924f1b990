#include "mock_api/engine/run_life.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "mock_api/contract/uuid.hpp"
#include "mock_api/engine/run_errors.hpp"
#include "mock_api/engine/served_events.hpp"
#include "pipeline/random.hpp"

namespace sluice {

RunLife::RunLife(const PipelineConfig& config, EventQueue& queue, RunStore& runs, RunEvents& events,
                 std::uint64_t seed, Duration origin)
    : config_(config),
      queue_(queue),
      runs_(runs),
      events_(events),
      seed_(seed),
      origin_(origin),
      dispatches_(config.groups.size()) {}

void RunLife::tell(Time now, ServedRun& run, StoryPoint::Kind kind, std::uint8_t detail,
                   std::uint32_t subject) const {
  if (run.story.size() >= kMostStoryPoints && kind != StoryPoint::Kind::ended) return;
  const GroupId group = config_.workspaces[run.workspace.index()].group;
  run.story.push_back({outer(now), kind, detail, subject, dispatches_[group.index()]});
}

// ---- before acceptance, waiting

void RunLife::submitted(Time now, const RunRequest&) {
  tell(now, *submitting_, StoryPoint::Kind::submitted);
}

void RunLife::answered(Time, const RunRequest&, const Answer& answer) {
  if (!answer.slot.valid()) return;
  if (answer.slot.index() >= slots_.size()) slots_.resize(answer.slot.index() + 1024);
  slots_[answer.slot.index()] = {submitting_, 0};
  submitting_->slot = answer.slot;
}

void RunLife::accepted(Time now, const Run& run) {
  ServedRun& r = served(run);
  r.accepted = true;
  r.queued = outer(now);
  tell(now, r, StoryPoint::Kind::accepted);
  events_.queued(outer(now), r);
  if (r.interrupt_asked) ask_interrupt(now, r);
}

void RunLife::held_by(Time now, const Run& run, const Blocker& blocker, StoryPoint::Kind kind) {
  ServedRun& r = served(run);
  tell(now, r, kind, static_cast<std::uint8_t>(blocker.reason), blocker.need.value);
  if (blocker.reason != BlockReason::pause) return lift_pause(r);
  if (r.status == RunStatus::paused) return;
  r.status = RunStatus::paused;
  events_.paused(
      outer(now), r,
      blocker.need.value == UINT32_MAX ? "The workflow is paused" : "The credential is paused");
}

void RunLife::lift_pause(ServedRun& run) {
  if (run.status == RunStatus::paused)
    run.status = run.requeues > 0 ? RunStatus::requeued : RunStatus::queued;
}

void RunLife::parked(Time now, const Run& run, const Blocker& blocker) {
  held_by(now, run, blocker, StoryPoint::Kind::parked);
}
void RunLife::holding(Time now, const Run& run, const Blocker& blocker) {
  held_by(now, run, blocker, StoryPoint::Kind::holding);
}
void RunLife::woken(Time now, const Run& run) {
  lift_pause(served(run));
  tell(now, served(run), StoryPoint::Kind::woken);
}
void RunLife::rejoined(Time now, const Run& run) {
  tell(now, served(run), StoryPoint::Kind::rejoined);
}

// ---- running

void RunLife::dispatched(Time now, const Run& run) {
  ServedRun& r = served(run);
  r.status = RunStatus::start;
  if (!r.execution_start) r.execution_start = outer(now);
  r.held = run.held;
  r.steps_done = slot_of(run).steps_begun = 0;
  r.interaction = InteractionState::none;
  r.attempts.push_back({outer(now), Time::never(), run.service});
  tell(now, r, StoryPoint::Kind::dispatched, 0, run.worker);
  ++dispatches_[run.group.index()][index(run.level())];
  events_.started(outer(now), r);
  if (run.interaction.ns > 0)
    queue_.schedule(run.interaction_begins(), EventClass::timer,
                    {kInteractionDue, run.slot.value, run.generation});
  if (run.logins_pending == 0) begin_work(now, run);
}

void RunLife::login_ended(Time now, const Run& run, CredentialId credential, bool succeeded) {
  ServedRun& r = served(run);
  tell(now, r, succeeded ? StoryPoint::Kind::login_succeeded : StoryPoint::Kind::login_failed, 0,
       credential.value);
  r.attempts.back().login = outer(now) - r.attempts.back().start;
  if (!succeeded) {
    const auto need = std::find(run.held.begin(), run.held.end(), credential) - run.held.begin();
    const auto& aliases = workflow_of(r).aliases;
    culprit_ = &r;
    culprit_alias_ = aliases[std::min(static_cast<std::size_t>(need), aliases.size() - 1)];
  } else if (run.logins_pending == 0) {
    begin_work(now, run);
  }
}

void RunLife::begin_work(Time now, const Run& run) {
  const ServedRun& r = served(run);
  if (r.settings.debug || events_.heard(r, EventType::execution_step)) schedule_step(now, run);
}

/// Of this attempt. A failing one gets to a step that its own draws name; a dry run stops early.
std::uint32_t RunLife::steps_of(const Run& run) const {
  const WorkflowConfig& workflow = config_.workflows[run.request.workflow.index()];
  std::uint32_t steps = std::max(1u, workflow.steps);
  if (run.request.options.dry_run)
    steps = std::max(1u, static_cast<std::uint32_t>(std::ceil(steps * workflow.dry_run_fraction)));
  if (run.planned_reason == EndReason::failure)
    steps = 1 + static_cast<std::uint32_t>(mix64(run.request.draw_key + run.attempt) % steps);
  return steps;
}

void RunLife::schedule_step(Time now, const Run& run) {
  const RunAttempt& attempt = served(run).attempts.back();
  const std::uint32_t begun = slot_of(run).steps_begun, steps = steps_of(run);
  if (begun >= steps) return;
  const Time begin = run.dispatched + attempt.login;
  const Duration work = run.interaction_begins() - begin;
  const Time at = begin + Duration{work.ns / steps * begun};
  queue_.schedule(std::max(now, at), EventClass::timer, {kStepDue, run.slot.value, run.generation});
}

void RunLife::step_due(Time now, const Run& run) {
  ServedRun& r = served(run);
  const std::uint32_t step = slot_of(run).steps_begun++;
  r.steps_done = step;
  events_.step(outer(now), r, step);
  if (r.settings.debug) add_artifact(now, r, {RunArtifact::Kind::screenshot, step, run.attempt});
  schedule_step(now, run);
}

std::uint32_t RunLife::steps_by(Time now, const Run& run, const ServedRun& served) const {
  if (run.logins_pending != 0) return 0;
  const Time begin = run.dispatched + served.attempts.back().login;
  const double work = (run.interaction_begins() - begin).seconds();
  const double part = work > 0 ? (now - begin).seconds() / work : 1;
  return static_cast<std::uint32_t>(std::clamp(part, 0.0, 1.0) * steps_of(run));
}

void RunLife::look(Time now, ServedRun& run, const Pipeline& pipeline) const {
  if (run.status == RunStatus::start)
    run.steps_done = steps_by(now - origin_, pipeline.run(run.slot), run);
}

void RunLife::interaction_due(Time now, const Run& run) {
  ServedRun& r = served(run);
  r.interaction = InteractionState::waiting;
  r.interaction_since = outer(now);
  const auto& interaction = workflow_of(r).interaction;
  r.interaction_until = interaction ? outer(now) + interaction->timeout : Time::never();
  r.interaction_answer.clear();
  r.steps_done = steps_of(run);
  tell(now, r, StoryPoint::Kind::interaction_waiting);
  events_.interaction_waiting(outer(now), r);
}

void RunLife::interaction_over(Time now, ServedRun& run, bool answered) {
  run.interaction = answered ? InteractionState::finished : InteractionState::failed;
  tell(now, run, StoryPoint::Kind::interaction_answered, answered);
  if (answered) {
    events_.interaction_finished(outer(now), run);
  } else {
    events_.interaction_failed(outer(now), run);
  }
}

void RunLife::interaction_ended(Time now, const Run& run, bool answered) {
  ServedRun& r = served(run);
  r.attempts.back().service = run.service;
  interaction_over(now, r, answered);
}

void RunLife::handle(Time now, const Event& event, Pipeline& pipeline) {
  const RunSlot slot{event.subject};
  const Run& run = pipeline.run(slot);
  if (run.generation != event.generation) return;
  event.kind == kStepDue ? step_due(now, run) : interaction_due(now, run);
}

// ---- ends

void RunLife::leave_attempt(Time now, const Run& run, ServedRun& served, bool failed) {
  if (run.state != RunState::running) return;
  served.steps_done =
      failed ? std::min(steps_by(now, run, served), steps_of(run) - 1) : steps_of(run);
  RunAttempt& attempt = served.attempts.back();
  attempt.end = outer(now);
  attempt.steps_done = served.steps_done;
  RunArtifact video{RunArtifact::Kind::video, 0, run.attempt};
  video.created = outer(now);
  served.artifacts.push_back(std::move(video));  // told of after the event that ends the attempt
}

void RunLife::add_error(Time now, ServedRun& run, RunError error) {
  error.error_id =
      uuid_of(stream_key(stream_key(seed_, "error"), run.session_id), run.errors.size());
  error.created = outer(now);
  error.step = run.steps_done;
  error.attempt = static_cast<std::uint16_t>(std::max<std::size_t>(1, run.attempts.size()));
  run.errors.push_back(std::move(error));
  if (!run.errors.back().category.empty())
    events_.error_analysis(outer(now), run, run.errors.back());
}

void RunLife::add_artifact(Time now, ServedRun& run, RunArtifact artifact) {
  artifact.created = outer(now);
  run.artifacts.push_back(std::move(artifact));
  events_.uploaded(outer(now), run, run.artifacts.back());
}

void RunLife::requeued(Time now, const Run& run, RequeueCause cause, Duration delay) {
  ServedRun& r = served(run);
  leave_attempt(now, run, r, true);
  if (cause == RequeueCause::retriable_failure) {
    add_error(now, r, failure_error(workflow_of(r).failures[run.failure_kind]));
  } else if (cause == RequeueCause::timeout) {
    add_error(now, r, end_error(EndReason::timeout, ""));
  }
  if (cause != RequeueCause::worker_lost && run.state == RunState::running)
    add_artifact(now, r, {RunArtifact::Kind::screenshot, r.steps_done, run.attempt, true});
  ++r.requeues;
  r.retries = run.retries;
  r.retry_delay = delay;
  r.next_execution = outer(now + delay);
  r.status = RunStatus::requeued;
  r.interaction = InteractionState::none;
  tell(now, r, StoryPoint::Kind::requeued, static_cast<std::uint8_t>(cause));
  events_.requeued(outer(now), r, workflow_of(r).max_retries);
}

void RunLife::add_end_error(Time now, const Run& run, ServedRun& served, Outcome outcome,
                            EndReason reason) {
  if (reason == EndReason::completed) return;
  const auto& failures = workflow_of(served).failures;
  const bool known = reason == EndReason::failure && run.failure_kind < failures.size();
  if (known) served.failure_kind = run.failure_kind;
  add_error(now, served,
            known ? failure_error(failures[run.failure_kind]) : end_error(reason, culprit_alias_));
  if (outcome != Outcome::stopped && run.state == RunState::running)
    add_artifact(now, served,
                 {RunArtifact::Kind::screenshot, served.steps_done, run.attempt, true});
}

void RunLife::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  ServedRun& r = served(run);
  if (r.interaction == InteractionState::waiting && outcome != Outcome::stopped)
    interaction_over(now, r,
                     reason != EndReason::interaction_timeout && reason != EndReason::timeout);
  leave_attempt(now, run, r, outcome != Outcome::succeeded);
  add_end_error(now, run, r, outcome, reason);
  if (outcome == Outcome::succeeded) {
    for (RunError& error : r.errors) error.recovered = true;
    add_artifact(now, r,
                 {RunArtifact::Kind::screenshot, std::max(1u, r.steps_done) - 1, run.attempt});
  }
  r.end_reason = reason;
  r.execution_end = outer(now);
  r.slot = RunSlot::none();
  tell(now, r, StoryPoint::Kind::ended, static_cast<std::uint8_t>(reason));
  slot_of(run) = {};
  finish(now, r, outcome);
}

void RunLife::finish(Time now, ServedRun& run, Outcome outcome) {
  run.status = outcome == Outcome::succeeded ? RunStatus::success
               : outcome == Outcome::failed  ? RunStatus::failed
                                             : RunStatus::stopped;
  last_ = outer(now);
  over_.push_back(&run);
  if (run.end_reason == EndReason::sibling_login_failed && culprit_ != nullptr) {
    run.stopped_by = culprit_->number;
    stopped_by_culprit_.push_back(&run);
  } else {
    events_.ended(outer(now), run);
  }
}

void RunLife::settle() {
  if (!stopped_by_culprit_.empty()) events_.stopped_by_login(last_, *culprit_, stopped_by_culprit_);
  stopped_by_culprit_.clear();
  culprit_ = nullptr;
  if (over_.empty()) return;
  for (ServedRun* run : over_) runs_.finished(*run);
  over_.clear();
}

void RunLife::ask_interrupt(Time now, ServedRun& run) {
  if (!run.interrupt_asked) tell(now, run, StoryPoint::Kind::interrupt_asked);
  run.interrupt_asked = true;
  if (run.accepted) interrupts_.emplace_back(run.slot, run.number);
}

bool RunLife::stop_next(Time now, Pipeline& pipeline) {
  if (interrupts_.empty()) return false;
  const auto [slot, number] = interrupts_.front();
  interrupts_.erase(interrupts_.begin());
  const ServedRun* run = slots_[slot.index()].run;
  if (run != nullptr && run->number == number) pipeline.interrupt(now, slot, pipeline.run(slot).id);
  settle();
  return true;
}

}  // namespace sluice
