#include "mock_api/served_pipeline/run_life.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/random/random.hpp"
#include "base/text/uuid.hpp"
#include "mock_api/runs/run_errors.hpp"
#include "mock_api/scripts/scripted_attempt.hpp"
#include "mock_api/served_pipeline/served_events.hpp"
#include "mock_api/workflows/workflow_version.hpp"

namespace sluice {
namespace {

/// Whether the words of the script are for a run that ended for this reason.
bool says_end(const RunScript& script, EndReason reason) {
  return (reason == EndReason::timeout && script.outcome == RunScript::Outcome::timeout) ||
         (reason == EndReason::login_failed && script.outcome == RunScript::Outcome::login_fails);
}

}  // namespace

RunLife::RunLife(const PipelineConfig& config, EventQueue& queue, RunStore& runs, RunEvents& events,
                 const RunNames& names, std::uint64_t seed, Duration origin)
    : config_(config),
      queue_(queue),
      runs_(runs),
      events_(events),
      names_(names),
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
  if (submitting_->script) tell(now, *submitting_, StoryPoint::Kind::scripted);
}

void RunLife::answered(Time, const RunRequest&, const Answer& answer) {
  if (!answer.slot.valid()) return;
  if (answer.slot.index() >= slots_.size()) slots_.resize(answer.slot.index() + 1024);
  slots_[answer.slot.index()] = {submitting_};
  submitting_->slot = answer.slot;
}

void RunLife::accepted(Time now, const Run& run) {
  ServedRun& r = served(run);
  r.accepted = true;
  r.queued = stamp(now, r);
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
  if (!r.execution_start) r.execution_start = stamp(now, r);
  r.held = run.held;
  slot_of(run) = {&r};
  r.steps_done = 0;
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

bool RunLife::steps_are_heard(const ServedRun& run) const {
  if (run.settings.debug || events_.heard(run, EventType::execution_step)) return true;
  return events_.heard(run, EventType::file_uploaded) && !names_.downloads(run).empty();
}

void RunLife::begin_work(Time now, const Run& run) {
  if (steps_are_heard(served(run))) schedule_step(now, run);
}

std::uint32_t RunLife::all_steps_of(const Run& run) const {
  const WorkflowConfig& workflow = config_.workflows[run.request.workflow.index()];
  const double fraction = run.request.options.dry_run ? workflow.dry_run_fraction : 1;
  return steps_done_by(fraction, workflow.steps);
}

/// A failing attempt gets to a step that its script says or its own draws name.
std::uint32_t RunLife::steps_of(const Run& run) const {
  const std::uint32_t steps = all_steps_of(run);
  if (run.planned_reason != EndReason::failure) return steps;
  if (slot_of(run).run->script) return scripted_step(script_of(run).step, steps);
  return 1 + static_cast<std::uint32_t>(mix64(run.request.draw_key + run.attempt) % steps);
}

std::uint32_t RunLife::asking_step(const Run& run, const ServedRun& served) const {
  if (served.script && script_of(run).asks)
    return scripted_step(script_of(run).asks->step, all_steps_of(run)) - 1;
  return names_.asking_step(served);
}

std::uint32_t RunLife::steps_worked(const Run& run, const ServedRun& served) const {
  const std::uint32_t steps = steps_of(run);
  const bool asks = run.interaction.ns > 0 && slot_of(run).resumed == Time::never();
  return asks ? std::min(steps, asking_step(run, served) + 1) : steps;
}

Time RunLife::stretch_begin(const Run& run, const ServedRun& served) const {
  const Time resumed = slot_of(run).resumed;
  return resumed != Time::never() ? resumed : run.dispatched + served.attempts.back().login;
}

Time RunLife::step_begins(const Run& run, const ServedRun& served, std::uint32_t step) const {
  const Time begin = stretch_begin(run, served);
  const std::uint32_t steps = steps_worked(run, served), before = slot_of(run).steps_before;
  const std::uint32_t nth = std::clamp(step, before, std::max(before, steps)) - before;
  const Duration work = run.interaction_begins() - begin;
  return nth == 0 ? begin : begin + Duration{work.ns / (steps - before) * nth};
}

void RunLife::schedule_step(Time now, const Run& run) {
  const ServedRun& r = served(run);
  const std::uint32_t begun = slot_of(run).steps_begun;
  if (begun >= steps_worked(run, r)) return;
  queue_.schedule(std::max(now, step_begins(run, r, begun)), EventClass::timer,
                  {kStepDue, run.slot.value, run.generation});
}

void RunLife::step_due(Time now, const Run& run) {
  ServedRun& r = served(run);
  if (slot_of(run).steps_begun >= steps_worked(run, r)) return;  // it asks a person already
  begin_step(now, run, r);
  schedule_step(now, run);
}

void RunLife::begin_step(Time now, const Run& run, ServedRun& served) {
  const std::uint32_t step = slot_of(run).steps_begun++;
  served.steps_done = step;
  add_files(now, run, served);
  events_.step(outer(now), served, step);
  if (served.settings.debug)
    add_artifact(now, served, {RunArtifact::Kind::screenshot, step, run.attempt});
}

void RunLife::begin_steps(Time now, const Run& run, ServedRun& served, std::uint32_t until) {
  if (!steps_are_heard(served)) return;
  while (slot_of(run).steps_begun < until) begin_step(now, run, served);
}

void RunLife::add_files(Time now, const Run& run, ServedRun& served) {
  std::uint32_t& filed = slot_of(run).steps_filed;
  for (const StepDownload& download : names_.downloads(served)) {
    if (download.step < filed || download.step >= served.steps_done) continue;
    RunArtifact file{RunArtifact::Kind::file, download.step, run.attempt};
    file.name = download.file_name;
    file.created = stamp(step_over(now, run, served, download.step), served);
    keep(now, served, std::move(file));
  }
  filed = std::max(filed, served.steps_done);
}

Time RunLife::step_over(Time now, const Run& run, const ServedRun& served,
                        std::uint32_t step) const {
  const bool went_on_at_once =
      served.interaction == InteractionState::finished && slot_of(run).resumed == Time::never();
  if (went_on_at_once && step >= asking_step(run, served)) return now;
  return std::min(now, step_begins(run, served, step + 1));
}

std::uint32_t RunLife::steps_by(Time now, const Run& run, const ServedRun& served) const {
  if (run.logins_pending != 0) return 0;
  if (served.interaction == InteractionState::waiting ||
      served.interaction == InteractionState::failed)
    return std::min(asking_step(run, served), steps_of(run));
  const Time begin = stretch_begin(run, served);
  const double work = (run.interaction_begins() - begin).seconds();
  const double part = work > 0 ? (now - begin).seconds() / work : 1;
  const std::uint32_t before = slot_of(run).steps_before;
  const std::uint32_t rest = std::max(before, steps_worked(run, served)) - before;
  return before + static_cast<std::uint32_t>(std::clamp(part, 0.0, 1.0) * rest);
}

void RunLife::look(Time now, ServedRun& run, const Pipeline& pipeline) {
  if (run.status != RunStatus::start) return;
  const Run& inner = pipeline.run(run.slot);
  run.steps_done = steps_by(now - origin_, inner, run);
  add_files(now - origin_, inner, run);
}

void RunLife::interaction_due(Time now, const Run& run, Pipeline& pipeline) {
  ServedRun& r = served(run);
  if (!r.script && r.settings.dry_run && !names_.dry_run_asks(r)) {
    pipeline.end_interaction(now, run.slot, run.id, true);
    return;
  }
  begin_steps(now, run, r, steps_worked(run, r));
  r.interaction = InteractionState::waiting;
  r.interaction_since = stamp(now, r);
  const auto& interaction = workflow_of(r).interaction;
  r.interaction_until = r.script      ? outer(now) + run.interaction
                        : interaction ? outer(now) + interaction->timeout
                                      : Time::never();
  r.interaction_answer.clear();
  r.steps_done = steps_by(now, run, r);
  add_files(now, run, r);
  tell(now, r, StoryPoint::Kind::interaction_waiting);
  events_.interaction_waiting(outer(now), r);
}

void RunLife::interaction_over(Time now, const Run& run, ServedRun& served, bool answered) {
  served.interaction = answered ? InteractionState::finished : InteractionState::failed;
  tell(now, served, StoryPoint::Kind::interaction_answered, answered);
  if (!answered) return events_.interaction_failed(outer(now), served);
  events_.interaction_finished(outer(now), served);
  if (!served.script) begin_steps(now, run, served, steps_of(run));  // a scripted one works on
}

void RunLife::interaction_ended(Time now, const Run& run, bool answered) {
  ServedRun& r = served(run);
  r.attempts.back().service = run.service;
  if (r.interaction == InteractionState::waiting) interaction_over(now, run, r, answered);
  if (r.script && answered) resume(now, run);
}

void RunLife::handle(Time now, const Event& event, Pipeline& pipeline) {
  const RunSlot slot{event.subject};
  const Run& run = pipeline.run(slot);
  if (run.generation != event.generation) return;
  event.kind == kStepDue ? step_due(now, run) : interaction_due(now, run, pipeline);
}

// ---- ends

namespace {

/// A run that waits, for its first attempt or another one, is at no step.
RunError located(const Run& run, RunError error) {
  if (run.state != RunState::running) error.step = kNoStep;
  return error;
}

}  // namespace

void RunLife::leave_attempt(Time now, const Run& run, ServedRun& served, bool failed) {
  if (run.state != RunState::running) return;
  served.steps_done =
      failed ? std::min(steps_by(now, run, served), steps_of(run) - 1) : steps_of(run);
  RunAttempt& attempt = served.attempts.back();
  attempt.end = outer(now);
  attempt.steps_done = served.steps_done;
  add_files(now, run, served);
  RunArtifact video{RunArtifact::Kind::video, 0, run.attempt};
  video.created = stamp(now, served);
  served.artifacts.push_back(std::move(video));  // told of after the event that ends the attempt
}

void RunLife::add_error(Time now, ServedRun& run, RunError error) {
  error.error_id =
      uuid_of(stream_key(stream_key(seed_, "error"), run.session_id), run.errors.size());
  error.created = stamp(now, run);
  if (error.step != kNoStep) error.step = run.steps_done;
  error.attempt = static_cast<std::uint16_t>(std::max<std::size_t>(1, run.attempts.size()));
  run.errors.push_back(std::move(error));
  if (!run.errors.back().category.empty())
    events_.error_analysis(outer(now), run, run.errors.back());
}

void RunLife::add_artifact(Time now, ServedRun& run, RunArtifact artifact) {
  artifact.created = stamp(now, run);
  keep(now, run, std::move(artifact));
}

void RunLife::keep(Time now, ServedRun& run, RunArtifact artifact) {
  run.artifacts.push_back(std::move(artifact));
  events_.uploaded(outer(now), run, run.artifacts.back());
}

void RunLife::requeued(Time now, const Run& run, RequeueCause cause, Duration delay) {
  ServedRun& r = served(run);
  leave_attempt(now, run, r, true);
  if (cause == RequeueCause::retriable_failure) {
    add_error(now, r, failure_of(run, r, true));
  } else if (cause == RequeueCause::timeout) {
    add_error(now, r, located(run, end_error(EndReason::timeout, "")));
  }
  if (cause != RequeueCause::worker_lost && run.state == RunState::running)
    add_artifact(now, r, {RunArtifact::Kind::screenshot, r.steps_done, run.attempt, true});
  ++r.requeues;
  r.retries = run.retries;
  r.retry_delay = delay;
  r.next_execution = stamp(now + delay, r);
  r.status = RunStatus::requeued;
  r.interaction = InteractionState::none;
  tell(now, r, StoryPoint::Kind::requeued, static_cast<std::uint8_t>(cause));
  events_.requeued(outer(now), r, workflow_of(r).max_retries);
}

void RunLife::add_end_error(Time now, const Run& run, ServedRun& served, Outcome outcome,
                            EndReason reason) {
  if (reason == EndReason::completed) return;
  const bool is_known = run.failure_kind < workflow_of(served).failures.size();
  if (reason == EndReason::failure && is_known) served.failure_kind = run.failure_kind;
  RunError error = reason == EndReason::failure ? failure_of(run, served, false)
                                                : end_error(reason, culprit_alias_);
  if (served.script && says_end(served.script->script, reason))
    error = scripted_error(served.script->script, std::move(error));
  add_error(now, served, located(run, std::move(error)));
  if (outcome != Outcome::stopped && run.state == RunState::running)
    add_artifact(now, served,
                 {RunArtifact::Kind::screenshot, served.steps_done, run.attempt, true});
}

void RunLife::ended(Time now, const Run& run, Outcome outcome, EndReason reason) {
  ServedRun& r = served(run);
  if (r.interaction == InteractionState::waiting && outcome != Outcome::stopped)
    interaction_over(now, run, r,
                     reason != EndReason::interaction_timeout && reason != EndReason::timeout);
  leave_attempt(now, run, r, outcome != Outcome::succeeded);
  add_end_error(now, run, r, outcome, reason);
  if (outcome == Outcome::succeeded) {
    for (RunError& error : r.errors) error.recovered = true;
    add_artifact(now, r,
                 {RunArtifact::Kind::screenshot, std::max(1u, r.steps_done) - 1, run.attempt});
  }
  if (r.interaction == InteractionState::waiting) r.interaction = InteractionState::none;
  r.end_reason = reason;
  r.execution_end = stamp(now, r);
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

RunError RunLife::failure_of(const Run& run, const ServedRun& served, bool is_retried) const {
  if (served.script) return scripted_failure(served.script->script, is_retried);
  const auto& failures = workflow_of(served).failures;
  return run.failure_kind < failures.size() ? failure_error(failures[run.failure_kind])
                                            : end_error(EndReason::failure, "");
}

void RunLife::tell_ends() {
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
  tell_ends();
  return true;
}

// ---- what a script decides

const RunScript& RunLife::script_of(const Run& run) const {
  const auto& script = slot_of(run).run->script;
  SLUICE_REQUIRE(script != nullptr, "the run is scripted");
  return script->script;
}

AttemptPlan RunLife::plan(const Run& run, const AttemptPlan& drawn) const {
  return scripted_attempt(script_of(run), run.retries, drawn.length - drawn.interaction,
                          all_steps_of(run));
}

AttemptPlan RunLife::plan_after_answer(const Run& run) const {
  const Time begin = stretch_begin(run, *slot_of(run).run);
  return scripted_rest(script_of(run), run.interaction_begins() - begin, all_steps_of(run));
}

bool RunLife::logs_in(const Run& run) const {
  const RunScript& script = script_of(run);
  return script.outcome != RunScript::Outcome::login_fails ||
         is_scripted_retry(script, run.retries);
}

bool RunLife::retries(const Run& run) const {
  return is_scripted_retry(script_of(run), run.retries);
}

void RunLife::resume(Time now, const Run& run) {
  Slot& slot = slot_of(run);
  slot.steps_before = slot.steps_begun =
      scripted_step(script_of(run).asks->step, all_steps_of(run));
  slot.resumed = now;
  begin_work(now, run);
}

}  // namespace sluice
