// Quantiles that are held against a limit are exact where they are near it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "reports/make_recorder.hpp"
#include "sim/scenario_report.hpp"
#include "tests/unit/scenarios/loading.hpp"
#include "tests/unit/sim/checked.hpp"

namespace sluice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Ten runs of 10 s on one worker wait 0, 10 … 90 s: p50 is 40 s, p95 and p99 are 90 s.
constexpr std::string_view kTen = R"(
duration: 200s
resource_groups: {main: {workers: 1}}
workspaces: {a: {}}
workflows: {w: {time: 10s}}
submitters: {A: {workspace: a, arrivals: {batch: {at: [0s], size: 10}}}}
)";

Report report_with(std::string_view scenario, std::string_view expectations) {
  return run_checked(loaded(load(std::string(scenario) + std::string(expectations))));
}

std::vector<Status> all_statuses(const Report& report) {
  std::vector<Status> all;
  for (const ExpectationResult& result : report.expectations) all.push_back(result.status);
  return all;
}

TEST(QuantileLimit, IsNotDecidedByTheMiddleOfABucket) {
  const Report report = report_with(kTen, R"(
expect: ["LOW.wait.p50 < 40s", "LOW.wait.p95 < 90s", "LOW.wait.p95 >= 90s", "wait.p99 == 90s",
         "wait.p50{workspace=a} < 40s", "wait.p95{submitter=A, level=LOW} <= 90s"]
)");
  EXPECT_THAT(all_statuses(report), ElementsAre(Status::failed, Status::failed, Status::passed,
                                                Status::passed, Status::failed, Status::passed));
  EXPECT_EQ(report.expectations[0].figure->value, 40);
  EXPECT_EQ(report.expectations[1].figure->value, 90);
  EXPECT_EQ(report.expectations[0].reason, "measured 40s, limit < 40s");
  EXPECT_EQ(report.expectations[4].figure->value, 40);
}

TEST(QuantileLimit, AnExactFigureIsAsExactOverReplications) {
  const Report report = report_with(kTen, "replications: 3\nexpect: [\"LOW.wait.p50 < 40s\"]\n");
  EXPECT_THAT(all_statuses(report), ElementsAre(Status::failed));
  EXPECT_EQ(report.expectations[0].figure->value, 40);
}

TEST(QuantileLimit, RunsThatStillWaitAreOrderedExactlyAsWell) {
  // At 45 s five have started, having waited 0 … 40 s; five wait since 0 s: 45 s are lower bounds.
  Scenario scenario = loaded(load(std::string(kTen) + R"(
expect: ["LOW.wait.p50 <= 40s", "LOW.wait.p50 < 40s", "LOW.wait.p95 >= 45s", "LOW.wait.p95 > 45s"]
)"));
  scenario.duration = Duration::from_seconds(45);
  EXPECT_THAT(all_statuses(run_checked(scenario)),
              ElementsAre(Status::passed, Status::failed, Status::passed, Status::inconclusive));
}

TEST(QuantileLimit, SlowdownsAndLatenciesAreExactToo) {
  // Slowdowns 1 + wait / 10 s: 1, 2 … 10.
  const Report report = report_with(kTen, R"(
api: {rate_limits: {}, latency: 3s}
expect: ["LOW.slowdown.p99 < 10", "slowdown.p99 <= 10", "api.latency.p99 < 3s",
         "api.latency.p99 <= 3s"]
)");
  EXPECT_THAT(all_statuses(report),
              ElementsAre(Status::failed, Status::passed, Status::failed, Status::passed));
}

TEST(QuantileLimit, BeyondTheStatedNumberOfValuesItIsUndecided) {
  Scenario scenario = loaded(load(std::string(kTen) + "expect: [\"LOW.wait.p50 < 40s\"]\n"));
  RecorderConfig config = recorder_config(scenario, Time::zero());
  ASSERT_EQ(config.quantiles.size(), 1u);
  config.most_kept_values = 0;
  const auto recorder = make_recorder(config, scenario.pipeline);
  const Time end = simulate_checked(scenario, 1, *recorder);
  const Report report = report_on(scenario, config, {}, {recorder->finish(end)});
  EXPECT_THAT(all_statuses(report), ElementsAre(Status::inconclusive));
  EXPECT_THAT(report.expectations[0].reason,
              HasSubstr("the limit lies within what the histogram tells apart"));
}

TEST(QuantileLimit, NothingIsKeptWithoutAnExpectation) {
  EXPECT_TRUE(recorder_config(loaded(load(kTen)), Time::zero()).quantiles.empty());
}

RC_GTEST_PROP(QuantileLimitProperty, AgreesWithTheSortedWaits, ()) {
  const int limit_ms = *rc::gen::inRange(1, 60'000);
  Scenario scenario =
      loaded(load(fmt::format(R"(
seed: {}
duration: 3000s
resource_groups: {{main: {{workers: 2}}}}
workspaces: {{a: {{}}, b: {{}}}}
workflows: {{w: {{time: {{exponential: 9s}}, failure: {{rate: 10%, retry: true}}, max_retries: 3}}}}
submitters:
  A: {{workspace: a, arrivals: {{poisson: 6/min}}}}
  B: {{workspace: b, until: 2500s, arrivals: {{poisson: 5/min}}}}
expect: ["LOW.wait.p50 < {}ms", "LOW.wait.p95 <= {}ms", "wait.p90{{submitter=A}} < {}ms"]
)",
                              *rc::gen::inRange(1, 1'000'000), limit_ms, limit_ms, limit_ms)));
  RecorderConfig config = recorder_config(scenario, Time::zero());
  RecorderConfig exact = config;
  exact.exact_quantiles = true;
  const auto kept = make_recorder(config, scenario.pipeline);
  const auto all = make_recorder(exact, scenario.pipeline);
  const Time end = simulate_checked(scenario, scenario.seed, *kept);
  simulate_checked(scenario, scenario.seed, *all);
  const Report near = report_on(scenario, config, {}, {kept->finish(end)});
  const Report sorted = report_on(scenario, exact, {}, {all->finish(end)});
  RC_ASSERT(all_statuses(near) == all_statuses(sorted));
  for (std::size_t i = 0; i < near.expectations.size(); ++i) {
    const Figure& figure = *near.expectations[i].figure;
    const double value = sorted.expectations[i].figure->value;
    if (figure.within)
      RC_ASSERT(figure.within->low <= value && value <= figure.within->high);
    else
      RC_ASSERT(figure.value == value);
  }
}

}  // namespace
}  // namespace sluice::test
