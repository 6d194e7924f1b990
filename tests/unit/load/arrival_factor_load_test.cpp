// Factors on arrivals in real time: the same as in a simulation.
#include <gtest/gtest.h>

#include <string>

#include "experiments/replications.hpp"
#include "load/load_run.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

double submitted(const Report& report) {
  const Figure* figure = report.figures.find(Metric::submitted_count, Subject{});
  return figure == nullptr ? -1 : figure->value;
}

LoadOutcome load_served(const Scenario& scenario, double time_scale, unsigned threads = 1) {
  ServedMock mock(scenario, time_scale);
  LoadRunOptions options = load_options(scenario, mock.url(), time_scale);
  options.threads = threads;
  options.before_start = [&mock] { mock.begin_anew(); };
  return run_load(scenario, options);
}

TEST(ArrivalFactorLoadTest, NothingIsSentBehindTheEndOfASubmitter) {
  const Scenario scenario = loaded(test::load(
      "duration: 6s\n"
      "resource_groups: {main: {workers: 2}}\n"
      "workspaces: {acme: {}}\n"
      "workflows: {w: {time: 20ms}}\n"
      "submitters:\n"
      "  A: {workspace: acme, workflow: w, arrivals: {constant: {every: 100ms}}, until: 2s}\n"
      "incidents:\n"
      "  - {at: 4s, for: 1s, arrival_rate: 3}\n"
      "load: {drain: 1s, late_after: 5s}\n"));
  const LoadOutcome outcome = load_served(scenario, 2);
  EXPECT_EQ(outcome.end, LoadEnd::whole);
  EXPECT_EQ(submitted(outcome.report), 19) << "0.1 s to 1.9 s";
  ASSERT_TRUE(outcome.report.load);
  EXPECT_EQ(outcome.report.load->late, 0u);
}

/// Clients depend on when their runs end, so they do not take part.
TEST(ArrivalFactorLoadTest, ALoadSendsWhatASimulationSubmits) {
  const Scenario scenario = loaded(
      test::load("duration: 100s\n"
                 "resource_groups: {main: {workers: 20}}\n"
                 "workspaces: {acme: {}}\n"
                 "workflows: {w: {time: 1s}}\n"
                 "submitters:\n"
                 "  open: {until: 90s, arrivals: {poisson: 1/s}}\n"
                 "  batches: {until: 90s, arrivals: {batch: {at: [10s, 30s, 60s], size: 5}}}\n"
                 "  clock: {until: 90s, arrivals: {jittered: {every: 2s, jitter: 30%}}}\n"
                 "incidents:\n"
                 "  - {at: 20s, for: 20s, arrival_rate: 3}\n"
                 "  - {at: 50s, for: 20s, arrival_rate: 0.5}\n"
                 "load: {drain: 1s}\n"));
  EXPECT_EQ(submitted(load_served(scenario, 50, 2).report), submitted(run_experiment(scenario)));
}

}  // namespace
}  // namespace sluice::test
