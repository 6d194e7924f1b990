#include "pipeline/attempt.hpp"

#include <algorithm>

namespace sluice {
namespace {

// Streams of one run, by number. Attempts are 1, 2, …; a run has fewer than a million of anything.
constexpr std::uint64_t kLoginStreams = 1000;
constexpr std::uint64_t kRetryStreams = 1'000'000;
constexpr std::uint64_t kApiStreams = 2'000'000;
constexpr std::uint64_t kWebhookStreams = 3'000'000;

/// Makes the plan of an attempt that is done after `plan.length` wait for an answer that never
/// comes.
void ask_nobody(const InteractionConfig& interaction, AttemptPlan& plan) {
  plan.interaction = std::min(interaction.timeout, kLongestAnswer);
  plan.length += plan.interaction;
  plan.outcome = Outcome::failed;
  plan.reason = EndReason::interaction_timeout;
}

/// The failure kind that `u`, uniform in [0, 1), falls on; the count of kinds if none.
std::size_t drawn_failure(const WorkflowConfig& workflow, double factor, double u) {
  double below = 0;
  for (std::size_t i = 0; i < workflow.failures.size(); ++i)
    if (u < (below += workflow.failures[i].rate * factor)) return i;
  return workflow.failures.size();
}

double option_seconds(const RunRequest& request, const WorkflowConfig& workflow, Stream& stream) {
  double seconds = 0;
  const RunOptions& options = request.options;
  if (options.debug) seconds += workflow.steps * workflow.debug_snapshot.sample(stream);
  if (options.capture_console) seconds += workflow.steps * workflow.console_capture.sample(stream);
  if (options.force_refresh) seconds += workflow.cache_refresh.sample(stream);
  return seconds;
}

}  // namespace

AttemptPlan plan_attempt(const RunRequest& request, const WorkflowConfig& workflow,
                         std::uint16_t number, double failure_factor, double duration_factor) {
  Stream stream(stream_key(request.draw_key, std::uint64_t{number}));
  AttemptPlan plan;
  std::size_t failure = workflow.failures.size();
  const bool may_fail = request.fixed_outcome == FixedOutcome::drawn && !workflow.failures.empty();
  if (may_fail) failure = drawn_failure(workflow, failure_factor, stream.uniform());
  double seconds =
      request.service_time.ns >= 0 ? request.service_time.seconds() : workflow.time.sample(stream);
  seconds *= duration_factor;
  if (request.options.dry_run) seconds *= workflow.dry_run_fraction;
  if (request.options.any()) seconds += option_seconds(request, workflow, stream);
  const double work = seconds;
  bool asks_nobody = false;
  if (workflow.interaction && stream.chance(workflow.interaction->probability)) {
    const double answer = workflow.interaction->answer_after.sample(stream);
    const double timeout = workflow.interaction->timeout.seconds();
    asks_nobody = answer > kLongestAnswer.seconds();
    if (!asks_nobody) seconds += std::min(answer, timeout);
    if (!asks_nobody && answer > timeout) {
      plan.outcome = Outcome::failed;
      plan.reason = EndReason::interaction_timeout;
    }
  }
  if (plan.reason == EndReason::completed && failure < workflow.failures.size()) {
    seconds *= std::clamp(workflow.failures[failure].at.sample(stream), 0.0, 1.0);
    plan = {{}, {}, Outcome::failed, EndReason::failure, static_cast<std::uint8_t>(failure)};
  }
  if (request.fixed_outcome == FixedOutcome::fails && plan.reason == EndReason::completed)
    plan = {{}, {}, Outcome::failed, EndReason::failure, 0};
  plan.length = Duration::from_seconds(seconds);
  if (seconds > work) plan.interaction = Duration::from_seconds(seconds - work);
  if (asks_nobody && plan.reason == EndReason::completed) ask_nobody(*workflow.interaction, plan);
  return plan;
}

LoginPlan plan_login(const RunRequest& request, std::uint16_t attempt, std::size_t need,
                     const LoginConfig& login, double failure_factor) {
  const std::uint64_t attempt_key = stream_key(request.draw_key, std::uint64_t{attempt});
  Stream stream(stream_key(attempt_key, kLoginStreams + need));
  const Duration length = login.time.duration(stream);
  return {length, !stream.chance(login.failure * failure_factor)};
}

double backoff_seconds(const BackoffConfig& backoff, std::uint32_t number) {
  double seconds = backoff.base.seconds();
  const double cap = backoff.cap.seconds();
  for (std::uint32_t i = 1; i < number && seconds < cap; ++i) seconds *= backoff.factor;
  return std::min(seconds, cap);
}

Duration backoff_delay(const BackoffConfig& backoff, std::uint32_t number, Stream& stream) {
  double seconds = backoff_seconds(backoff, number);
  if (backoff.jitter > 0) seconds *= 1 - backoff.jitter * stream.uniform();
  return Duration::from_seconds(seconds);
}

Duration retry_delay(const RunRequest& request, const WorkflowConfig& workflow,
                     std::uint16_t number) {
  Stream stream(stream_key(request.draw_key, kRetryStreams + number));
  return backoff_delay(workflow.backoff, number, stream);
}

ApiPlan plan_answer(const RunRequest& request, const ApiConfig& api, double error_rate,
                    double latency_factor) {
  if (error_rate <= 0 && api.latency.always_zero()) return {};
  Stream stream(stream_key(request.draw_key, kApiStreams + request.attempt));
  const bool server_error = stream.chance(error_rate);
  return {server_error, Duration::from_seconds(api.latency.sample(stream) * latency_factor)};
}

WebhookPlan plan_webhook(const RunRequest& request, const WebhookConfig& webhooks,
                         std::uint32_t event) {
  Stream stream(stream_key(request.draw_key, kWebhookStreams + event));
  WebhookPlan plan;
  for (;; ++plan.attempts) {
    plan.latency += webhooks.latency.duration(stream);
    plan.delivered = !stream.chance(webhooks.failure_rate);
    if (plan.delivered || plan.attempts >= webhooks.max_attempts) return plan;
    plan.latency += backoff_delay(webhooks.backoff, plan.attempts, stream);
  }
}

}  // namespace sluice
