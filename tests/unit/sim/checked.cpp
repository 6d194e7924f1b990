#include "tests/unit/sim/checked.hpp"

#include <gtest/gtest.h>

#include "experiments/replications.hpp"
#include "pipeline/observer_list.hpp"
#include "reports/runs/run_listener.hpp"
#include "tests/model/invariants/invariants_observer.hpp"

namespace sluice::test {
namespace {

/// A prime: not in step with anything that recurs.
constexpr invariants::InvariantOptions kNowAndThen{.scan_every = 499};

/// Holds the invariants of the pipeline against one replication.
class Invariants final : public BasicObserverList<RunListener> {
 public:
  explicit Invariants(const PipelineConfig& config) : observer_(config, kNowAndThen) {
    add(observer_);
  }
  void finish(Time) override { EXPECT_EQ(observer_.violations(), ""); }

 private:
  invariants::InvariantsObserver observer_;
};

}  // namespace

Time simulate_checked(const Scenario& scenario, std::uint64_t seed, PipelineObserver& observer,
                      const SimulationControl& control) {
  invariants::InvariantsObserver invariants(scenario.pipeline, kNowAndThen);
  ObserverList observers{&observer, &invariants};
  const Time end = Simulation(scenario, seed, observers).run(control);
  EXPECT_EQ(invariants.violations(), "");
  return end;
}

Report run_checked(const Scenario& scenario, ExperimentOptions options) {
  const ListenerFactory others = options.listeners;
  options.listeners = [&](std::uint32_t number, const Recorder& recorder) {
    Listeners all = others ? others(number, recorder) : Listeners();
    all.push_back(std::make_unique<Invariants>(scenario.pipeline));
    return all;
  };
  return run_experiment(scenario, options);
}

}  // namespace sluice::test
