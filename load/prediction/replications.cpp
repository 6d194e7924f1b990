#include "load/prediction/replications.hpp"

#include <algorithm>
#include <optional>

#include "base/check.hpp"
#include "base/in_parallel.hpp"
#include "base/random/random.hpp"
#include "load/prediction/outside_view.hpp"
#include "reports/make_recorder.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"

namespace sluice {
namespace {

SimulationSeeds seeds_of(const LoadRepetition& load, std::uint32_t number) {
  return {replication_seed(load.seed, 0),
          stream_key(stream_key(load.seed, "prediction"), std::uint64_t{number})};
}

RecorderConfig recorder_config(const Scenario& scenario, const LoadRepetition& load) {
  RecorderConfig config = recorder_config(scenario, load.from);
  config.until = load.until;
  config.time_line_buckets = 0;
  config.slices.clear();
  config.quantiles.clear();
  config.windows.clear();
  return config;
}

/// Nothing if it was stopped on the way.
std::optional<std::vector<double>> one(const Scenario& scenario, std::uint32_t number,
                                       const std::vector<ComparedFigure>& figures,
                                       const LoadRepetition& load) {
  const ScopedCheckSeed seed(load.seed, number);
  const auto recorder = make_recorder(recorder_config(scenario, load), scenario.pipeline);
  OutsideView outside(*recorder);
  PipelineObserver& observer =
      load.from_outside ? static_cast<PipelineObserver&>(outside) : *recorder;
  Simulation simulation(scenario, seeds_of(load, number), observer);
  const Time end = simulation.run({load.stop, nullptr});
  if (end < load.until) return std::nullopt;
  const ReplicationResult result = recorder->finish(end);
  std::vector<double> values;
  values.reserve(figures.size());
  for (const ComparedFigure& figure : figures) values.push_back(read(result.figures, figure));
  return values;
}

}  // namespace

std::vector<std::vector<double>> replicate(const Scenario& scenario, std::uint32_t replications,
                                           const std::vector<ComparedFigure>& figures,
                                           const LoadRepetition& load) {
  Scenario repeated = scenario;
  repeated.duration = load.until - Time::zero();
  std::vector<std::optional<std::vector<double>>> all(replications);
  in_parallel(replications, load.threads, [&](std::uint32_t number) {
    if (load.stop != nullptr && load.stop->load(std::memory_order_relaxed)) return;
    all[number] = one(repeated, number, figures, load);
    if (load.one_is_over) load.one_is_over();
  });
  std::vector<std::vector<double>> over;
  for (auto& values : all)
    if (values) over.push_back(std::move(*values));
  return over;
}

}  // namespace sluice
