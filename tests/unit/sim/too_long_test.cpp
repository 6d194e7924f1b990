// Timeouts, expiries, patience, and incidents that change credentials and times of workflows, from
// the scenario to the report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "experiments/replications.hpp"
#include "reports/runs/run_log.hpp"
#include "reports/runs/run_story.hpp"
#include "sim/scenario_report.hpp"
#include "tests/unit/scenarios/loading.hpp"
#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

double figure_of(const Report& report, Metric metric, const Subject& subject = {}) {
  const Figure* figure = report.figures.find(metric, subject);
  return figure == nullptr ? -1 : figure->value;
}

BatchArrivals runs_at_once(double size) { return {{at(0)}, {}, Distribution::constant(size), {}}; }

std::string log_of(const Scenario& scenario) {
  std::ostringstream out;
  ExperimentOptions options;
  options.listeners = [&](std::uint32_t number, const Recorder& recorder) {
    Listeners listeners;
    listeners.push_back(
        make_run_log(out, scenario.pipeline, submitter_names(scenario), number, recorder));
    return listeners;
  };
  run_checked(scenario, options);
  return out.str();
}

std::string story_text(const Scenario& scenario, const std::string& run) {
  Story story;
  ExperimentOptions options;
  options.listeners = [&](std::uint32_t, const Recorder& recorder) {
    Listeners listeners;
    listeners.push_back(make_run_story(*parse_run_name(run, submitter_names(scenario)),
                                       scenario.pipeline, recorder, story));
    return listeners;
  };
  run_checked(scenario, options);
  return render_story(story, 1000);
}

// ---- patience

/// One worker, ten seconds a run: three start within 25 s, two are cancelled then.
Scenario impatient_batch() {
  Scenario scenario = small_scenario(1, Distribution::constant(10), 100_s);
  scenario.slo.fill(15_s);
  add_submitter(scenario, "batch", runs_at_once(5)).patience = Distribution::constant(25);
  return scenario;
}

TEST(PatienceTest, CancelledRunsAreStoppedAndTheirWaitsAbandoned) {
  const Report report = run_checked(impatient_batch());
  EXPECT_EQ(figure_of(report, Metric::cancelled_count), 2);
  EXPECT_EQ(figure_of(report, Metric::stopped_count), 2);
  EXPECT_EQ(figure_of(report, Metric::succeeded_count), 3);
  EXPECT_EQ(figure_of(report, Metric::slo_attainment), 0.4) << "waits of 0 and 10 s, of five";
  EXPECT_EQ(figure_of(report, Metric::expired_count), -1) << "cannot happen here";
  EXPECT_EQ(report.reached.of({ReachKind::cancelled}), 2u);
}

TEST(PatienceTest, RunLogAndStorySayWhy) {
  EXPECT_THAT(log_of(impatient_batch()), HasSubstr(R"("outcome":"stopped","reason":"cancelled")"));
  EXPECT_THAT(story_text(impatient_batch(), "batch#4"),
              HasSubstr("ended: stopped: it waited longer than its submitter has patience"));
}

TEST(PatienceTest, IsDrawnByTheRunWhateverThePolicy) {
  Scenario scenario = small_scenario(1, Distribution::constant(10), 1000_s);
  add_submitter(scenario, "clock", ConstantArrivals{3_s}).patience = Distribution::exponential(20);
  const auto patience_of_runs = [&] {
    std::vector<Duration> all;
    for (const auto& entry : simulate(scenario).submissions) all.push_back(entry.request.patience);
    return all;
  };
  const std::vector<Duration> strict = patience_of_runs();
  scenario.pipeline.groups[0].dispatch.kind = DispatchPolicyKind::fifo;
  EXPECT_EQ(patience_of_runs(), strict);
  EXPECT_NE(strict[0], strict[1]);
}

/// The second of two runs is refused at 0, 10 and 20 s.
TEST(PatienceTest, EndsFurtherTriesOfARunThatIsNotAccepted) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), 100_s);
  scenario.pipeline.api.rate_limits = {{60_s, 1}};
  SubmitterConfig& batch = add_submitter(scenario, "batch", runs_at_once(2));
  batch.retry = {10, {10_s, 1, Duration::max(), 0}, false};
  batch.patience = Distribution::constant(25);
  const Diary diary = simulate(scenario);
  ASSERT_EQ(diary.gave_ups.size(), 1u);
  EXPECT_EQ(diary.gave_ups[0].at, at(25));
  EXPECT_EQ(diary.gave_ups[0].request.attempt, 3u);
  EXPECT_EQ(diary.refusals.size(), 3u);
  EXPECT_THAT(story_text(scenario, "batch#1"),
              HasSubstr("gave up after 3 attempts: its patience was over"));
}

/// Patience is a timer, another attempt an arrival.
TEST(PatienceTest, AnAttemptAtItsVeryEndIsNotMade) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), 100_s);
  scenario.pipeline.api.rate_limits = {{60_s, 1}};
  SubmitterConfig& batch = add_submitter(scenario, "batch", runs_at_once(2));
  batch.retry = {10, {10_s, 1, Duration::max(), 0}, false};
  batch.patience = Distribution::constant(20);
  const Diary diary = simulate(scenario);
  ASSERT_EQ(diary.gave_ups.size(), 1u);
  EXPECT_EQ(diary.gave_ups[0].at, at(20));
  EXPECT_EQ(diary.gave_ups[0].request.attempt, 2u);
}

/// Two clients, one worker, ten seconds a run, five of thought: the second is cancelled at 9 s.
TEST(PatienceTest, AClientGoesOnAfterItsRunWasCancelled) {
  Scenario scenario = small_scenario(1, Distribution::constant(10), 20_s);
  add_submitter(scenario, "loop", ClosedLoop{2, Distribution::constant(5)}).patience =
      Distribution::constant(4);
  const Diary diary = simulate(scenario);
  std::vector<double> seconds;
  for (const auto& entry : diary.submissions) seconds.push_back(entry.at.seconds());
  EXPECT_EQ(seconds, (std::vector<double>{5, 5, 14, 20}));
}

// ---- timeout and expiry

TEST(TimeoutTest, ReportLogAndStorySayWhatTimedOut) {
  Scenario scenario = small_scenario(1, Distribution::constant(60), 200_s);
  scenario.pipeline.workflows[0].timeout = TimeoutConfig{20_s, true};
  scenario.pipeline.workflows[0].max_retries = 1;
  add_submitter(scenario, "one", runs_at_once(1));
  const Report report = run_checked(scenario);
  EXPECT_EQ(figure_of(report, Metric::timed_out_count), 1);
  EXPECT_EQ(figure_of(report, Metric::failed_count), 1);
  EXPECT_EQ(figure_of(report, Metric::requeued_count), 1);
  EXPECT_EQ(report.reached.of({ReachKind::timed_out}), 2u);
  EXPECT_EQ(figure_of(report, Metric::service_mean), 40) << "both attempts, as long as they took";
  EXPECT_THAT(log_of(scenario),
              AllOf(HasSubstr(R"("reason":"timeout")"), HasSubstr(R"("because":"timeout")")));
  EXPECT_THAT(story_text(scenario, "one#0"),
              AllOf(HasSubstr("will take 1m, which its timeout cuts at 20s"),
                    HasSubstr("its attempt took longer than 20s, to be tried again"),
                    HasSubstr("failed: its attempt took longer than its workflow allows")));
}

TEST(ExpiryTest, ExpiredRunsAreStopped) {
  Scenario scenario = small_scenario(1, Distribution::constant(10), 100_s);
  scenario.pipeline.workflows[0].expiry = 25_s;
  add_submitter(scenario, "batch", runs_at_once(5));
  const Report report = run_checked(scenario);
  EXPECT_EQ(figure_of(report, Metric::expired_count), 2);
  EXPECT_EQ(figure_of(report, Metric::stopped_count), 2);
  EXPECT_EQ(report.reached.of({ReachKind::expired}), 2u);
  EXPECT_THAT(story_text(scenario, "batch#4"),
              HasSubstr("ended: stopped: it waited longer than its workflow allows"));
}

// ---- incidents

TEST(ChangeIncidentsTest, FactorsOfAWorkflowMultiplyWhileTheyOverlap) {
  Scenario scenario = small_scenario(100, Distribution::constant(1), 400_s);
  add_submitter(scenario, "clock", ConstantArrivals{10_s});
  const std::vector<WorkflowId> all{WorkflowId::at(0)};
  scenario.incidents = {{"double", at(95), 200_s, DurationFactor{all, 2}},
                        {"triple", at(195), 100_s, DurationFactor{all, 3}}};
  const Diary diary = simulate(scenario);
  std::map<std::uint64_t, Time> ends;
  for (const auto& entry : diary.ends) ends[entry.request.index] = entry.at;
  ASSERT_EQ(diary.dispatches.size(), 40u);
  for (const auto& entry : diary.dispatches) {
    if (!ends.contains(entry.request.index)) continue;
    const double s = entry.at.seconds();
    EXPECT_EQ((ends[entry.request.index] - entry.at).seconds(), s < 95 || s > 295 ? 1
                                                                : s < 195         ? 2
                                                                                  : 6)
        << s;
  }
}

Scenario hundred_on_one_credential() {
  Scenario scenario = small_scenario(100, Distribution::constant(10), 130_s);
  CredentialConfig portal;
  portal.name = "portal";
  portal.allow_multiple_sessions = true;
  portal.max_concurrency = 2;
  scenario.pipeline.credentials.push_back(portal);
  scenario.pipeline.workflows[0].aliases = {"USER"};
  add_submitter(scenario, "batch", runs_at_once(100)).workflows = {
      {1.0,
       WorkflowUse{WorkflowId::at(0), {{CredentialChoice::Kind::fixed, {CredentialId::at(0)}}}}}};
  return scenario;
}

TEST(ChangeIncidentsTest, OfLimitsTheOneThatBeganLastHoldsAndThenTheOneBefore) {
  Scenario scenario = hundred_on_one_credential();
  const auto limit = [](std::uint32_t max) {
    return CredentialLimits{{CredentialId::at(0)}, {.max_concurrency = max}};
  };
  scenario.incidents = {{"more", at(10), 100_s, limit(3)}, {"less", at(50), 20_s, limit(1)}};
  std::map<double, int> dispatched;
  for (const auto& entry : simulate(scenario).dispatches) ++dispatched[entry.at.seconds()];
  EXPECT_EQ(dispatched, (std::map<double, int>{{0, 2},
                                               {10, 3},
                                               {20, 3},
                                               {30, 3},
                                               {40, 3},
                                               {50, 1},
                                               {60, 1},
                                               {70, 3},
                                               {80, 3},
                                               {90, 3},
                                               {100, 3},
                                               {110, 2},
                                               {120, 2},
                                               {130, 2}}));
}

TEST(ChangeIncidentsTest, ExpiryTimesOfOneCredentialOverlapEachByItself) {
  Scenario scenario = hundred_on_one_credential();
  CredentialConfig& portal = scenario.pipeline.credentials[0];
  portal.max_concurrency = 1;
  portal.login = LoginConfig{Distribution::constant(10), 0};
  portal.keeps_session = true;
  const auto expiries = [](std::optional<Duration> use, std::optional<Duration> set) {
    return CredentialLimits{
        {CredentialId::at(0)},
        {.expiry_time_from_last_use = use, .expiry_time_from_session_data_set = set}};
  };
  // Logs in at 0 and has a session from 10 on. From 25 on it is at most 5 s old when it is used.
  scenario.incidents = {{"by age", at(25), 40_s, expiries({}, 5_s)},
                        {"by use", at(27), 10_s, expiries(1_h, {})}};
  std::vector<double> seconds;
  for (const auto& entry : simulate(scenario).dispatches) seconds.push_back(entry.at.seconds());
  EXPECT_EQ(seconds, (std::vector<double>{0, 20, 30, 50, 70, 80, 90, 100, 110, 120, 130}));
}

TEST(ChangeIncidentsTest, AsWrittenInAScenario) {
  const Scenario scenario = loaded(load(R"(
duration: 1h
resource_groups: {main: {workers: 5}}
workspaces: {acme: }
credentials:
  portal: {count: 2, allow_multiple_sessions: true, max_concurrency: 4, login: {time: 5s},
           expiry_time_from_last_use: 1h}
workflows:
  claims: {needs: {USER: portal}, time: 10s, timeout: 10m, expiry: 2h}
  renewals: {time: 10s, timeout: {after: 5m, retry: true}, max_retries: 1}
submitters:
  web: {workflow: claims, credentials: {USER: {drawn: portal}}, patience: {exponential: 30s},
        arrivals: {poisson: 5/min}}
  batch: {workflow: renewals, arrivals: {batch: {at: 5m, size: 3}}}
incidents:
  - {at: 10m, for: 5m, workflow_duration: {workflow: claims, factor: 3}}
  - {at: 20m, for: 5m, workflow_duration: 2}
  - {at: 30m, for: 5m, credential_limit: {credential: portal-2, max_concurrency: 1}}
  - {at: 40m, credential_expiry: {expiry_time_from_session_data_set: 10m}}
)"));
  EXPECT_EQ(scenario.pipeline.workflows[0].timeout->after, 10_min);
  EXPECT_FALSE(scenario.pipeline.workflows[0].timeout->retry);
  EXPECT_EQ(scenario.pipeline.workflows[0].expiry, 2_h);
  EXPECT_TRUE(scenario.pipeline.workflows[1].timeout->retry);
  EXPECT_EQ(scenario.submitters[0].patience->mean(), 30);
  EXPECT_FALSE(scenario.submitters[1].patience);
  const auto& incidents = scenario.incidents;
  EXPECT_EQ(incidents[0].name, "workflow duration");
  EXPECT_EQ(std::get<DurationFactor>(incidents[0].change).factor, 3);
  EXPECT_EQ(std::get<DurationFactor>(incidents[1].change).workflows.size(), 2u);
  const auto& limit = std::get<CredentialLimits>(incidents[2].change);
  EXPECT_EQ(limit.credentials, std::vector{CredentialId::at(1)});
  EXPECT_EQ(limit.limits.max_concurrency, 1u);
  EXPECT_EQ(
      std::get<CredentialLimits>(incidents[3].change).limits.expiry_time_from_session_data_set,
      10_min);
}

}  // namespace
}  // namespace sluice::test
