#include "scenarios/loader/sections/api.hpp"

#include <cstdint>
#include <utility>

#include "scenarios/loader/keys/scalar_types.hpp"
#include "scenarios/loader/sections/backoff.hpp"
#include "scenarios/loader/sections/distribution_types.hpp"

namespace sluice {
namespace {

const Table<ApiConfig>& api_table() {
  using A = ApiConfig;
  static const Table<A> table{
      "the API",
      "What stands between submitters and queues.",
      {key_with<A>(
           "rate_limits",
           entries<Duration, std::uint32_t>(
               "lengths of sliding windows and requests of a workspace in each",
               positive_duration_type(), count_type(1), 0),
           [](A& api, const Entries<Duration, std::uint32_t>& windows) {
             api.rate_limits.clear();
             for (const auto& [length, max] : windows) api.rate_limits.push_back({length, max});
           },
           "requests of one workspace in each sliding window; `{}`: no limits")
           .or_default("{1s: 500, 15s: 1000, 60s: 2000}"),
       key("latency", distribution_type(Quantity::time), &A::latency,
           "between a request and its answer")
           .or_default("0s"),
       key("error_rate", share_type(), &A::error_rate, "share of requests answered with 5xx")
           .or_default("0%")}};
  return table;
}

const Table<WebhookConfig>& webhooks_table() {
  using W = WebhookConfig;
  static const Table<W> table{
      "webhooks",
      "Delivery of a run's events.",
      {key("latency", distribution_type(Quantity::time), &W::latency, "of one attempt")
           .or_default("0s"),
       key("failure_rate", share_type(), &W::failure_rate, "share of attempts that fail")
           .or_default("0%"),
       key("max_attempts", count_type(1, 1000), &W::max_attempts, "before it is given up")
           .or_default("1"),
       key("backoff", backoff_type("1s"), &W::backoff, "delay before the next attempt")
           .or_default("{}")}};
  return table;
}

}  // namespace

Type<ApiConfig> api_type() { return object(api_table); }

Type<std::optional<WebhookConfig>> webhooks_type() {
  return converted<WebhookConfig, std::optional<WebhookConfig>>(
      object(webhooks_table),
      [](WebhookConfig config) { return std::optional(std::move(config)); });
}

}  // namespace sluice
