#include "tests/unit/load/prediction/measured.hpp"

#include "base/random/random.hpp"
#include "load/prediction/outside_view.hpp"
#include "reports/make_recorder.hpp"
#include "sim/scenario_report.hpp"
#include "sim/simulation.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {

Scenario office(std::uint64_t seed) {
  Scenario scenario = loaded(load(R"(
duration: 90m
warm_up: 5m
starvation_threshold: 2m
resource_groups: {main: {workers: 6}}
workspaces: {desk: {}, clinic: {count: 2}, billing: {count: 2}}
credentials:
  scanner: {domain: https://scan.example.com, login: {time: {uniform: {min: 2s, max: 6s}}}}
workflows:
  scan: {needs: {USER: scanner}, time: {lognormal: {median: 30s, p95: 60s}}}
  write: {time: {lognormal: {median: 40s, p95: 2m}}, failure: {rate: 4%, retry: true},
          max_retries: 2, backoff: 10s}
submitters:
  desk: {workspace: desk, workflow: write, priority: HIGH,
         arrivals: {poisson: {rate: {at: {0m: 2/min, 20m: 6/min, 50m: 1/min}}}}}
  clinics: {workspace: clinic, workflow: {scan: 50%, write: 50%}, priority: MEDIUM,
            credentials: {USER: scanner}, arrivals: {poisson: 2.4/min}}
  billing: {workspace: billing, workflow: write, priority: LOW, arrivals: {poisson: 2/min}}
)"));
  scenario.seed = seed;
  return scenario;
}

Scenario long_and_short_runs(std::uint64_t seed) {
  Scenario scenario = loaded(load(R"(
duration: 40m
warm_up: 5m
resource_groups: {main: {workers: 6}}
workspaces: {archive: {}, desk: {count: 4}}
workflows:
  scan: {time: {lognormal: {median: 100s, p95: 150s}}}
  write: {time: {lognormal: {median: 10s, p95: 15s}}}
submitters:
  archive: {workspace: archive, workflow: scan, priority: LOW, arrivals: {poisson: 5/min}}
  desks: {workspace: desk, workflow: write, priority: LOW, arrivals: {poisson: 32/min}}
)"));
  scenario.seed = seed;
  return scenario;
}

Report measured(const Scenario& scenario, std::uint64_t draw) {
  const RecorderConfig config = recorder_config(scenario, Time::zero() + scenario.warm_up.length);
  const auto recorder = make_recorder(config, scenario.pipeline);
  OutsideView outside(*recorder);
  const SimulationSeeds seeds{replication_seed(scenario.seed, 0),
                              stream_key(stream_key(scenario.seed, "target"), draw)};
  Simulation simulation(scenario, seeds, outside);
  std::vector<ReplicationResult> results;
  results.push_back(recorder->finish(simulation.run()));
  return report_on(scenario, config, {Engine::load, WarmUp::given, "", true}, results);
}

}  // namespace sluice::test
