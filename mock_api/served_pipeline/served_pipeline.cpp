#include "mock_api/served_pipeline/served_pipeline.hpp"

#include <algorithm>
#include <variant>

#include "base/check.hpp"
#include "base/random/distribution.hpp"
#include "mock_api/served_pipeline/served_events.hpp"
#include "pipeline/attempt.hpp"
#include "reports/make_recorder.hpp"
#include "sim/event_kinds.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"

namespace sluice {
namespace {

/// Without people, runs wait for their clients; questions for input variables have a time of their
/// own.
Scenario as_served(Scenario scenario) {
  const ServeConfig& serve = scenario.serve;
  for (std::size_t i = 0; i < scenario.pipeline.workflows.size(); ++i) {
    auto& interaction = scenario.pipeline.workflows[i].interaction;
    if (!interaction) continue;
    if (!serve.people)
      interaction->answer_after = Distribution::constant(2 * kLongestAnswer.seconds());
    const bool wants_inputs =
        i < serve.workflows.size() &&
        serve.workflows[i].interaction.kind == ServedInteraction::Kind::input_required;
    if (wants_inputs && (serve.input_required_timeout || !serve.people))
      interaction->timeout = serve.input_required_timeout.value_or(kInputRequiredTimeout);
  }
  return scenario;
}

/// The warm-up that the scenario states; one that is to be found needs the whole run.
Time stated_warm_up(const Scenario& scenario) {
  if (scenario.warm_up.automatic) return Time::zero();
  return Time::zero() + std::min(scenario.warm_up.length, scenario.duration);
}

}  // namespace

ObserverList ServedPipeline::Life::list(Recorder& recorder, RunLife& run_life, RunMetrics& metrics,
                                        PipelineObserver* listener) {
  ObserverList list;
  list.add(recorder);
  list.add(run_life);
  list.add(metrics);
  if (listener != nullptr) list.add(*listener);
  return list;
}

ServedPipeline::Life::Life(ServedPipeline& owner, RunStore& runs, RunEvents& events)
    : recorder(make_recorder(owner.recorder_config_, owner.scenario_.pipeline)),
      run_life(owner.scenario_.pipeline, queue, runs, events, owner.names_, owner.seed_,
               owner.origin_),
      observers(list(*recorder, run_life, owner.metrics_, owner.listener_)),
      pipeline(owner.scenario_.pipeline, owner.seed_, queue, observers),
      incidents(owner.scenario_, pipeline, queue),
      identities(owner.scenario_, owner.seed_) {
  queue.name_kinds(served_event_name);
  incidents.start(Time::never());
  pipeline.set_planner(run_life);
}

ServedPipeline::ServedPipeline(const Scenario& scenario, RunStore& runs, RunEvents& events,
                               const RunNames& names, PipelineObserver* listener)
    : original_(as_served(scenario)),
      scenario_(original_),
      runs_(runs),
      events_(events),
      names_(names),
      listener_(listener),
      seed_(replication_seed(scenario.seed, 0)),
      recorder_config_(sluice::recorder_config(scenario, stated_warm_up(scenario))),
      metrics_(original_.pipeline),
      life_(std::make_unique<Life>(*this, runs, events)) {}

ServedPipeline::~ServedPipeline() = default;

void ServedPipeline::reset(Time now) {
  catch_up(now);
  life_.reset();
  scenario_ = original_;
  origin_ = now - Time::zero();
  undispatched_ = Time::never();
  life_ = std::make_unique<Life>(*this, runs_, events_);
}

// ---- time

void ServedPipeline::handle(const ScheduledEvent& scheduled) {
  const std::uint32_t kind = scheduled.event.kind;
  if (kind < kPipelineEventKinds) {
    life_->pipeline.handle(scheduled.time, scheduled);
  } else if (kind >= kStepDue) {
    life_->run_life.handle(scheduled.time, scheduled.event, life_->pipeline);
  } else {
    life_->incidents.handle(scheduled.time, scheduled.event);
  }
  life_->run_life.tell_ends();
}

void ServedPipeline::play_instant(Time now) {
  do {
    while (life_->queue.next_time() == now) handle(life_->queue.pop());
  } while (life_->run_life.stop_next(now, life_->pipeline));
  undispatched_ = Time::never();
  life_->pipeline.dispatch(now);
}

void ServedPipeline::catch_up(Time now) {
  SLUICE_REQUIRE(now >= now_, "time does not go back");
  now_ = now;
  const Time until = inner(now);
  for (;;) {
    const Time due = std::min(life_->queue.next_time(), undispatched_);
    if (due >= until) break;
    play_instant(due);
  }
  if (life_->queue.next_time() != until) return;
  undispatched_ = until;
  while (life_->queue.next_time() == until) handle(life_->queue.pop());
}

void ServedPipeline::advance(Time now) {
  SLUICE_REQUIRE(now >= now_, "time does not go back");
  now_ = now;
  const Time until = inner(now);
  for (;;) {
    const Time due = std::min(life_->queue.next_time(), undispatched_);
    if (due > until) return;
    play_instant(due);
  }
}

Time ServedPipeline::next_due() const {
  return std::min(life_->queue.next_time(), undispatched_) + origin_;
}

// ---- requests

Need ServedPipeline::pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                               std::span<const CredentialId> members) {
  return life_->pipeline.pool_need(workspace, workflow, alias, members);
}

Answer ServedPipeline::submit(Time now, ServedRun& run, RunRequest request,
                              const std::optional<RunIdentity>& identity) {
  const auto [pipeline, at] = enter(now);
  life_->identities.identify(at, identity, life_->anonymous, request);
  if (!identity) ++life_->anonymous;
  if (run.script) request.fixed_outcome = FixedOutcome::planned;
  run.submitter = request.submitter;
  run.index = request.index;
  life_->run_life.submitting(run);
  Answer answer = pipeline.submit(at, request);
  answer.answered_at = answer.answered_at + origin_;
  if (answer.status == Answer::Status::accepted) {
    life_->identities.accepted(request);
  } else if (life_->identities.refused(request)) {
    pipeline.give_up(at, request);
  }
  return answer;
}

Answer ServedPipeline::count_request(Time now, WorkspaceId workspace) {
  return life_->pipeline.count_request(inner(now), workspace);
}

std::optional<RateRoom> ServedPipeline::rate_room(Time now, WorkspaceId workspace) {
  return life_->pipeline.rate_room(inner(now), workspace);
}

void ServedPipeline::apply(Time now, const Command& command) {
  const auto [pipeline, at] = enter(now);
  Command logged = command;
  if (auto* const loss = std::get_if<LoseWorkers>(&logged))
    loss->count = std::min(loss->count, pipeline.workers(loss->group).present());
  life_->commands.push_back({at, logged});
  pipeline.apply(at, command);
}

std::string ServedPipeline::commands_as_incidents() const {
  return incidents_yaml(life_->commands, original_.pipeline, scenario_.pipeline);
}

ServedPipeline::Inner ServedPipeline::enter(Time now) {
  SLUICE_REQUIRE(now == now_, "a call comes at the time of the latest catch_up() or advance()");
  undispatched_ = inner(now);
  return {life_->pipeline, inner(now)};
}

void ServedPipeline::interrupt(Time now, ServedRun& run) {
  enter(now);
  life_->run_life.ask_interrupt(inner(now), run);
}

bool ServedPipeline::end_interaction(Time now, ServedRun& run, bool answered) {
  if (!run.slot.valid() || !run.accepted) return false;
  const auto [pipeline, at] = enter(now);
  return pipeline.end_interaction(at, run.slot, pipeline.run(run.slot).id, answered);
}

void ServedPipeline::look(Time now, ServedRun& run) {
  life_->run_life.look(now, run, life_->pipeline);
}

ReplicationResult ServedPipeline::figures(Time now) {
  return life_->recorder->finish(std::max(inner(now), recorder_config_.from));
}

}  // namespace sluice
