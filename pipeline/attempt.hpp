// The random draws of one run: how long an attempt takes, how it ends, logins, back-off, API,
// webhooks.
//
// All come from the run's own key and a number (which attempt, which retry …), so they are the same
// under every policy.
#pragma once

#include <cstdint>

#include "pipeline/config.hpp"
#include "pipeline/run.hpp"

namespace sluice {

/// An interaction whose answer is drawn to take longer is answered by nobody: the run waits for the
/// interaction's timeout, 100 years at most, unless Pipeline::end_interaction() comes first. It
/// asks only where nothing else was drawn to fail.
inline constexpr Duration kLongestAnswer{3'155'760'000'000'000'000};

/// How one attempt will go, logins apart.
struct AttemptPlan {
  Duration length{};
  Duration interaction{};  ///< the last part of `length`, in which it waits for a person
  Outcome outcome = Outcome::succeeded;
  EndReason reason = EndReason::completed;
  std::uint8_t failure_kind = 0;
};

/// `number` counts attempts from 1; `failure_factor` multiplies the workflow's failure rates,
/// `duration_factor` the attempt's own time, drawn or given.
AttemptPlan plan_attempt(const RunRequest& request, const WorkflowConfig& workflow,
                         std::uint16_t number, double failure_factor, double duration_factor = 1);

struct LoginPlan {
  Duration length{};
  bool succeeds = true;
};
LoginPlan plan_login(const RunRequest& request, std::uint16_t attempt, std::size_t need,
                     const LoginConfig& login, double failure_factor);

/// Seconds before retry `number` (from 1): min(cap, base * factor^(number-1)), the same on every
/// machine. Cost: O(number) until the cap is reached.
double backoff_seconds(const BackoffConfig& backoff, std::uint32_t number);
/// The same, jittered downwards.
Duration backoff_delay(const BackoffConfig& backoff, std::uint32_t number, Stream& stream);
Duration retry_delay(const RunRequest& request, const WorkflowConfig& workflow,
                     std::uint16_t number);

struct ApiPlan {
  bool server_error = false;
  Duration latency{};
};
ApiPlan plan_answer(const RunRequest& request, const ApiConfig& api, double error_rate,
                    double latency_factor);

struct WebhookPlan {
  std::uint32_t attempts = 1;
  bool delivered = true;
  Duration latency{};  ///< from the event to the last attempt's end
};
/// `event` numbers the run's webhooks from 0.
WebhookPlan plan_webhook(const RunRequest& request, const WebhookConfig& webhooks,
                         std::uint32_t event);

}  // namespace sluice
