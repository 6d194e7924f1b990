// Cost of one simulated run, with everything recorded and with nothing, and how it grows.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "bench/fixed_pipeline.hpp"
#include "experiments/replications.hpp"
#include "pipeline/observer.hpp"
#include "reports/make_recorder.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"

namespace sluice::bench {
namespace {

void simulate(benchmark::State& state, const Shape& shape, bool record) {
  const Scenario scenario = make_scenario(shape);
  std::uint64_t runs = 0;
  for (auto _ : state) {
    if (record) {
      const auto recorder =
          make_recorder(recorder_config(scenario, Time::zero()), scenario.pipeline);
      Simulation simulation(scenario, scenario.seed, *recorder);
      simulation.run();
      runs += simulation.submitted_count();
    } else {
      PipelineObserver nobody;
      Simulation simulation(scenario, scenario.seed, nobody);
      simulation.run();
      runs += simulation.submitted_count();
    }
  }
  state.counters["time_per_run"] = benchmark::Counter(
      static_cast<double>(runs), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

Shape small_shape() { return {.per_second = rate_for(200, 0.95)}; }
Shape large_shape() {
  return {.workers = 5000,
          .workspaces = 2000,
          .credentials = 10'000,
          .limit = 2,
          .per_second = rate_for(5000, 0.95)};
}

void fixed_small(benchmark::State& state) { simulate(state, small_shape(), true); }
void fixed_large(benchmark::State& state) { simulate(state, large_shape(), true); }
void unrecorded_small(benchmark::State& state) { simulate(state, small_shape(), false); }
void unrecorded_large(benchmark::State& state) { simulate(state, large_shape(), false); }
BENCHMARK(fixed_small)->Unit(benchmark::kMillisecond);
BENCHMARK(fixed_large)->Unit(benchmark::kMillisecond);
BENCHMARK(unrecorded_small)->Unit(benchmark::kMillisecond);
BENCHMARK(unrecorded_large)->Unit(benchmark::kMillisecond);

// In all of these the credentials are the bottleneck: nearly all waiting runs are blocked on one.

/// 100 credentials of limit 1 under 200 workers, as many arrivals as they serve: the backlog stays.
void grow_waiting(benchmark::State& state) {
  simulate(state,
           {.limit = 1,
            .per_second = rate_for(100, 1),
            .backlog = static_cast<std::uint64_t>(state.range(0))},
           true);
}
BENCHMARK(grow_waiting)->RangeMultiplier(10)->Range(100, 1'000'000)->Unit(benchmark::kMillisecond);

void grow_workspaces(benchmark::State& state) {
  simulate(state,
           {.workspaces = static_cast<std::uint32_t>(state.range(0)),
            .limit = 1,
            .per_second = rate_for(100, 1),
            .backlog = 10'000},
           true);
}
BENCHMARK(grow_workspaces)->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMillisecond);

/// Here workers are the bottleneck, so that every workspace has candidates to choose from.
void grow_candidates(benchmark::State& state, DispatchPolicyKind dispatch) {
  simulate(state,
           {.runs = 200'000,
            .workspaces = static_cast<std::uint32_t>(state.range(0)),
            .limit = 1'000,
            .per_second = rate_for(200, 1),
            .backlog = 30'000,
            .dispatch = dispatch},
           false);
}
BENCHMARK_CAPTURE(grow_candidates, strict_priority, DispatchPolicyKind::strict_priority)
    ->RangeMultiplier(10)
    ->Range(10, 10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(grow_candidates, fair_share, DispatchPolicyKind::fair_share)
    ->RangeMultiplier(10)
    ->Range(10, 10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(grow_candidates, share_limit, DispatchPolicyKind::share_limit)
    ->RangeMultiplier(10)
    ->Range(10, 10'000)
    ->Unit(benchmark::kMillisecond);

/// Each credential serves one run at a time and has one more that waits, on average; 100 in use at
/// a time.
void grow_credentials(benchmark::State& state) {
  const auto credentials = static_cast<std::uint32_t>(state.range(0));
  const double in_use = std::min<double>(credentials, 100);
  simulate(state,
           {.credentials = credentials,
            .limit = 1,
            .per_second = rate_for(in_use, 1),
            .backlog = 10'000},
           true);
}
BENCHMARK(grow_credentials)->RangeMultiplier(10)->Range(10, 100'000)->Unit(benchmark::kMillisecond);

void grow_pool(benchmark::State& state) {
  const auto members = static_cast<std::uint32_t>(state.range(0));
  simulate(state,
           {.workers = 2000,
            .credentials = members,
            .limit = 1,
            .per_second = rate_for(members, 1),
            .backlog = 10'000,
            .pool = true},
           true);
}
BENCHMARK(grow_pool)->RangeMultiplier(10)->Range(1, 1'000)->Unit(benchmark::kMillisecond);

/// Independent replications on all cores; compare real time with one thread's.
void replications(benchmark::State& state) {
  Scenario scenario = make_scenario(small_shape());
  scenario.replications = 8;
  ExperimentOptions options;
  options.threads = static_cast<unsigned>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(run_experiment(scenario, options));
}
BENCHMARK(replications)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sluice::bench
