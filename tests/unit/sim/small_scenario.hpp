// Scenarios made in a few lines, for tests of the simulator: one group, one workspace, one workflow
// to begin with.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/observer.hpp"
#include "scenarios/scenario.hpp"
#include "sim/simulation.hpp"

namespace sluice::test {

/// A group "main" with `workers`, a workspace "acme" and a workflow "claims" that takes `time`
/// seconds.
Scenario small_scenario(std::uint32_t workers, Distribution time, Duration duration);

/// Adds a submitter of LOW runs of workspace 0 and workflow 0.
SubmitterConfig& add_submitter(Scenario& scenario, const std::string& name, Arrivals arrivals);

inline Time at(double seconds) { return Time::from_seconds(seconds); }

/// Arrivals at a constant rate from a Poisson process.
PoissonArrivals poisson(double per_second);

/// Writes down what tests ask about.
class Diary : public PipelineObserver {
 public:
  struct Entry {
    Time at;
    RunRequest request;
  };
  std::vector<Entry> submissions, acceptances, dispatches, ends, gave_ups;
  std::vector<std::pair<Time, Answer>> refusals;
  std::uint64_t requeues = 0;

  void submitted(Time now, const RunRequest& request) override;
  void answered(Time now, const RunRequest& request, const Answer& answer) override;
  void gave_up(Time now, const RunRequest& request) override;
  void accepted(Time now, const Run& run) override;
  void dispatched(Time now, const Run& run) override;
  void requeued(Time now, const Run& run, RequeueCause cause, Duration delay) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;
};

/// Simulates the scenario once and returns its diary.
Diary simulate(const Scenario& scenario, std::uint64_t seed = 1);

}  // namespace sluice::test
