// How attempts go: by their draws and the factors of the moment, or by a planner.
#include "pipeline/attempts.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

using namespace literals;

PipelineConfig flaky_config() {
  PipelineConfig config;
  config.workflows.resize(1);
  WorkflowConfig& workflow = config.workflows[0];
  workflow.aliases = {"USER"};
  workflow.time = Distribution::constant(10);
  workflow.failures = {{"flaky", 0.5, true}, {"broken", 0, false}};
  workflow.max_retries = 2;
  config.credentials.resize(1);
  config.credentials[0].login = LoginConfig{Distribution::constant(3), 0.5};
  return config;
}

Run run_of(FixedOutcome outcome = FixedOutcome::drawn) {
  Run run;
  run.request.workflow = WorkflowId{0};
  run.request.need_count = 1;
  run.request.fixed_outcome = outcome;
  run.request.draw_key = 42;
  run.held[0] = CredentialId{0};
  run.attempt = 1;
  return run;
}

TEST(Attempts, FactorsHoldUntilTheyAreSetAgain) {
  const PipelineConfig with = flaky_config();
  Attempts attempts(with);
  const auto run = run_of();
  attempts.set_failure_factor({0}, 0);
  EXPECT_EQ(attempts.plan(run).length, 10_s);
  EXPECT_EQ(attempts.plan(run).outcome, Outcome::succeeded);
  attempts.set_duration_factor({0}, 3);
  EXPECT_EQ(attempts.plan(run).length, 30_s);
  attempts.set_failure_factor({0}, 2);  // of one half
  EXPECT_EQ(attempts.plan(run).outcome, Outcome::failed);
  attempts.set_duration_factor({0}, 1);
  attempts.set_failure_factor({0}, 0);
  EXPECT_EQ(attempts.plan(run).length, 10_s);
}

TEST(Attempts, LoginsHaveTheirOwnFactor) {
  const PipelineConfig with = flaky_config();
  Attempts attempts(with);
  const auto run = run_of();
  attempts.set_login_failure_factor({0}, 0);
  EXPECT_TRUE(attempts.login(run, 0).succeeds);
  EXPECT_EQ(attempts.login(run, 0).length, 3_s);
  attempts.set_login_failure_factor({0}, 2);
  EXPECT_FALSE(attempts.login(run, 0).succeeds);
}

TEST(Attempts, AFailureIsRetriedIfItsKindIsAndRetriesAreLeft) {
  const PipelineConfig with = flaky_config();
  const Attempts attempts(with);
  auto run = run_of();
  run.failure_kind = 0;
  EXPECT_TRUE(attempts.is_retried(run));
  run.failure_kind = 1;
  EXPECT_FALSE(attempts.is_retried(run));
  run.failure_kind = 0;
  run.retries = 2;
  EXPECT_FALSE(attempts.is_retried(run));
}

TEST(Attempts, WhatIsAppendedHasNoFactor) {
  PipelineConfig with = flaky_config();
  Attempts attempts(with);
  attempts.set_duration_factor({0}, 3);
  with.workflows.push_back(with.workflows[0]);
  with.workflows[1].failures.clear();
  attempts.config_grew();
  auto run = run_of();
  run.request.workflow = WorkflowId{1};
  EXPECT_EQ(attempts.plan(run).length, 10_s);
}

/// Says that everything goes well after a second; no login, no retry.
class Planner final : public AttemptPlanner {
 public:
  AttemptPlan plan(const Run&, const AttemptPlan&) const override { return {1_s}; }
  AttemptPlan plan_after_answer(const Run&) const override { return {2_s}; }
  bool logs_in(const Run&) const override { return false; }
  bool retries(const Run&) const override { return true; }
};

TEST(Attempts, APlannerSaysHowItsRunsGoAndNoOthers) {
  const PipelineConfig with = flaky_config();
  const Planner planner;
  Attempts attempts(with);
  EXPECT_FALSE(attempts.has_planner());
  attempts.set_planner(planner);
  const auto planned = run_of(FixedOutcome::planned);
  EXPECT_EQ(attempts.plan(planned).length, 1_s);
  EXPECT_EQ(attempts.plan_after_answer(planned).length, 2_s);
  EXPECT_FALSE(attempts.login(planned, 0).succeeds);
  EXPECT_TRUE(attempts.is_retried(planned));
  EXPECT_EQ(attempts.plan_after_answer(run_of()).length, Duration{});
  attempts.set_failure_factor({0}, 0);
  EXPECT_EQ(attempts.plan(run_of()).length, 10_s);
}

}  // namespace
}  // namespace sluice::test
