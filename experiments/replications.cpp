#include "experiments/replications.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "base/check.hpp"
#include "base/in_parallel.hpp"
#include "base/random/random.hpp"
#include "experiments/recurrence.hpp"
#include "pipeline/observer_list.hpp"
#include "reports/make_recorder.hpp"
#include "reports/statistics.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"

namespace sluice {
namespace {

constexpr std::uint32_t kPilotBuckets = 2000;

/// What one replication gave; nothing if it was not begun.
struct Replication {
  std::optional<ReplicationResult> result;
  Time came_to;
};

bool told_to_stop(const ExperimentOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

Time end_of(const Scenario& scenario) { return Time::zero() + scenario.duration; }

Replication run_replication(const Scenario& scenario, const RecorderConfig& config,
                            const ExperimentOptions& options, std::uint32_t number) {
  const auto recorder = make_recorder(config, scenario.pipeline);
  ObserverList all;
  all.add(*recorder);
  const Listeners listeners =
      options.listeners ? options.listeners(number, *recorder) : Listeners();
  for (const auto& listener : listeners) all.add(*listener);

  PipelineObserver& observer = listeners.empty() ? static_cast<PipelineObserver&>(*recorder) : all;
  const ScopedCheckSeed seed(scenario.seed, number);
  Simulation simulation(scenario, replication_seed(scenario.seed, number), observer);
  SimulationControl control{options.stop, nullptr};
  if (options.progress != nullptr) control.progress = &options.progress->replication(number);
  const Time end = simulation.run(control);
  for (const auto& listener : listeners) listener->finish(end);
  return {recorder->finish(std::max(end, config.from)), end};
}

/// The results to report: all if all are over; else those that are; else the one that came
/// furthest.
std::vector<ReplicationResult> results_to_report(std::vector<Replication> replications, Time end) {
  std::vector<ReplicationResult> over;
  Replication* furthest = nullptr;
  for (Replication& replication : replications) {
    if (!replication.result) continue;
    if (furthest == nullptr || replication.came_to > furthest->came_to) furthest = &replication;
  }
  if (furthest == nullptr) return over;
  if (furthest->came_to < end) {
    over.push_back(std::move(*furthest->result));
    return over;
  }
  for (Replication& replication : replications)
    if (replication.result && replication.came_to == end)
      over.push_back(std::move(*replication.result));
  return over;
}

/// Waits of each submitter too: its runs are told apart then.
void want_details(const Scenario& scenario, RecorderConfig& config) {
  constexpr std::size_t kMostSubmitters = 128;
  config.in_detail = true;
  for (std::size_t i = 0; i < std::min(kMostSubmitters, scenario.submitters.size()); ++i) {
    const Subject submitter = Subject::of(SubmitterId::at(i));
    if (std::find(config.slices.begin(), config.slices.end(), submitter) == config.slices.end())
      config.slices.push_back(submitter);
  }
}

}  // namespace

WarmUpEnd find_warm_up(const Scenario& scenario, const ExperimentOptions& options) {
  if (!scenario.warm_up.automatic) {
    const Duration length = std::min(scenario.warm_up.length, scenario.duration);
    return {Time::zero() + length, length.ns > 0 ? WarmUp::given : WarmUp::none};
  }
  RecorderConfig config = recorder_config(scenario, Time::zero());
  config.time_line_buckets = kPilotBuckets;
  config.slices.clear();
  config.quantiles.clear();
  config.windows.clear();
  const auto recorder = make_recorder(config, scenario.pipeline);
  const ScopedCheckSeed seed(scenario.seed, 0);
  Simulation simulation(scenario, stream_key(scenario.seed, "pilot"), *recorder);
  SimulationControl control{options.stop, nullptr};
  if (options.progress != nullptr) control.progress = &options.progress->pilot();
  const Time end = simulation.run(control);
  if (end < end_of(scenario)) return {Time::zero(), WarmUp::none};
  const Time steady = warm_up_by_mser5(recorder->finish(end));
  const Duration period = recurrence(scenario);
  if (period.ns <= 0) return {steady, WarmUp::mser5};
  return {whole_periods(steady, period), WarmUp::mser5, period};
}

Report run_experiment(const Scenario& scenario, const ExperimentOptions& options) {
  SLUICE_REQUIRE(scenario.replications > 0, "an experiment has a replication");
  const WarmUpEnd warm_up = find_warm_up(scenario, options);
  RecorderConfig config = recorder_config(scenario, warm_up.time);
  if (options.in_detail) want_details(scenario, config);
  config.time_line_bucket = options.bucket;
  std::vector<Replication> replications(scenario.replications);
  const auto run = [&](std::uint32_t number) {
    // The first one always begins, so that there is something to report.
    if (number > 0 && told_to_stop(options)) return;
    replications[number] = run_replication(scenario, config, options, number);
  };
  in_parallel(static_cast<std::uint32_t>(replications.size()), options.threads, run);

  const std::size_t planned = replications.size();
  const std::vector<ReplicationResult> results =
      results_to_report(std::move(replications), end_of(scenario));
  const bool complete = results.size() == planned && results.front().until == end_of(scenario);
  return report_on(
      scenario, config,
      {Engine::virtual_time, warm_up.method, options.build_id, complete, warm_up.period}, results);
}

}  // namespace sluice
