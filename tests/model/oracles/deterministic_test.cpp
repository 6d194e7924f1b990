// Schedules that can be done by hand (D/D/c): exact, without variance between replications; and the
// same bytes on any number of threads.
#include <gtest/gtest.h>

#include "reports/json/json.hpp"
#include "tests/model/oracles/oracle.hpp"
#include "tests/unit/sim/checked.hpp"

namespace sluice::test {
namespace {

using namespace literals;

/// Exactly so in every replication.
void expect_exactly(const Report& report, Metric metric, double expected) {
  const Figure* figure = report.figures.find(metric, Subject::all());
  ASSERT_NE(figure, nullptr) << info(metric).name;
  EXPECT_DOUBLE_EQ(figure->value, expected) << info(metric).name;
  EXPECT_GT(figure->replications, 1U);
  EXPECT_FALSE(figure->interval) << info(metric).name << ": they differ";
}

TEST(DeterministicTest, EnoughWorkersForAConstantFlow) {
  // One a second, 2.5 s each, on 3 workers; the first ends at 3.5.
  Scenario scenario = oracle_scenario(3, Distribution::constant(2.5), {10, 990, 4});
  add_submitter(scenario, "clock", ConstantArrivals{1_s});
  const Report report = run_oracle(scenario);
  expect_exactly(report, Metric::wait_mean, 0);
  expect_exactly(report, Metric::wait_max, 0);
  expect_exactly(report, Metric::utilisation, 2.5 / 3);
  expect_exactly(report, Metric::running_mean, 2.5);
  expect_exactly(report, Metric::throughput_rate, 60);
}

TEST(DeterministicTest, BatchesThatWaitForEachOther) {
  // Six at once every 10 s, 3 s each, on 2 workers: waits 0 0 3 3 6 6, empty after 9 s.
  Scenario scenario = oracle_scenario(2, Distribution::constant(3), {0, 999.5, 4});
  BatchArrivals batches{{Time::zero()}, 10_s, Distribution::constant(6)};
  add_submitter(scenario, "batches", batches);
  const Report report = run_oracle(scenario);
  expect_exactly(report, Metric::wait_count, 600);
  expect_exactly(report, Metric::wait_mean, 3);
  expect_exactly(report, Metric::wait_max, 6);
  expect_exactly(report, Metric::queue_length_mean, 100 * 18 / 999.5);
  expect_exactly(report, Metric::starvation_longest, 3);
  const double p50 = value_of(report, Metric::wait_p50), p90 = value_of(report, Metric::wait_p90);
  EXPECT_NEAR(p50, 3, 3.0 / 128);
  EXPECT_NEAR(p90, 6, 6.0 / 128);
}

/// Run i, from 0, comes at i + 1 and starts at 1 + (i mod 2) + 3⌊i/2⌋: it waits ⌊i/2⌋ seconds.
TEST(DeterministicTest, TooFewWorkersForAConstantFlow) {
  Scenario scenario = oracle_scenario(2, Distribution::constant(3), {0, 310, 4});
  add_submitter(scenario, "clock", ConstantArrivals{1_s}).until = Time::from_seconds(200.5);
  const Report report = run_oracle(scenario);
  expect_exactly(report, Metric::accepted_count, 200);
  expect_exactly(report, Metric::succeeded_count, 200);
  expect_exactly(report, Metric::wait_mean, 49.5);
  expect_exactly(report, Metric::wait_max, 99);
}

/// A little of everything.
Scenario rich_scenario() {
  Scenario scenario = priority_scenario({0.3, 0.4, 0.8}, 10,
                                        Distribution::lognormal_median_p95(4, 15), {200, 4'000, 9});
  scenario.pipeline.workflows[0].aliases = {"portal"};
  scenario.pipeline.workflows[0].failures = {{"flaky", 0.1, true, Distribution::uniform(0, 1)}};
  scenario.pipeline.workflows[0].max_retries = 2;
  scenario.pipeline.workflows[0].backoff = {5_s, 2, 60_s, 0.5};
  scenario.pipeline.api.latency = Distribution::exponential(0.2);
  scenario.pipeline.api.error_rate = 0.01;
  scenario.pipeline.webhooks = WebhookConfig{Distribution::exponential(0.1), 0.05, 3, {1_s}};
  WorkerPoolConfig& workers = scenario.pipeline.groups[0].workers;
  workers.start_up = Distribution::uniform(5, 20);
  workers.failures = WorkerFailureConfig{3'600_s, Distribution::exponential(60)};
  workers.autoscaling = AutoscalingConfig{6, 20, 4, 10_s, 30_s, 120_s};
  CredentialChoice pool{CredentialChoice::Kind::pool, {}};
  for (std::size_t i = 0; i < 3; ++i) {
    CredentialConfig credential;
    credential.name = "bot-" + std::to_string(i);
    credential.allow_multiple_sessions = true;
    credential.max_concurrency = 4;
    credential.prevent_concurrency_during_login = true;
    credential.login = LoginConfig{Distribution::uniform(0.5, 2), 0.05};
    credential.keeps_session = true;
    credential.expiry_time_from_last_use = 60_s;
    credential.expiry_time_from_session_data_set = 120_s;
    scenario.pipeline.credentials.push_back(credential);
    pool.members.push_back(CredentialId::at(i));
  }
  for (SubmitterConfig& submitter : scenario.submitters) {
    submitter.workflows[0].second.credentials = {pool};
    submitter.retry = {3, {1_s, 2, 30_s, 0.5}, true};
  }
  use_workspaces(scenario, 5);
  scenario.incidents = {
      {"outage", Time::from_seconds(1'500), 120_s, LoseWorkers{GroupId::at(0), 4}},
      {"rush", Time::from_seconds(2'000), 300_s, ArrivalFactor{{SubmitterId::at(2)}, 3}}};
  return scenario;
}

TEST(DeterministicTest, TheSameBytesOnOneTwoAndEightThreads) {
  const Scenario scenario = rich_scenario();
  const auto json = [&](unsigned threads) {
    ExperimentOptions options;
    options.threads = threads;
    return render_json(run_checked(scenario, options), {.build_and_wall_time = false});
  };
  const std::string one = json(1);
  EXPECT_EQ(one, json(2));
  EXPECT_EQ(one, json(8));
  // And the scenario did what it was made for.
  const Report report = run_oracle(scenario);
  for (const Metric metric :
       {Metric::requeued_count, Metric::login_count, Metric::login_failed_count,
        Metric::webhooks_failed, Metric::api_retries, Metric::stopped_count})
    EXPECT_GT(value_of(report, metric), 0) << info(metric).name;
}

}  // namespace
}  // namespace sluice::test
