// The peak of σ in small deterministic scenarios: what the capacity of a window is.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "reports/report.hpp"
#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;

/// One run of 60 s each 30 s: two workers' worth of work.
Scenario two_workers_of_work(std::uint32_t workers) {
  Scenario scenario = small_scenario(workers, Distribution::constant(60), 6_h);
  add_submitter(scenario, "s", ConstantArrivals{30_s});
  return scenario;
}

StabilityLine low_of(const Scenario& scenario) {
  return run_checked(scenario).stability.at(0).levels.at(0);
}

TEST(StabilityPeakOf, AScheduleIsWhereItHasFewest) {
  Scenario scenario = two_workers_of_work(8);
  scenario.pipeline.groups[0].workers.schedule = {{at(2 * 3600), 2}, {at(4 * 3600), 8}};
  const StabilityLine low = low_of(scenario);
  EXPECT_NEAR(low.sigma, 2 / 6.0, 0.01);
  EXPECT_NEAR(low.peak_sigma, 1, 0.02);
  EXPECT_GE(low.peak_from, at(2 * 3600));
  EXPECT_LE(low.peak_until, at(4 * 3600));
  EXPECT_NEAR(low.workers_needed_at_peak, 2 / 0.8, 0.05);
  EXPECT_NEAR(low.servers_at_peak, 2, 0.05);
}

TEST(StabilityPeakOf, AnIncidentCountsWithTheWorkersThatItLeaves) {
  Scenario scenario = two_workers_of_work(8);
  Incident incident;
  incident.at = at(2 * 3600);
  incident.length = 1_h;
  incident.change = LoseWorkers{GroupId::at(0), 7, {}};
  scenario.incidents.push_back(incident);
  const StabilityLine low = low_of(scenario);
  EXPECT_NEAR(low.peak_sigma, 2, 0.1);
  EXPECT_EQ(low.peak_from, at(2 * 3600));
  // Windows that hold 51.5 minutes of it have two workers or fewer: 17 minutes of moments.
  EXPECT_NEAR(low.time_at_or_above_one.seconds(), 20 * 60, 5 * 60);
}

TEST(StabilityPeakOf, AnAutoscaledGroupHasItsMost) {
  Scenario scenario = two_workers_of_work(1);
  AutoscalingConfig autoscaling;
  autoscaling.min = 1;
  autoscaling.max = 4;
  autoscaling.every = 60_s;
  scenario.pipeline.groups[0].workers.autoscaling = autoscaling;
  EXPECT_NEAR(low_of(scenario).peak_sigma, 0.5, 0.01);
}

TEST(StabilityPeakOf, LongerWindowsAreFlatter) {
  Scenario scenario = two_workers_of_work(4);
  scenario.submitters.clear();
  add_submitter(scenario, "batch",
                BatchArrivals{{at(3 * 3600)}, {}, Distribution::constant(240), {}});
  // 240 runs of a minute: four workers for an hour.
  EXPECT_NEAR(low_of(scenario).peak_sigma, 1, 1e-9);
  scenario.stability_window = 2_h;
  EXPECT_NEAR(low_of(scenario).peak_sigma, 0.5, 1e-9);
  scenario.stability_window = 7_h;
  EXPECT_NEAR(low_of(scenario).peak_sigma, 1 / 6.0, 1e-9);
}

}  // namespace
}  // namespace sluice::test
