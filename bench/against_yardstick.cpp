// Simulates the fixed pipeline with everything recorded, and prints what a yardstick prints, and
// the most memory that the process ever held:
//   sluice_fixed_pipeline RUNS WORKERS WORKSPACES CREDENTIALS LIMIT LOAD [counts | waits]
// The last argument: no more is recorded than that.
// bench/against_yardstick.sh runs it in turn with one.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/fixed_pipeline.hpp"
#include "reports/make_recorder.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"

int main(int argc, char** argv) {
  using namespace sluice;
  const auto argument = [&](int i, double otherwise) {
    return argc > i ? std::atof(argv[i]) : otherwise;
  };
  bench::Shape shape;
  shape.runs = static_cast<std::uint64_t>(argument(1, 1e7));
  shape.workers = static_cast<std::uint32_t>(argument(2, 200));
  shape.workspaces = static_cast<std::uint32_t>(argument(3, 50));
  shape.credentials = static_cast<std::uint32_t>(argument(4, 100));
  shape.limit = static_cast<std::uint32_t>(argument(5, 4));
  shape.per_second = bench::rate_for(shape.workers, argument(6, 0.95));
  const Scenario scenario = bench::make_scenario(shape);

  RecorderConfig config = recorder_config(scenario, Time::zero());
  const std::string_view plan = argc > 7 ? argv[7] : "";
  if (plan == "counts") config.only = {Metric::accepted_count};
  if (plan == "waits") config.only = {Metric::wait_p99, Metric::starvation_longest};
  const auto recorder = make_recorder(config, scenario.pipeline);
  Simulation simulation(scenario, scenario.seed, *recorder);
  const auto start = std::chrono::steady_clock::now();
  const Time end = simulation.run();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto runs = static_cast<double>(simulation.submitted_count());
  (void)recorder->finish(end);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("runs %.0f seconds %.3f ns_per_run %.1f peak_kib %ld\n", runs, seconds,
              seconds * 1e9 / runs, usage.ru_maxrss);
}
