// A load whose submitters do not wait for ever: it asks the target to stop the runs that wait.
#include <gtest/gtest.h>

#include "experiments/replications.hpp"
#include "load/load_run.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

/// One worker, ten seconds a run: four of ten start before the patience of 35 s is over.
constexpr const char* kImpatient =
    "duration: 2m\n"
    "resource_groups: {main: {workers: 1}}\n"
    "workspaces: {acme: }\n"
    "workflows: {claims: {time: 10s}}\n"
    "submitters: {batch: {patience: 35s, arrivals: {batch: {at: 10s, size: 10}}}}\n"
    "load: {drain: 2s}\n";

double count_of(const Report& report, Metric metric) {
  const Figure* figure = report.figures.find(metric);
  return figure == nullptr ? -1 : figure->value;
}

TEST(PatienceInALoadTest, RunsThatWaitTooLongAreInterruptedThroughTheApi) {
  const Scenario scenario = loaded(load(kImpatient));
  constexpr double kScale = 30;
  ServedMock mock(scenario, kScale);
  LoadRunOptions options = load_options(scenario, mock.url(), kScale);
  options.before_start = [&mock] { mock.begin_anew(); };
  const Report measured = run_load(scenario, options).report;
  const Report simulated = run_experiment(scenario);
  EXPECT_EQ(count_of(simulated, Metric::cancelled_count), 6);
  EXPECT_EQ(count_of(measured, Metric::submitted_count), 10);
  EXPECT_NEAR(count_of(measured, Metric::cancelled_count), 6, 1);
  EXPECT_EQ(count_of(measured, Metric::stopped_count), count_of(measured, Metric::cancelled_count));
  EXPECT_NEAR(count_of(measured, Metric::succeeded_count), 4, 1);
  EXPECT_EQ(measured.load->runs_lost, 0u);
}

}  // namespace
}  // namespace sluice::test
