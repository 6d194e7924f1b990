#include "experiments/replications.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/in_parallel.hpp"
#include "experiments/compared_values.hpp"
#include "experiments/warm_up.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {
namespace {

bool told_to_stop(const ExperimentOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

Time end_of(const Scenario& scenario) { return Time::zero() + scenario.duration; }

/// What the replications gave; nothing of one that was not begun.
using Replications = std::vector<std::optional<Replication>>;

/// The results to report: all if all are over; else those that are; else the one that came
/// furthest.
std::vector<ReplicationResult> results_to_report(Replications replications, Time end) {
  std::vector<ReplicationResult> over;
  Replication* furthest = nullptr;
  for (std::optional<Replication>& replication : replications)
    if (replication && (furthest == nullptr || replication->came_to > furthest->came_to))
      furthest = &*replication;
  if (furthest == nullptr) return over;
  if (furthest->came_to < end) {
    over.push_back(std::move(furthest->result));
    return over;
  }
  for (std::optional<Replication>& replication : replications)
    if (replication && replication->came_to == end) over.push_back(std::move(replication->result));
  return over;
}

/// Waits of each submitter too: its runs are told apart then.
void want_details(const Scenario& scenario, RecorderConfig& config) {
  constexpr std::size_t kMostSubmitters = 128;
  config.in_detail = true;
  for (std::size_t i = 0; i < std::min(kMostSubmitters, scenario.submitters.size()); ++i) {
    add_slice(config, Subject::of(SubmitterId::at(i)));
  }
}

}  // namespace

Report run_experiment(const Scenario& scenario, const ExperimentOptions& options) {
  SLUICE_REQUIRE(scenario.replications > 0, "an experiment has a replication");
  SimulationControl pilot{options.stop, nullptr};
  if (options.progress != nullptr) pilot.progress = &options.progress->pilot();
  const WarmUpEnd warm_up = find_warm_up(scenario, pilot);
  RecorderConfig config = recorder_config(scenario, warm_up.time);
  if (options.in_detail) want_details(scenario, config);
  config.time_line_bucket = options.bucket;
  Replications replications(scenario.replications);
  const auto run = [&](std::uint32_t number) {
    // The first one always begins, so that there is something to report.
    if (number > 0 && told_to_stop(options)) return;
    SimulationControl control{options.stop, nullptr};
    if (options.progress != nullptr) control.progress = &options.progress->replication(number);
    replications[number] = replicate(scenario, config, number, control, options.listeners);
  };
  in_parallel(static_cast<std::uint32_t>(replications.size()), options.threads, run);

  const std::size_t planned = replications.size();
  const std::vector<ReplicationResult> results =
      results_to_report(std::move(replications), end_of(scenario));
  const bool complete = results.size() == planned && results.front().until == end_of(scenario);
  Report report = report_on(
      scenario, config,
      {Engine::virtual_time, warm_up.method, options.build_id, complete, warm_up.period}, results);
  if (options.in_detail && complete && report.header.drawn && results.size() > 1)
    report.replication_values = compared_values(scenario, results);
  return report;
}

}  // namespace sluice
