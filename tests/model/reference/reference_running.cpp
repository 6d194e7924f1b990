#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tests/model/reference/log_lines.hpp"
#include "tests/model/reference/reference_pipeline.hpp"

namespace sluice::reference {

namespace {

std::vector<CredentialId> distinct(const std::vector<CredentialId>& credentials) {
  std::vector<CredentialId> result;
  for (const CredentialId c : credentials) {
    if (std::find(result.begin(), result.end(), c) == result.end()) result.push_back(c);
  }
  return result;
}

}  // namespace

// ---- the beginning of an attempt

void ReferencePipeline::start(std::size_t r) {
  ReferenceRun& run = runs_[r];
  const bool candidate = run.state == RunState::queued;
  std::vector<CredentialId> taken;
  obstacle(run, &taken);
  if (candidate) take_worker(r);
  for (std::size_t j = 0; j < run.needs.size(); ++j) {
    if (!run.needs[j].spec.pool) continue;
    const std::vector<CredentialId>& pool = run.needs[j].spec.members;
    const auto place = std::find(pool.begin(), pool.end(), taken[j]) - pool.begin();
    cursors_[run.needs[j].cursor] = static_cast<std::size_t>(place + 1) % pool.size();
  }
  run.state = RunState::running;
  run.held = taken;
  run.obstacle = {};
  run.dispatched = now_;
  run.dispatch_number = dispatches_++;
  run.token = ++tokens_;
  ++run.attempt;
  log(fmt::format("dispatched id={} attempt={} held={}", run.id, run.attempt,
                  credentials_text(run.held)));
  if (candidate) turn_over(run);
  Time body_starts;
  start_logins(r, &body_starts);
  const AttemptPlan plan = plan_attempt(run);
  if (candidate) schedule_timeout(r, body_starts + plan.body);
  const std::uint64_t token = run.token;
  schedule(body_starts + plan.body, EventClass::completion, [=, this] {
    if (runs_[r].token == token) attempt_over(r, plan);
  });
  no_longer_candidate(run);
}

bool ReferencePipeline::session_valid(CredentialId c) const {
  const CredentialConfig& config = this->config().credentials[c.index()];
  const ReferenceCredential& credential = credentials_[c.index()];
  if (!credential.logged_in || !config.keeps_session) return false;
  const auto passed = [this](const std::optional<Duration>& expiry, Time since) {
    return expiry && now_ - since >= *expiry;
  };
  const CredentialOverride& instead = credential.instead;
  const auto& by_use = instead.expiry_time_from_last_use ? instead.expiry_time_from_last_use
                                                         : config.expiry_time_from_last_use;
  const auto& by_age = instead.expiry_time_from_session_data_set
                           ? instead.expiry_time_from_session_data_set
                           : config.expiry_time_from_session_data_set;
  return !passed(by_use, credential.last_use) && !passed(by_age, *credential.logged_in);
}

/// Each credential without a session logs in once, for the first need that it serves.
void ReferencePipeline::start_logins(std::size_t r, Time* body_starts) {
  ReferenceRun& run = runs_[r];
  *body_starts = now_;
  const std::vector<CredentialId> credentials = distinct(run.held);
  for (const CredentialId c : credentials) {
    const std::optional<LoginConfig>& login = config().credentials[c.index()].login;
    if (!login || session_valid(c)) continue;
    const auto need = std::find(run.held.begin(), run.held.end(), c) - run.held.begin();
    Stream stream(stream_key(stream_key(run.request.draw_key, run.attempt),
                             static_cast<std::uint64_t>(1000 + need)));
    const Duration time = login->time.duration(stream);
    *body_starts = std::max(*body_starts, now_ + time);
    run.logging_in.push_back(c);
    schedule(now_ + time, EventClass::completion, [=, this, token = run.token] {
      if (runs_[r].token == token) login_over(r, c, stream);
    });
  }
  for (const CredentialId c : credentials) credentials_[c.index()].last_use = now_;
}

std::optional<std::size_t> ReferencePipeline::draw_failure(const ReferenceRun& run,
                                                           Stream& stream) const {
  const WorkflowConfig& workflow = config().workflows[run.request.workflow.index()];
  if (workflow.failures.empty() || run.request.fixed_outcome != FixedOutcome::drawn) return {};
  const double u = stream.uniform();
  double rate = 0;
  for (std::size_t kind = 0; kind < workflow.failures.size(); ++kind) {
    rate += workflow.failures[kind].rate * failure_factor_[run.request.workflow.index()];
    if (u < rate) return kind;
  }
  return {};
}

double ReferencePipeline::time_of_options(const ReferenceRun& run, Stream& stream) const {
  const WorkflowConfig& workflow = config().workflows[run.request.workflow.index()];
  const RunOptions& options = run.request.options;
  double time = 0;
  if (options.debug) time += workflow.steps * workflow.debug_snapshot.sample(stream);
  if (options.capture_console) time += workflow.steps * workflow.console_capture.sample(stream);
  if (options.force_refresh) time += workflow.cache_refresh.sample(stream);
  return time;
}

AttemptPlan ReferencePipeline::plan_attempt(const ReferenceRun& run) const {
  const WorkflowConfig& workflow = config().workflows[run.request.workflow.index()];
  const RunRequest& request = run.request;
  Stream stream(stream_key(request.draw_key, run.attempt));
  const std::optional<std::size_t> failure = draw_failure(run, stream);
  double total = request.service_time < Duration::zero() ? workflow.time.sample(stream)
                                                         : request.service_time.seconds();
  total *= duration_factor_[request.workflow.index()];
  if (request.options.dry_run) total *= workflow.dry_run_fraction;
  total += time_of_options(run, stream);
  bool timed_out = false;
  if (workflow.interaction && stream.chance(workflow.interaction->probability)) {
    const double answer = workflow.interaction->answer_after.sample(stream);
    const double timeout = workflow.interaction->timeout.seconds();
    timed_out = answer > timeout;
    total += std::min(answer, timeout);
  }
  if (failure && !timed_out) {
    total *= std::clamp(workflow.failures[*failure].at.sample(stream), 0.0, 1.0);
  }
  AttemptPlan plan{Duration::from_seconds(total)};
  const bool fixed_failure = request.fixed_outcome == FixedOutcome::fails;
  if (timed_out) {
    plan.outcome = Outcome::failed;
    plan.reason = EndReason::interaction_timeout;
  } else if (failure || fixed_failure) {
    plan.outcome = Outcome::failed;
    plan.reason = EndReason::failure;
    const std::size_t kind = failure.value_or(0);
    plan.retriable = kind < workflow.failures.size() && workflow.failures[kind].retry;
  }
  return plan;
}

// ---- its end

void ReferencePipeline::attempt_over(std::size_t r, const AttemptPlan& plan) {
  ReferenceRun& run = runs_[r];
  const WorkflowConfig& workflow = config().workflows[run.request.workflow.index()];
  if (plan.retriable && run.retries < workflow.max_retries) {
    ++run.retries;
    return requeue(r, RequeueCause::retriable_failure, retry_delay(run), WorkerFate::freed);
  }
  end(r, plan.outcome, plan.reason);
}

// ---- too long

/// The time of an attempt counts from when the run took its worker. There is none if the attempt
/// is over before, or then.
void ReferencePipeline::schedule_timeout(std::size_t r, Time over) {
  ReferenceRun& run = runs_[r];
  const auto& timeout = config().workflows[run.request.workflow.index()].timeout;
  run.tenure = ++tokens_;
  if (!timeout || over <= now_ + timeout->after) return;
  schedule(now_ + timeout->after, EventClass::timer, [=, this, tenure = run.tenure] {
    if (runs_[r].tenure == tenure) timed_out(r);
  });
}

void ReferencePipeline::timed_out(std::size_t r) {
  ReferenceRun& run = runs_[r];
  const WorkflowConfig& workflow = config().workflows[run.request.workflow.index()];
  if (!workflow.timeout->retry || run.retries == workflow.max_retries) {
    return end(r, Outcome::failed, EndReason::timeout);
  }
  ++run.retries;
  requeue(r, RequeueCause::timeout, retry_delay(run), WorkerFate::freed);
}

Duration ReferencePipeline::has_run(const ReferenceRun& run) const {
  Duration sum;
  for (const Duration attempt : run.earlier_attempts) sum += attempt;
  return sum;
}

/// Looked at whenever its time may have come; whoever ran meanwhile has not waited that long.
void ReferencePipeline::schedule_limit_of_waiting(std::size_t r, Time since, Duration length,
                                                  EndReason reason) {
  const Time due = std::max(now_, since + length + has_run(runs_[r]));
  schedule(due, EventClass::timer, [=, this] {
    const Duration waited = now_ - since - has_run(runs_[r]);
    if (runs_[r].waits() && waited >= length) end(r, Outcome::stopped, reason);
  });
}

void ReferencePipeline::schedule_limits_of_waiting(std::size_t r) {
  const ReferenceRun& run = runs_[r];
  const RunRequest& request = run.request;
  const auto& expiry = config().workflows[request.workflow.index()].expiry;
  if (expiry) schedule_limit_of_waiting(r, run.accepted, *expiry, EndReason::expired);
  if (request.patience < Duration::max())
    schedule_limit_of_waiting(r, request.submitted, request.patience, EndReason::cancelled);
}

Duration ReferencePipeline::retry_delay(const ReferenceRun& run) const {
  const BackoffConfig& backoff = config().workflows[run.request.workflow.index()].backoff;
  double seconds = backoff.base.seconds();
  for (int retry = 1; retry < run.retries; ++retry) seconds *= backoff.factor;
  seconds = std::min(seconds, backoff.cap.seconds());
  if (backoff.jitter > 0) {
    Stream stream(stream_key(run.request.draw_key, 1'000'000u + run.retries));
    seconds *= 1 - backoff.jitter * stream.uniform();
  }
  return Duration::from_seconds(seconds);
}

/// Whether it failed is drawn now, from the stream that its time came from.
void ReferencePipeline::login_over(std::size_t r, CredentialId c, Stream stream) {
  ReferenceRun& run = runs_[r];
  const bool failed = stream.chance(config().credentials[c.index()].login->failure *
                                    credentials_[c.index()].login_failure_factor);
  log(fmt::format("login_ended id={} credential={} {}", run.id, c.value, failed ? "failed" : "ok"));
  const bool was_guarded = guarded(c);
  std::erase(run.logging_in, c);
  if (was_guarded && !guarded(c)) gains_room({Thing::Kind::credential, c.value});
  if (failed) return login_failed(r, c);
  credentials_[c.index()].logged_in = credentials_[c.index()].last_use = now_;
}

void ReferencePipeline::login_failed(std::size_t culprit, CredentialId c) {
  std::vector<std::size_t> siblings, queued;
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    const ReferenceRun& run = runs_[r];
    if (r == culprit) continue;
    if (run.state == RunState::running && std::count(run.held.begin(), run.held.end(), c) > 0) {
      siblings.push_back(r);
    }
    const bool needs_it = std::any_of(run.needs.begin(), run.needs.end(), [&](const auto& need) {
      return !need.spec.pool && need.spec.members.front() == c;
    });
    if (config().stop_queued_siblings && run.waits() && needs_it) queued.push_back(r);
  }
  const auto dispatch_number = [this](std::size_t r) { return runs_[r].dispatch_number; };
  std::ranges::sort(siblings, {}, dispatch_number);
  std::ranges::sort(queued, {}, [this](std::size_t r) { return runs_[r].id; });
  for (const std::size_t r : siblings) end(r, Outcome::stopped, EndReason::sibling_login_failed);
  end(culprit, Outcome::failed, EndReason::login_failed);
  for (const std::size_t r : queued) end(r, Outcome::stopped, EndReason::sibling_login_failed);
}

void ReferencePipeline::end(std::size_t r, Outcome outcome, EndReason reason) {
  log(fmt::format("ended id={} {} {}", runs_[r].id, word(outcome), word(reason)));
  const bool had_worker = runs_[r].has_worker();
  if (runs_[r].state == RunState::parked && blocks_queues(runs_[r].group)) stir(runs_[r].group);
  let_go(r, WorkerFate::freed);
  runs_[r].state = RunState::free;
  if (had_worker) gains_room({Thing::Kind::cap, runs_[r].request.workspace.value});
  settle_rings(runs_[r].group);
  no_longer_candidate(runs_[r]);
}

void ReferencePipeline::requeue(std::size_t r, RequeueCause cause, Duration delay,
                                WorkerFate fate) {
  ReferenceRun& run = runs_[r];
  log(fmt::format("requeued id={} {} delay={}", run.id, word(cause), delay.seconds()));
  if (run.state == RunState::running) run.earlier_attempts.push_back(now_ - run.dispatched);
  let_go(r, fate);
  run.state = RunState::delayed;
  run.queued_at = now_;
  gains_room({Thing::Kind::cap, run.request.workspace.value});
  schedule(now_ + delay, EventClass::timer, [=, this, token = run.token] {
    if (runs_[r].token == token) rejoin(r);
  });
  schedule_limits_of_waiting(r);
}

/// Gives back worker and credentials, and voids what was scheduled.
void ReferencePipeline::let_go(std::size_t r, WorkerFate fate) {
  ReferenceRun& run = runs_[r];
  const std::vector<CredentialId> held = distinct(run.held);
  run.held.clear();
  run.logging_in.clear();
  run.token = run.tenure = ++tokens_;
  for (const CredentialId c : held) {
    credentials_[c.index()].last_use = now_;
    gains_room({Thing::Kind::credential, c.value});
  }
  if (run.has_worker()) release_worker(r, fate);
}

void ReferencePipeline::rejoin(std::size_t r) {
  log(fmt::format("rejoined id={}", runs_[r].id));
  enter_queue(r);
}

}  // namespace sluice::reference
