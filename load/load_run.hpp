// A load: a scenario's submitters in real time against a live start-run API, and the report on
// what was seen.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "http/client/client.hpp"
#include "load/measure/progress_report.hpp"
#include "load/measure/verdict.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct LoadRunOptions {
  HttpClientSettings http;  ///< target, TLS, proxy; connections and timeouts are the scenario's
  std::vector<std::string> api_keys;  ///< by WorkspaceId
  LoadConfig::Follow follow = LoadConfig::Follow::events;
  unsigned threads = 1;
  double time_scale = 1;    ///< simulated seconds per second, here and at the target
  std::string tag;          ///< by which the runs can be found again
  bool dry_run = false;     ///< of every run
  bool names_runs = false;  ///< a mock then draws what the simulator draws
  double max_per_s = 0;     ///< requests that start runs, wall time; 0: no ceiling
  bool clean_up = false;    ///< asks the target to stop what has not ended
  std::string webhook_listen = "127.0.0.1:0";
  std::string webhook_url;  ///< where the target reaches it; "": where it listens
  std::string build_id;
  const std::atomic<bool>* stop = nullptr;  ///< ends it early: stops sending, drains; may be null
  /// Ends the draining at once: what is not known then is not waited for; may be null.
  const std::atomic<bool>* at_once = nullptr;
  /// Called just before time zero, when all streams are open; may be empty.
  std::function<void()> before_start;
  /// Called a few times a second by the thread that records; may be empty.
  std::function<void(const LoadProgress&)> progress;
  std::ostream* hdr = nullptr;  ///< an HdrHistogram log of latencies, an interval every half second
};

struct LoadOutcome {
  Report report;
  LoadEnd end = LoadEnd::whole;
};

/// How exactly the times of such a load are known, in the scenario's time: to as long as a
/// request's way usually takes from its intended time to its answer, and an event's way back.
Duration resolution_of(const LoadFacts& facts);

/// Sends the scenario's runs for its whole duration, follows them, and reports what an outside
/// observer can know about the window from the end of the warm-up to the end of the duration (or to
/// where it ended early). Blocks; uses `threads` threads besides the calling one. Throws UserError
/// before anything was sent: target_unreachable if nobody answers there, bad_input if the target
/// does not take the API key or webhooks cannot be received.
LoadOutcome run_load(const Scenario& scenario, const LoadRunOptions& options,
                     const Clock& clock = machine_clock());

}  // namespace sluice
