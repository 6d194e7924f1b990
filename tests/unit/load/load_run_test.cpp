// Loads of the mock API, from the first request to the report.
#include "load/load_run.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <sstream>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/failure.hpp"
#include "experiments/replications.hpp"
#include "tests/unit/base/effort.hpp"
#include "tests/unit/http/scripted_server.hpp"
#include "tests/unit/load/expect_validity.hpp"
#include "tests/unit/load/served_mock.hpp"
#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

/// Two levels of one workspace on four workers, two minutes long. Nothing arrives in the last ten
/// seconds: what is sent late, by a busy machine, still belongs to them.
constexpr const char* kSmallLoad =
    "scenario: small\n"
    "seed: 7\n"
    "duration: 2m\n"
    "resource_groups: {main: {workers: 4}}\n"
    "workspaces: {acme: }\n"
    "workflows: {claims: {time: {exponential: 5s}, failure: {rate: 10%, retry: true}, "
    "max_retries: 2, backoff: {base: 2s}}}\n"
    "submitters:\n"
    "  web: {priority: HIGH, until: 110s, arrivals: {poisson: 20/min}}\n"
    "  batch: {priority: LOW, arrivals: {batch: {at: [10s], size: 20}}}\n"
    "load: {drain: 5s, poll_interval: 100ms}\n";

Scenario scenario_of(const std::string& text) { return test::loaded(test::load(text)); }

double value(const Report& report, Metric metric, const Subject& subject = {}) {
  const Figure* figure = report.figures.find(metric, subject);
  return figure == nullptr ? -1 : figure->value;
}

LoadOutcome load_mock(const Scenario& scenario, double time_scale, LoadConfig::Follow follow,
                      unsigned threads = 1) {
  ServedMock mock(scenario, time_scale);
  LoadRunOptions options = load_options(scenario, mock.url(), time_scale);
  options.follow = follow;
  options.threads = threads;
  options.before_start = [&mock] { mock.begin_anew(); };
  return run_load(scenario, options);
}

/// The load is of the same runs as the simulation, so all it may differ by is when they arrive.
void expect_as_simulated(const Scenario& scenario, const Report& report, double tolerance_s,
                         bool sees_requeues = true) {
  const Report simulated = run_experiment(scenario);
  for (const Metric metric : {Metric::submitted_count, Metric::accepted_count})
    EXPECT_EQ(value(report, metric), value(simulated, metric)) << info(metric).name;
  if (kSanitized) return;  // it comes late, by as much as the sanitizer is slow
  for (const PriorityLevel level : {PriorityLevel::HIGH, PriorityLevel::LOW}) {
    const Subject subject = Subject::of(level);
    EXPECT_NEAR(value(report, Metric::wait_mean, subject),
                value(simulated, Metric::wait_mean, subject), tolerance_s)
        << name(level);
    if (!sees_requeues) continue;
    EXPECT_NEAR(value(report, Metric::dispatched_count, subject),
                value(simulated, Metric::dispatched_count, subject), 2)
        << name(level);
  }
}

class FollowTest : public ::testing::TestWithParam<LoadConfig::Follow> {};

TEST_P(FollowTest, ALoadOfTheMockSaysWhatTheSimulationSays) {
  const Scenario scenario = scenario_of(kSmallLoad);
  const LoadOutcome outcome = load_mock(scenario, 60, GetParam());
  const bool sees_requeues = GetParam() != LoadConfig::Follow::polling;
  expect_as_simulated(scenario, outcome.report, 8, sees_requeues);
  EXPECT_EQ(outcome.end, LoadEnd::whole);
  ASSERT_TRUE(outcome.report.load);
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_EQ(facts.statuses.at(201), facts.sent);
  EXPECT_EQ(facts.runs_ended, facts.runs_followed);
  EXPECT_EQ(facts.runs_lost, 0u);
  EXPECT_EQ(facts.unsent, 0u);
  EXPECT_EQ(facts.bad_signatures, 0u);
}

std::string way_name(const ::testing::TestParamInfo<LoadConfig::Follow>& way) {
  if (way.param == LoadConfig::Follow::events) return "Events";
  return way.param == LoadConfig::Follow::webhooks ? "Webhooks" : "Polling";
}

INSTANTIATE_TEST_SUITE_P(Ways, FollowTest,
                         ::testing::Values(LoadConfig::Follow::events, LoadConfig::Follow::webhooks,
                                           LoadConfig::Follow::polling),
                         way_name);

TEST(LoadTest, SeveralThreadsSendTheSameRuns) {
  const Scenario scenario = scenario_of(kSmallLoad);
  const LoadOutcome outcome = load_mock(scenario, 60, LoadConfig::Follow::events, 3);
  expect_as_simulated(scenario, outcome.report, 8);
}

TEST(LoadTest, ClosedLoopClientsWaitForTheirRuns) {
  const Scenario scenario = scenario_of(
      "duration: 2m\n"
      "resource_groups: {main: {workers: 4}}\n"
      "workspaces: {acme: }\n"
      "workflows: {claims: {time: 5s}}\n"
      "submitters: {loop: {arrivals: {closed_loop: {clients: 3, think_time: 5s}}}}\n");
  const LoadOutcome outcome = load_mock(scenario, 60, LoadConfig::Follow::events, 2);
  // Three clients, ten seconds a round.
  EXPECT_NEAR(value(outcome.report, Metric::accepted_count), 36, 4);
  if (kSanitized) return;
  EXPECT_LT(value(outcome.report, Metric::wait_max), 1) << "four workers for three clients";
}

TEST(LoadTest, WhatAnOutsiderCannotKnowIsLeftOut) {
  const LoadOutcome outcome = load_mock(scenario_of(kSmallLoad), 120, LoadConfig::Follow::events);
  const Report& report = outcome.report;
  EXPECT_EQ(report.header.engine, Engine::load);
  for (const Metric metric : {Metric::utilisation, Metric::stability_sigma, Metric::workers_mean,
                              Metric::work_conservation_loss, Metric::credential_at_limit})
    EXPECT_TRUE(report.figures.all(metric).empty()) << info(metric).name;
  EXPECT_FALSE(report.figures.all(Metric::wait_p99).empty());
}

/// Whatever the time scale: the API answers in wall time.
TEST(LoadTest, LatencyIsWallTimeAndWhatCannotBeSeenIsNotJudged) {
  const LoadOutcome outcome = load_mock(
      scenario_of(std::string(kSmallLoad) +
                  "expect: [api.latency.p99 < 1s, utilisation < 100%, expired.count == 0]\n"
                  "reaches: [a run was parked on a credential]\n"),
      120, LoadConfig::Follow::events);
  const Report& report = outcome.report;
  const TimeQuantiles& answers = report.load->latency;
  EXPECT_NEAR(value(report, Metric::api_latency_mean), answers.mean.seconds(),
              0.05 * answers.mean.seconds());
  EXPECT_NE(report.expectations.at(0).reason.find("of wall time"), std::string::npos);
  EXPECT_EQ(report.expectations.at(1).status, Status::inconclusive);
  EXPECT_EQ(report.expectations.at(2).status, Status::inconclusive);
  EXPECT_EQ(report.reaches.at(0).status, Status::inconclusive);
}

/// The time of day is put an hour ahead while the load goes on.
class ClockThatIsSet final : public Clock {
 public:
  SteadyTime now() const override { return machine_clock().now(); }
  SystemTime time_of_day() const override {
    return machine_clock().time_of_day() + (asked_++ < 10 ? 0h : 1h);
  }

 private:
  mutable std::atomic<int> asked_{0};
};

TEST(LoadTest, AClockThatIsSetMakesALoadInvalid) {
  const Scenario scenario = scenario_of(kSmallLoad);
  ServedMock mock(scenario, 120);
  const ClockThatIsSet clock;
  const LoadOutcome outcome = run_load(scenario, load_options(scenario, mock.url(), 120), clock);
  EXPECT_EQ(outcome.report.load->validity, LoadFacts::Validity::clock_jumped);
  EXPECT_EQ(exit_code_of(outcome.end, outcome.report.load->validity), ExitCode::invalid_run);
}

/// With which a load ends that does not begin; ok: it began.
ExitCode why_refused(const Scenario& scenario, const LoadRunOptions& options) {
  try {
    run_load(scenario, options);
  } catch (const UserError& error) {
    return error.code();
  }
  return ExitCode::ok;
}

TEST(LoadTest, NobodyAtTheTargetIsSaidBeforeAnythingIsSent) {
  const Scenario scenario = scenario_of(kSmallLoad);
  std::string url;
  {
    url = ScriptedServer([](const auto&) { return answer(200); }).url();
  }
  EXPECT_EQ(why_refused(scenario, load_options(scenario, url, 1)), ExitCode::target_unreachable);
}

TEST(LoadTest, AKeyThatIsNotTakenIsSaid) {
  const Scenario scenario = scenario_of(kSmallLoad);
  ServedMock mock(scenario, 1);
  LoadRunOptions options = load_options(scenario, mock.url(), 1);
  options.api_keys = {"sk_wrong"};
  EXPECT_EQ(why_refused(scenario, options), ExitCode::bad_input);
}

TEST(LoadTest, ItCanBeStoppedAndReportsWhatItKnows) {
  const Scenario scenario = scenario_of(kSmallLoad);
  ServedMock mock(scenario, 60);
  LoadRunOptions options = load_options(scenario, mock.url(), 60);
  std::atomic<bool> stop{false};
  options.stop = &stop;
  options.progress = [&stop](const LoadProgress& progress) {
    stop = progress.simulated > Duration{30'000'000'000};
  };
  const LoadOutcome outcome = run_load(scenario, options);
  EXPECT_EQ(outcome.end, LoadEnd::stopped);
  EXPECT_FALSE(outcome.report.header.complete);
  EXPECT_LT(outcome.report.header.until, Time::from_seconds(120));
  EXPECT_GT(value(outcome.report, Metric::accepted_count), 0);
}

TEST(LoadTest, ToldToHurryItReportsWhatItKnowsWithoutWaiting) {
  const Scenario scenario = scenario_of(
      "duration: 1h\n"
      "resource_groups: {main: {workers: 9}}\n"
      "workspaces: {acme: }\n"
      "workflows: {claims: {time: 1h}}\n"
      "submitters: {web: {arrivals: {constant: {every: 50ms}}}}\n");
  ServedMock mock(scenario, 1);
  LoadRunOptions options = load_options(scenario, mock.url(), 1);
  std::atomic<bool> stop{false}, at_once{false};
  options.stop = &stop;
  options.at_once = &at_once;
  int looks_while_draining = 0;
  options.progress = [&](const LoadProgress& progress) {
    stop = true;
    at_once = progress.phase == LoadProgress::Phase::draining;
    looks_while_draining += at_once;
  };
  const LoadOutcome outcome = run_load(scenario, options);
  EXPECT_EQ(outcome.end, LoadEnd::stopped);
  EXPECT_LE(looks_while_draining, 3) << "five seconds would be ten";
  EXPECT_GT(outcome.report.load->runs_accepted, 0u);
}

TEST(LoadTest, UnfinishedRunsCanBeStopped) {
  const Scenario scenario = scenario_of(
      "duration: 1s\n"
      "resource_groups: {main: {workers: 1}}\n"
      "workspaces: {acme: }\n"
      "workflows: {claims: {time: 1h}}\n"
      "submitters: {web: {arrivals: {constant: {every: 200ms}}}}\n"
      "load: {drain: 5s}\n");
  ServedMock mock(scenario, 1);
  LoadRunOptions options = load_options(scenario, mock.url(), 1);
  options.clean_up = true;
  const LoadOutcome outcome = run_load(scenario, options);
  EXPECT_GE(outcome.report.load->runs_followed, 4u);
  EXPECT_EQ(outcome.report.load->runs_ended, outcome.report.load->runs_followed);
  EXPECT_EQ(outcome.report.load->runs_lost, 0u);
}

TEST(LoadTest, ACeilingMakesItInvalidInsteadOfSlow) {
  const Scenario scenario = scenario_of(
      "duration: 2s\n"
      "resource_groups: {main: {workers: 100}}\n"
      "workspaces: {acme: }\n"
      "workflows: {claims: {time: 10ms}}\n"
      "submitters: {web: {arrivals: {constant: {every: 10ms}}}}\n"
      "load: {drain: 1s}\n");
  ServedMock mock(scenario, 1);
  LoadRunOptions options = load_options(scenario, mock.url(), 1);
  options.max_per_s = 20;
  const LoadOutcome outcome = run_load(scenario, options);
  expect_validity(*outcome.report.load, LoadFacts::Validity::saturated);
  EXPECT_NEAR(static_cast<double>(outcome.report.load->sent), 40, 8);
  EXPECT_EQ(outcome.report.load->sent + outcome.report.load->unsent, outcome.report.load->intended);
}

TEST(LoadTest, AConditionEndsItEarly) {
  const Scenario scenario = scenario_of(
      "duration: 1h\n"
      "resource_groups: {main: {workers: 1}}\n"
      "workspaces: {acme: }\n"
      "workflows: {claims: {time: 1s}}\n"
      "submitters: {web: {arrivals: {constant: {every: 20ms}}}}\n"
      "load: {drain: 1s, abort_when: [errors.rate > 5% over 1s]}\n");
  ScriptedServer server([](const ScriptedRequest& request) {
    return request.method == "GET" ? answer(404, "{}") : answer(503, "{}");
  });
  const LoadOutcome outcome = run_load(scenario, load_options(scenario, server.url(), 1));
  EXPECT_EQ(outcome.end, LoadEnd::aborted);
  EXPECT_EQ(outcome.report.load->ended_early, "errors.rate was 100 %: errors.rate > 5% over 1s");
}

/// A target without event streams, whose runs wait two seconds and run for three.
Steps without_streams(const ScriptedRequest& request, std::atomic<int>& runs) {
  if (request.method == "POST")
    return answer(201, R"({"session_id":"s-)" + std::to_string(runs++) + R"("})");
  if (!request.target.starts_with("/runs")) return answer(404, "{}");
  std::string rows;
  for (int i = 0; i < runs; ++i)
    rows += std::string(rows.empty() ? "" : ",") + R"({"session_id":"s-)" + std::to_string(i) +
            R"(","status":"execution.success","created_at":"2026-01-05T00:00:00.000Z",)"
            R"("execution_start":"2026-01-05T00:00:02.000Z",)"
            R"("execution_end":"2026-01-05T00:00:05.000Z"})";
  return answer(200, "[" + rows + "]");
}

TEST(LoadTest, WhereStreamsCannotBeOpenedRunsArePolled) {
  const Scenario scenario = scenario_of(
      "duration: 10s\n"
      "resource_groups: {main: {workers: 1}}\n"
      "workspaces: {acme: }\n"
      "workflows: {claims: {time: 1s}}\n"
      "submitters: {web: {arrivals: {constant: {every: 1s}}, max_runs: 3}}\n"
      "load: {drain: 3s, poll_interval: 100ms, clients: 1}\n");
  std::atomic<int> runs{0};
  ScriptedServer server(
      [&runs](const ScriptedRequest& request) { return without_streams(request, runs); });
  const LoadOutcome outcome = run_load(scenario, load_options(scenario, server.url(), 1));
  const LoadFacts& facts = *outcome.report.load;
  EXPECT_EQ(facts.follow, "polling");
  ASSERT_EQ(facts.notes.size(), 1u) << facts.notes.back();
  EXPECT_EQ(facts.runs_followed, 3u);
  EXPECT_EQ(facts.runs_ended, 3u);
}

TEST(LoadTest, LatenciesAreLogged) {
  const Scenario scenario = scenario_of(kSmallLoad);
  ServedMock mock(scenario, 60);
  LoadRunOptions options = load_options(scenario, mock.url(), 60);
  std::ostringstream log;
  options.hdr = &log;
  run_load(scenario, options);
  EXPECT_TRUE(log.str().starts_with("#"));
  EXPECT_NE(log.str().find("HISTFAAAA"), std::string::npos);
  EXPECT_NE(log.str().find("Tag=from_send"), std::string::npos);
}

}  // namespace
}  // namespace sluice::test
