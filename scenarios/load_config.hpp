// How a scenario is sent to a live start-run API: what a simulation does not need to know.
//
// Everything has a default, so that any scenario can be sent as it is to a mock that serves it.
// Lengths of time here are wall time, but for those that say otherwise. API keys are never part of
// a scenario.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// What a target calls a workflow, and what its runs are given besides their credentials.
struct LoadedWorkflow {
  std::string id;      ///< "": the name in the scenario
  std::string inputs;  ///< JSON object of further `run_input_variables`; "": none
};

/// Ends a load early: a measure of the last `over` went above a limit.
struct AbortCondition {
  enum class Measure : std::uint8_t {
    errors_rate,      ///< share of answers that are 5xx or did not come
    rejected_rate,    ///< share of answers that are 429
    lateness_p99,     ///< of sends, seconds
    latency_p99,      ///< of answers from the intended time, seconds
    in_flight_count,  ///< requests without an answer
  };
  std::string sentence;  ///< as written: `errors.rate > 5% over 30s`
  Measure measure = Measure::errors_rate;
  double limit = 0;
  Duration over{30'000'000'000};
};

struct LoadConfig {
  /// How the life of a run is seen.
  enum class Follow : std::uint8_t { events, webhooks, polling };

  Follow follow = Follow::events;
  std::uint32_t clients = 8;       ///< client ids (event streams) per workspace
  std::uint32_t connections = 64;  ///< for requests, over all threads, at most
  Duration request_timeout{30'000'000'000};
  Duration poll_interval{1'000'000'000};
  Duration ping_interval{15'000'000'000};  ///< of event streams, until their own pings tell
  Duration drain{60'000'000'000};  ///< runs under way are followed this long after the last arrival
  Duration late_after{50'000'000};  ///< a request sent this much after its time is late
  double late_share = 0.01;         ///< more late requests make the load invalid
  double lost_share = 0.05;         ///< more runs whose start or end was not seen make it invalid
  std::vector<AbortCondition> abort_when;
  std::vector<LoadedWorkflow> workflows;  ///< by WorkflowId; shorter: defaults
  /// `permissioned_user_id` by CredentialId; shorter or "": the name in the scenario.
  std::vector<std::string> credentials;
};

/// Its word in scenarios, on the command line and in reports.
constexpr std::string_view name(LoadConfig::Follow follow) {
  if (follow == LoadConfig::Follow::events) return "events";
  return follow == LoadConfig::Follow::webhooks ? "webhooks" : "polling";
}

}  // namespace sluice
