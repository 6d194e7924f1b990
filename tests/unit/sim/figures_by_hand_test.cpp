// Figures and answers of small deterministic scenarios that can be worked out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reports/summary/answer.hpp"
#include "reports/summary/rows.hpp"
#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const Subject kHigh = Subject::of(PriorityLevel::HIGH);
const Subject kLow = Subject::of(PriorityLevel::LOW);

double value_of(const Report& report, Metric metric, const Subject& subject) {
  const Figure* figure = report.figures.find(metric, subject);
  return figure == nullptr ? NAN : figure->value;
}

BatchArrivals batch(double at_s, double size) {
  return {{at(at_s)}, {}, Distribution::constant(size), {}};
}

TEST(ByHand, ALevelThatGotNothingSinceTheWarmUpStarves) {
  Scenario scenario = small_scenario(1, Distribution::constant(10), 4_h);
  scenario.warm_up.length = 600_s;
  add_submitter(scenario, "hi", ConstantArrivals{9_s}).priority = {{1, PriorityLevel::HIGH}};
  add_submitter(scenario, "lo", batch(300, 20));
  const Report report = run_checked(scenario);
  EXPECT_EQ(value_of(report, Metric::wait_count, kLow), 20);
  EXPECT_EQ(value_of(report, Metric::wait_censored, kLow), 20);
  EXPECT_EQ(value_of(report, Metric::wait_max, kLow), 4 * 3600 - 300);
  EXPECT_THAT(answer(report), StartsWith("LOW starves."));
}

TEST(ByHand, ALevelWhoseRunsAllCameInTheWarmUpHasItsThroughput) {
  Scenario scenario = small_scenario(1, Distribution::constant(10), 1000_s);
  scenario.warm_up.length = 100_s;
  add_submitter(scenario, "lo", batch(50, 20));
  const Report report = run_checked(scenario);
  ASSERT_EQ(level_rows(report).size(), 1u);
  EXPECT_EQ(level_rows(report)[0].level, PriorityLevel::LOW);
  EXPECT_EQ(value_of(report, Metric::dispatched_count, kLow), 15);  // at 100, 110 … 240
}

TEST(ByHand, AWorkspaceThatStarvesInACalmLevelIsInTheAnswer) {
  Scenario scenario = small_scenario(1, Distribution::constant(10), 2000_s);
  scenario.pipeline.groups[0].dispatch.kind = DispatchPolicyKind::fifo;
  scenario.pipeline.workspaces.push_back({"quiet", GroupId::at(0)});
  add_submitter(scenario, "flood", batch(0, 100));
  add_submitter(scenario, "one", batch(1, 1)).workspaces = {WorkspaceId::at(1)};
  const Report report = run_checked(scenario);
  EXPECT_EQ(value_of(report, Metric::starvation_count, kLow), 0);
  EXPECT_THAT(answer(report), StartsWith("No level starves"));
  EXPECT_THAT(answer(report), HasSubstr(" But LOW runs of quiet starved for 16m39s."));
}

TEST(ByHand, GoodputCountsWhatEndsInTheWindow) {
  Scenario scenario = small_scenario(20, Distribution::constant(52), 205_s);
  scenario.warm_up.length = 105_s;
  add_submitter(scenario, "s", ConstantArrivals{10_s});
  EXPECT_EQ(value_of(run_checked(scenario), Metric::goodput_share, kLow), 1);
}

/// HIGH runs of one attempt, LOW runs of two; each attempt of 10 s and 20 s of cool-down.
TEST(ByHand, ALevelsWorkHasItsOwnCoolDowns) {
  Scenario scenario = small_scenario(4, Distribution::constant(10), 3600_s);
  scenario.pipeline.groups[0].workers.cool_down = Distribution::constant(20);
  WorkflowConfig flaky = scenario.pipeline.workflows[0];
  flaky.name = "flaky";
  flaky.failures = {{"always", 1.0, true, Distribution::constant(1)}};
  flaky.max_retries = 1;
  scenario.pipeline.workflows.push_back(flaky);
  add_submitter(scenario, "a", ConstantArrivals{60_s}).priority = {{1, PriorityLevel::HIGH}};
  add_submitter(scenario, "r", ConstantArrivals{120_s}).workflows = {
      {1.0, WorkflowUse{WorkflowId::at(1), {}}}};
  const Report report = run_checked(scenario);
  // Runs under way at the end make the cool-downs seen and the attempts finished differ by one.
  EXPECT_NEAR(value_of(report, Metric::service_mean, kHigh), 30, 0.4);
  EXPECT_NEAR(value_of(report, Metric::service_mean, kLow), 60, 0.8);
}

/// The second run waits 30 s inside its worker for the first one's credential.
TEST(ByHand, WaitingInsideAWorkerIsWork) {
  Scenario scenario = small_scenario(2, Distribution::constant(30), 120_s);
  scenario.pipeline.groups[0].when_credential_busy = WhenCredentialBusy::hold_worker;
  CredentialConfig credential;
  credential.name = "only";
  credential.max_concurrency = 1;
  scenario.pipeline.credentials.push_back(credential);
  scenario.pipeline.workflows[0].aliases = {"USER"};
  CredentialChoice choice;
  choice.members = {CredentialId::at(0)};
  add_submitter(scenario, "s", batch(0, 2)).workflows = {
      {1.0, WorkflowUse{WorkflowId::at(0), {choice}}}};
  const Report report = run_checked(scenario);
  EXPECT_EQ(value_of(report, Metric::service_mean, kLow), (30 + 60) / 2.0);
  EXPECT_DOUBLE_EQ(value_of(report, Metric::stability_sigma, kLow), 2 * 45 / 120.0 / 2);
}

/// Two runs of 100 s, as many as the credential lets start at once; from `at` on its limit is `to`.
Report with_another_limit(std::uint32_t limit, Time at, std::uint32_t to) {
  Scenario scenario = small_scenario(2, Distribution::constant(100), 100_s);
  CredentialConfig credential;
  credential.name = "only";
  credential.allow_multiple_sessions = true;
  credential.max_concurrency = limit;
  scenario.pipeline.credentials.push_back(credential);
  scenario.pipeline.workflows[0].aliases = {"USER"};
  CredentialChoice choice;
  choice.members = {CredentialId::at(0)};
  add_submitter(scenario, "s", batch(0, 2)).workflows = {
      {1.0, WorkflowUse{WorkflowId::at(0), {choice}}}};
  Incident incident;
  incident.at = at;
  incident.change = CredentialLimits{{CredentialId::at(0)}, {to, {}, {}}};
  scenario.incidents.push_back(incident);
  return run_checked(scenario);
}

TEST(ByHand, ASharesSlotsAreThoseOfTheWholeWindow) {
  const Subject only = Subject::of(CredentialId::at(0));
  // One slot for 50 s, three for 50 s; the second run begins at 50 s.
  const Report more = with_another_limit(1, Time::zero() + 50_s, 3);
  EXPECT_DOUBLE_EQ(value_of(more, Metric::credential_in_use_share, only), 150.0 / 200);
  EXPECT_DOUBLE_EQ(value_of(more, Metric::credential_in_use_mean, only), 1.5);
  // Two slots for 20 s, then one, and both runs keep theirs.
  const Report fewer = with_another_limit(2, Time::zero() + 20_s, 1);
  EXPECT_EQ(value_of(fewer, Metric::credential_in_use_share, only), 1);
  EXPECT_DOUBLE_EQ(value_of(fewer, Metric::credential_at_limit, only), 1);
}

TEST(ByHand, WorkIsOfWhatCameAndNotOfWhatWasServed) {
  // Turns are by run: a run of 10 s for one of 1 s. So of those that were served half are long; of
  // those that came one in 21 is. 0.05/s x 10 s + 1/s x 1 s of 1 worker.
  Scenario scenario = small_scenario(1, Distribution::constant(10), 2000_s);
  scenario.pipeline.workspaces.push_back({"quick", GroupId::at(0)});
  scenario.pipeline.workflows.push_back(scenario.pipeline.workflows[0]);
  scenario.pipeline.workflows[1].name = "short";
  scenario.pipeline.workflows[1].time = Distribution::constant(1);
  add_submitter(scenario, "a", ConstantArrivals{20_s});
  SubmitterConfig& quick = add_submitter(scenario, "b", ConstantArrivals{1_s});
  quick.workspaces = {WorkspaceId::at(1)};
  quick.workflows = {{1.0, WorkflowUse{WorkflowId::at(1), {}}}};
  const Report report = run_checked(scenario);
  EXPECT_NEAR(value_of(report, Metric::stability_sigma, kLow), 1.5, 0.002);
}

}  // namespace
}  // namespace sluice::test
