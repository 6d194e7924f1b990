#include <fmt/format.h>

#include <algorithm>

#include "tests/model/reference/log_lines.hpp"
#include "tests/model/reference/reference_pipeline.hpp"

namespace sluice::reference {

namespace {

/// Takes effect on what is drawn later, and has nothing to do with waking.
bool is_factor(StepKind kind) {
  return kind == StepKind::failure_factor || kind == StepKind::login_failure_factor ||
         kind == StepKind::api_latency_factor || kind == StepKind::api_error_rate ||
         kind == StepKind::duration_factor;
}

}  // namespace

Log play_reference(const Script& script) { return ReferencePipeline(script).play(); }

ReferencePipeline::ReferencePipeline(const Script& script) : script_(script) {
  credentials_.resize(config().credentials.size());
  workflow_pauses_.resize(config().workflows.size());
  failure_factor_.assign(config().workflows.size(), 1);
  duration_factor_.assign(config().workflows.size(), 1);
  requests_.resize(config().workspaces.size());
  error_rate_ = config().api.error_rate;
  const std::uint64_t groups_key = stream_key(script.seed, "group");
  for (std::size_t g = 0; g < config().groups.size(); ++g) {
    ReferenceGroup group;
    const std::uint64_t key = stream_key(groups_key, g);
    group.start_up = Stream(stream_key(key, "start_up"));
    group.cool_down = Stream(stream_key(key, "cool_down"));
    group.failures = Stream(stream_key(key, "failures"));
    group.planned = group.idle = config().groups[g].workers.count;
    group.credit = config().groups[g].dispatch.weights;
    for (auto& level : group.worker_time) {
      level.resize(config().workspaces.size());
      for (const auto& [workspace, weight] : config().groups[g].dispatch.share_weights)
        level[workspace.index()].weight = weight;
    }
    groups_.push_back(group);
  }
  last_workers_.resize(groups_.size());
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    config().groups[g].workers.autoscaling ? schedule_look(g) : schedule_capacity(g, 0);
    draw_failure_anew(g);
  }
  for (std::uint32_t c = 0; c < credentials_.size(); ++c) schedule_outage(c, 0);
  for (const Step& step : script.steps) {
    const auto event_class =
        step.kind == StepKind::submit ? EventClass::arrival : EventClass::timer;
    schedule(
        step.at, event_class, [this, &step] { carry_out(step); }, false);
  }
}

Log ReferencePipeline::play() {
  while (step_clock()) {
  }
  return log_;
}

// ---- the clock

void ReferencePipeline::schedule(Time when, EventClass event_class, std::function<void()> action,
                                 bool settles) {
  if (when > script_.horizon) return;
  events_.push_back({when, event_class, events_scheduled_++, std::move(action), settles});
}

/// One instant: all its events, then dispatch; false when nothing is left.
bool ReferencePipeline::step_clock() {
  if (events_.empty()) return false;
  const Time next =
      std::min_element(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
        return a.time < b.time;
      })->time;
  charge_worker_time(next);
  now_ = next;
  const auto is_now = [this](const Event& event) { return event.time == now_; };
  while (std::any_of(events_.begin(), events_.end(), is_now)) {
    while (std::any_of(events_.begin(), events_.end(), is_now)) handle_next_event();
    dispatch_everything();
  }
  log_changed_workers();
  return true;
}

void ReferencePipeline::handle_next_event() {
  const auto next =
      std::min_element(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
        return std::tie(a.time, a.event_class, a.number) <
               std::tie(b.time, b.event_class, b.number);
      });
  const bool settles = next->settles && next->event_class != EventClass::completion;
  // What wakes bring about in this instant may be over before the timer comes.
  if (settles && !gained_room_.empty()) return do_wake_ups();
  const Event event = *next;
  events_.erase(next);
  event.action();
  if (settles) do_wake_ups();
}

void ReferencePipeline::log(std::string_view text) { log_.push_back(at(now_, text)); }

void ReferencePipeline::log_changed_workers() {
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    const std::string text = workers_text({g}, counts(g));
    if (text != last_workers_[g]) log(text);
    last_workers_[g] = text;
  }
}

// ---- what happens by plan

/// The next change of a pool, or of a credential's outages, is scheduled when the one before it
/// happens.
void ReferencePipeline::schedule_capacity(std::uint32_t g, std::size_t number) {
  const std::vector<CapacityStep>& steps = config().groups[g].workers.schedule;
  const Duration period = config().groups[g].workers.schedule_period;
  if (steps.empty() || (number >= steps.size() && period == Duration::zero())) return;
  const CapacityStep step = steps[number % steps.size()];
  const auto times_round = static_cast<std::int64_t>(number / steps.size());
  schedule(step.at + Duration{period.ns * times_round}, EventClass::timer, [=, this] {
    schedule_capacity(g, number + 1);
    plan(g, step.count);
  });
}

void ReferencePipeline::schedule_look(std::uint32_t g) {
  schedule(now_ + config().groups[g].workers.autoscaling->every, EventClass::timer, [=, this] {
    look(g);
    schedule_look(g);
  });
}

void ReferencePipeline::schedule_outage(std::uint32_t c, std::size_t number) {
  if (number == config().credentials[c].outages.size()) return;
  const OutageConfig outage = config().credentials[c].outages[number];
  schedule(outage.at, EventClass::timer, [=, this] {
    ++credentials_[c].pauses;
    schedule(outage.at + outage.length, EventClass::timer, [=, this] {
      resume(credentials_[c].pauses, {Thing::Kind::credential, c});
      schedule_outage(c, number + 1);
    });
  });
}

// ---- commands

/// Pauses and outages add up; one too few of them is no matter.
void ReferencePipeline::resume(int& pauses, const Thing& thing) {
  if (pauses > 0 && --pauses == 0) gains_room(thing);
}

void ReferencePipeline::carry_out(const Step& step) {
  if (step.kind != StepKind::submit) {
    log(fmt::format("-- {} target={} count={}", word(step.kind), step.target, step.count));
  }
  if (step.kind == StepKind::interrupt && step.count >= accepted_) return;
  do_wake_ups();
  if (is_factor(step.kind)) return change_factor(step);
  step.kind == StepKind::submit ? submit(step) : command(step);
  do_wake_ups();
}

void ReferencePipeline::command(const Step& step) {
  switch (step.kind) {
    case StepKind::interrupt:
      for (std::size_t r = 0; r < runs_.size(); ++r) {
        if (runs_[r].id == step.count && runs_[r].state != RunState::free) {
          end(r, Outcome::stopped, EndReason::interrupted);
        }
      }
      return;
    case StepKind::pause_credential:
      ++credentials_[step.target].pauses;
      return;
    case StepKind::resume_credential:
      return resume(credentials_[step.target].pauses, {Thing::Kind::credential, step.target});
    case StepKind::pause_workflow:
      ++workflow_pauses_[step.target];
      return;
    case StepKind::resume_workflow:
      return resume(workflow_pauses_[step.target], {Thing::Kind::workflow, step.target});
    case StepKind::pause_group:
      ++groups_[step.target].pauses;
      return;
    case StepKind::resume_group:
      stir(step.target);
      return resume(groups_[step.target].pauses, {});
    case StepKind::set_workers:
      return set_number(step.target, {step.cause, step.count});
    case StepKind::end_set_workers:
      return end_number(step.target, step.cause);
    case StepKind::lose_workers:
      for (std::uint32_t i = 0; i < step.count; ++i) lose_worker(step.target, {step.cause});
      return;
    case StepKind::restore_workers:
      return restore_workers(step.target, step.count, {step.cause});
    case StepKind::restart_workers:
      return restart_workers(step.target);
    case StepKind::override_credential:
      credentials_[step.target].instead = step.limits;
      return gains_room({Thing::Kind::credential, step.target});
    default:
      return;
  }
}

void ReferencePipeline::change_factor(const Step& step) {
  switch (step.kind) {
    case StepKind::failure_factor:
      failure_factor_[step.target] = step.factor;
      return;
    case StepKind::login_failure_factor:
      credentials_[step.target].login_failure_factor = step.factor;
      return;
    case StepKind::duration_factor:
      duration_factor_[step.target] = step.factor;
      return;
    case StepKind::api_latency_factor:
      latency_factor_ = step.factor;
      return;
    case StepKind::api_error_rate:
      error_rate_ = step.factor;
      return;
    default:
      return;
  }
}

// ---- submissions

std::uint32_t ReferencePipeline::pool_number(const std::vector<CredentialId>& members) {
  const auto place = std::find(pools_.begin(), pools_.end(), members);
  if (place != pools_.end()) return static_cast<std::uint32_t>(place - pools_.begin());
  pools_.push_back(members);
  return static_cast<std::uint32_t>(pools_.size() - 1);
}

std::vector<ReferenceNeed> ReferencePipeline::needs_of(const Step& step) {
  std::vector<ReferenceNeed> needs;
  for (std::size_t alias = 0; alias < step.needs.size(); ++alias) {
    ReferenceNeed need{step.needs[alias]};
    if (need.spec.pool) {
      need.pool = pool_number(need.spec.members);
      const auto key = std::make_tuple(step.request.workspace.value, step.request.workflow.value,
                                       alias, need.spec.members);
      const auto next = static_cast<std::uint32_t>(cursors_.size());
      const auto [place, added] = cursor_numbers_.try_emplace(key, next);
      if (added) cursors_.push_back(0);
      need.cursor = place->second;
    }
    needs.push_back(need);
  }
  return needs;
}

/// Rate limits first, then the server's own errors; all answers take the same time.
Answer ReferencePipeline::answer(const Step& step) {
  Answer answer;
  Stream stream(stream_key(step.request.draw_key, 2'000'000u + step.request.attempt));
  const bool error = stream.chance(error_rate_);
  const double latency = config().api.latency.sample(stream) * latency_factor_;
  answer.answered_at = now_ + Duration::from_seconds(latency);
  std::vector<Time>& requests = requests_[step.request.workspace.index()];
  Duration longest{-1};
  for (std::size_t w = 0; w < config().api.rate_limits.size(); ++w) {
    const RateWindowConfig& window = config().api.rate_limits[w];
    std::vector<Time> inside;
    for (const Time request : requests) {
      if (request > now_ - window.length) inside.push_back(request);
    }
    if (inside.size() < window.max) continue;
    const Time leaves = inside[inside.size() - window.max] + window.length;
    if (leaves - now_ <= longest) continue;
    longest = leaves - now_;
    answer.status = Answer::Status::rate_limited;
    answer.window = static_cast<std::uint8_t>(w);
    answer.retry_after = {std::max<std::int64_t>(1, (longest.ns + 999'999'999) / 1'000'000'000) *
                          1'000'000'000};
  }
  if (answer.status == Answer::Status::rate_limited) return answer;
  requests.push_back(now_);
  if (error) answer.status = Answer::Status::server_error;
  return answer;
}

void ReferencePipeline::submit(const Step& step) {
  const Answer answered = answer(step);
  log(answer_text(step.request, answered));
  if (answered.status != Answer::Status::accepted) return;
  ReferenceRun run;
  run.request = step.request;
  run.needs = needs_of(step);
  run.group = config().workspaces[step.request.workspace.index()].group.value;
  run.state = RunState::submitting;
  runs_.push_back(run);
  const std::size_t index = runs_.size() - 1;
  if (answered.answered_at == now_) return accept(index);
  schedule(answered.answered_at, EventClass::arrival, [=, this] { accept(index); });
}

void ReferencePipeline::accept(std::size_t r) {
  ReferenceRun& run = runs_[r];
  run.id = accepted_++;
  log(accepted_text(run.id, run.request));
  run.queued_at = run.accepted = now_;
  schedule_limits_of_waiting(r);
  enter_queue(r);
}

}  // namespace sluice::reference
