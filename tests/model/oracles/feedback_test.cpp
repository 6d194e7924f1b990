// Runs that come back: retries as a Jackson network with feedback, and clients in a closed loop.
#include <gtest/gtest.h>

#include "tests/model/oracles/oracle.hpp"

namespace sluice::test {
namespace {

constexpr double kArrivals = 7.2;
constexpr double kFailureRate = 0.2;
constexpr double kTries = 1 / (1 - kFailureRate);

/// M/M/10 whose runs fail with p = 0.2 at the end of an attempt and go back to the tail.
Scenario retrying(std::uint32_t max_retries, Duration backoff) {
  Scenario scenario = poisson_scenario(kArrivals, 10, Distribution::exponential(1), {500, 32'000});
  WorkflowConfig& workflow = scenario.pipeline.workflows[0];
  workflow.failures = {{"portal is down", kFailureRate, true, Distribution::constant(1)}};
  workflow.max_retries = max_retries;
  workflow.backoff.base = backoff;
  workflow.backoff.factor = 1;
  return scenario;
}

/// Mean time from acceptance to the end of the last attempt.
double sojourn_of(const Report& report) {
  return value_of(report, Metric::wait_mean) +
         value_of(report, Metric::service_mean, Subject::of(LOW));
}

TEST(FeedbackSlowTest, RetriesToTheTail) {
  const Report report = run_oracle(retrying(10'000, Duration::zero()));
  // Each of 1.25 attempts waits as in M/M/10 with λ = 9: W per run 2.0859144051.
  const double wait = kTries * mmc_wait(10, kArrivals * kTries, 1);
  EXPECT_NEAR(wait + kTries, 2.0859144051, 1e-9);
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), wait, 0.06));
  EXPECT_TRUE(covers(report, Metric::service_mean, Subject::of(LOW), kTries, 0.01));
  EXPECT_TRUE(covers(report, Metric::requeued_rate, Subject::all(), kFailureRate, 0.01));
  EXPECT_NEAR(sojourn_of(report), 2.0859144051, 0.05);
}

/// The mean number in a delay depends on the mean delay alone: 3 s constant is as good as exp(3).
TEST(FeedbackSlowTest, RetriesAfterABackOffOfThreeSeconds) {
  const Report report = run_oracle(retrying(10'000, Duration::from_seconds(3)));
  const double wait = kTries * mmc_wait(10, kArrivals * kTries, 1) + (kTries - 1) * 3;
  EXPECT_NEAR(wait + kTries, 2.8359144051, 1e-9);
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), wait, 0.04));
  EXPECT_TRUE(covers(report, Metric::attribution_retry_delay, Subject::all(), 0.75, 0.02));
  EXPECT_NEAR(sojourn_of(report), 2.8359144051, 0.05);
}

TEST(FeedbackSlowTest, AtMostThreeTries) {
  const Report report = run_oracle(retrying(2, Duration::zero()));
  EXPECT_TRUE(covers(report, Metric::dispatched_rate, Subject::all(), 60 * kArrivals * 1.24, 0.01));
  EXPECT_TRUE(covers(report, Metric::service_mean, Subject::of(LOW), 1.24, 0.01));
  EXPECT_TRUE(covers(report, Metric::failed_rate, Subject::all(), 0.008, 0.03));
}

TEST(FeedbackSlowTest, ClosedLoopOfTwentyClients) {
  Scenario scenario = oracle_scenario(3, Distribution::exponential(1), {500, 20'000});
  add_submitter(scenario, "clerks", ClosedLoop{20, Distribution::exponential(5)});
  const Report report = run_oracle(scenario);
  EXPECT_TRUE(covers(report, Metric::throughput_rate, Subject::all(), 60 * 2.800426818, 0.01));
  EXPECT_TRUE(covers(report, Metric::wait_mean, Subject::all(), 2.141768486 - 1, 0.03));
}

}  // namespace
}  // namespace sluice::test
