// Simulations of one replication: closed loops, retries of refused requests, incidents, coupling
// between policies.
#include "sim/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;

// ---- the event loop

TEST(SimulationTest, OneWorkerOneSecondRuns) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), 10_s);
  add_submitter(scenario, "clock", ConstantArrivals{2_s});
  const Diary diary = simulate(scenario);
  ASSERT_EQ(diary.submissions.size(), 5u) << "the last one at the very end";
  ASSERT_EQ(diary.dispatches.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(diary.dispatches[i].at, at(2.0 * static_cast<double>(i + 1)));
  EXPECT_EQ(diary.ends.size(), 4u);
  EXPECT_EQ(diary.ends[0].at, at(3));
}

TEST(SimulationTest, FromUntilAndMaxRunsBoundASubmitter) {
  Scenario scenario = small_scenario(10, Distribution::constant(1), 100_s);
  SubmitterConfig& windowed = add_submitter(scenario, "windowed", ConstantArrivals{1_s});
  windowed.from = at(20);
  windowed.until = at(30);
  add_submitter(scenario, "few", ConstantArrivals{1_s}).max_runs = 3;
  std::map<std::uint32_t, std::vector<Time>> times;
  for (const auto& entry : simulate(scenario).submissions)
    times[entry.request.submitter.value].push_back(entry.at);
  EXPECT_EQ(times[0].size(), 9u);
  EXPECT_EQ(times[0].front(), at(21));
  EXPECT_EQ(times[0].back(), at(29));
  EXPECT_EQ(times[1].size(), 3u);
}

TEST(SimulationTest, StopsWhereItIsTold) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), 1'000'000_s);
  add_submitter(scenario, "clock", ConstantArrivals{1_s});
  const std::atomic<bool> stop{true};
  SimulationProgress progress;
  Diary diary;
  const Time end = simulate_checked(scenario, 1, diary, {&stop, &progress});
  EXPECT_LT(end, at(100'000));
  EXPECT_EQ(progress.simulated_ns, end.ns);
  EXPECT_EQ(progress.runs, diary.submissions.size());
}

TEST(SimulationTest, ABatchIsSubmittedInOrderAtOneInstant) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), 100_s);
  add_submitter(scenario, "nightly", BatchArrivals{{at(5)}, {}, Distribution::constant(20), {}});
  const Diary diary = simulate(scenario);
  ASSERT_EQ(diary.dispatches.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(diary.submissions[i].at, at(5));
    EXPECT_EQ(diary.dispatches[i].request.index, i);
  }
}

// ---- seeds

Scenario with_everything_drawn() {
  Scenario scenario = small_scenario(3, Distribution::exponential(20), 3000_s);
  scenario.pipeline.workspaces.push_back({"other", GroupId::at(0)});
  SubmitterConfig& open = add_submitter(scenario, "open", poisson(0.1));
  open.workspaces.push_back(WorkspaceId::at(1));
  open.priority = {{0.5, PriorityLevel::HIGH}, {0.5, PriorityLevel::LOW}};
  return scenario;
}

Diary seeded(const Scenario& scenario, const SimulationSeeds& seeds) {
  Diary diary;
  Simulation(scenario, seeds, diary).run();
  return diary;
}

TEST(SimulationSeedsTest, OfThePipelineLeavesTheSubmissionsAsTheyWere) {
  const Scenario scenario = with_everything_drawn();
  const Diary one = seeded(scenario, {7, 1}), two = seeded(scenario, {7, 2});
  ASSERT_EQ(one.submissions.size(), two.submissions.size());
  ASSERT_GT(one.submissions.size(), 200u);
  for (std::size_t i = 0; i < one.submissions.size(); ++i) {
    const RunRequest &a = one.submissions[i].request, &b = two.submissions[i].request;
    EXPECT_EQ(one.submissions[i].at, two.submissions[i].at);
    EXPECT_EQ(a.level, b.level);
    EXPECT_EQ(a.workspace, b.workspace);
    EXPECT_NE(a.draw_key, b.draw_key);
  }
  EXPECT_NE(one.ends.back().at, two.ends.back().at) << "service times are drawn anew";
}

TEST(SimulationSeedsTest, OfTheSubmittersLeavesTheDrawsOfRunsAsTheyWere) {
  const Scenario scenario = with_everything_drawn();
  const Diary one = seeded(scenario, {1, 7}), two = seeded(scenario, {2, 7});
  EXPECT_NE(one.submissions[0].at, two.submissions[0].at);
  for (std::size_t i = 0; i < 100; ++i)
    EXPECT_EQ(one.submissions[i].request.draw_key, two.submissions[i].request.draw_key);
}

TEST(SimulationSeedsTest, ASingleSeedIsBoth) {
  const Scenario scenario = with_everything_drawn();
  const Diary one = simulate(scenario, 7), two = seeded(scenario, {7, 7});
  ASSERT_EQ(one.ends.size(), two.ends.size());
  for (std::size_t i = 0; i < one.ends.size(); ++i) EXPECT_EQ(one.ends[i].at, two.ends[i].at);
}

TEST(SimulationSeedsTest, ClientsOfAClosedLoopThinkAsTheirSubmitterSays) {
  Scenario scenario = small_scenario(100, Distribution::exponential(20), 3000_s);
  add_submitter(scenario, "people", ClosedLoop{5, Distribution::exponential(30)});
  const Diary one = seeded(scenario, {7, 1}), two = seeded(scenario, {7, 2});
  const auto firsts = [](const Diary& diary) {
    std::map<std::uint64_t, Time> times;
    for (const auto& entry : diary.submissions)
      if (entry.request.index < 5) times[entry.request.index] = entry.at;
    return times;
  };
  EXPECT_EQ(firsts(one).size(), 5u);
  EXPECT_EQ(firsts(one), firsts(two)) << "the first run of each client";
  EXPECT_NE(one.submissions.back().at, two.submissions.back().at) << "later ones wait for ends";
}

// ---- what runs are like

TEST(SimulationTest, SharesOfLevelsWorkspacesAndOptionsAreThoseOfTheScenario) {
  Scenario scenario = small_scenario(100, Distribution::constant(0.1), 1000_s);
  for (const char* name : {"b", "c"})
    scenario.pipeline.workspaces.push_back({name, GroupId::at(0)});
  SubmitterConfig& submitter = add_submitter(scenario, "mixed", poisson(20));
  submitter.workspaces = {WorkspaceId::at(0), WorkspaceId::at(1), WorkspaceId::at(2)};
  submitter.workspace_weights = {6, 3, 1};
  submitter.priority = {{0.2, PriorityLevel::HIGH}, {0.8, PriorityLevel::LOW}};
  submitter.options.debug = 0.25;
  const Diary diary = simulate(scenario);
  const auto n = static_cast<double>(diary.submissions.size());
  double high = 0, first = 0, debug = 0;
  for (const auto& entry : diary.submissions) {
    high += entry.request.level == PriorityLevel::HIGH ? 1 / n : 0;
    first += entry.request.workspace == WorkspaceId::at(0) ? 1 / n : 0;
    debug += entry.request.options.debug ? 1 / n : 0;
  }
  EXPECT_NEAR(high, 0.2, 0.015);
  EXPECT_NEAR(first, 0.6, 0.018);
  EXPECT_NEAR(debug, 0.25, 0.016);
}

Scenario with_credentials(CredentialChoice::Kind kind) {
  Scenario scenario = small_scenario(2, Distribution::constant(10), 1000_s);
  for (const char* name : {"c1", "c2", "c3"}) {
    CredentialConfig credential;
    credential.name = name;
    scenario.pipeline.credentials.push_back(credential);
  }
  scenario.pipeline.workflows[0].aliases = {"USER"};
  SubmitterConfig& submitter = add_submitter(scenario, "s", ConstantArrivals{20_s});
  const std::vector<CredentialId> all{CredentialId::at(0), CredentialId::at(1),
                                      CredentialId::at(2)};
  submitter.workflows[0].second.credentials = {{kind, all}};
  return scenario;
}

std::set<std::uint32_t> needs_of(const Diary& diary) {
  std::set<std::uint32_t> needs;
  for (const auto& entry : diary.submissions) needs.insert(entry.request.needs[0].value);
  return needs;
}

TEST(SimulationTest, CredentialsAreChosenAsTheSubmitterSays) {
  using Kind = CredentialChoice::Kind;
  EXPECT_EQ(needs_of(simulate(with_credentials(Kind::fixed))), (std::set<std::uint32_t>{0}));
  EXPECT_EQ(needs_of(simulate(with_credentials(Kind::own))), (std::set<std::uint32_t>{0}));
  EXPECT_EQ(needs_of(simulate(with_credentials(Kind::drawn))), (std::set<std::uint32_t>{0, 1, 2}));
  const auto pool = needs_of(simulate(with_credentials(Kind::pool)));
  ASSERT_EQ(pool.size(), 1u);
  EXPECT_TRUE(Need{*pool.begin()}.is_pool());
}

TEST(SimulationTest, TraceRowsSayWhatTheyRecorded) {
  Scenario scenario = small_scenario(5, Distribution::constant(3), 100_s);
  scenario.pipeline.workspaces.push_back({"other", GroupId::at(0)});
  auto rows = std::make_shared<std::vector<TraceRow>>();
  rows->push_back({at(1), 7_s, WorkspaceId::at(1), {}, PriorityLevel::HIGH, true, true});
  rows->push_back({at(2)});
  add_submitter(scenario, "recorded", TraceArrivals{"x.csv", rows});
  const Diary diary = simulate(scenario);
  ASSERT_EQ(diary.submissions.size(), 2u);
  const RunRequest& first = diary.submissions[0].request;
  EXPECT_EQ(first.workspace, WorkspaceId::at(1));
  EXPECT_EQ(first.level, PriorityLevel::HIGH);
  EXPECT_EQ(first.service_time, 7_s);
  EXPECT_EQ(first.fixed_outcome, FixedOutcome::fails);
  const RunRequest& second = diary.submissions[1].request;
  EXPECT_EQ(second.workspace, WorkspaceId::at(0));
  EXPECT_EQ(second.level, PriorityLevel::LOW);
  EXPECT_LT(second.service_time, 0_s);
  EXPECT_EQ(second.fixed_outcome, FixedOutcome::drawn);
}

// ---- coupling

/// Times and draws of one submitter's runs, in its own order.
std::vector<std::tuple<std::uint64_t, std::int64_t, std::uint64_t>> runs_of(
    const Diary& diary, std::uint32_t submitter) {
  std::vector<std::tuple<std::uint64_t, std::int64_t, std::uint64_t>> runs;
  for (const auto& entry : diary.submissions)
    if (entry.request.submitter.value == submitter)
      runs.emplace_back(entry.request.index, entry.at.ns, entry.request.draw_key);
  return runs;
}

TEST(CouplingTest, ArrivalsAreTheSameUnderEveryPolicy) {
  Scenario scenario = small_scenario(3, Distribution::exponential(1), 500_s);
  add_submitter(scenario, "bursty", BurstArrivals{10, 1, 5_s, 10_s});
  add_submitter(scenario, "steady", poisson(1)).priority = {{1, PriorityLevel::HIGH}};
  const Diary strict = simulate(scenario);
  scenario.pipeline.groups[0].dispatch.kind = DispatchPolicyKind::fifo;
  const Diary fifo = simulate(scenario);
  EXPECT_EQ(runs_of(strict, 0), runs_of(fifo, 0));
  EXPECT_EQ(runs_of(strict, 1), runs_of(fifo, 1));
}

TEST(CouplingTest, AnotherSubmitterChangesNobodysDraws) {
  Scenario scenario = small_scenario(3, Distribution::exponential(1), 500_s);
  add_submitter(scenario, "steady", poisson(1));
  const auto alone = runs_of(simulate(scenario), 0);
  add_submitter(scenario, "new", poisson(5));
  EXPECT_EQ(alone, runs_of(simulate(scenario), 0));
  std::swap(scenario.submitters[0], scenario.submitters[1]);
  EXPECT_EQ(alone, runs_of(simulate(scenario), 1));
}

TEST(CouplingTest, AClientsRunsAreItsOwnWhateverTheOrder) {
  const auto keys = [](std::uint32_t workers) {
    Scenario scenario = small_scenario(workers, Distribution::exponential(1), 300_s);
    add_submitter(scenario, "loop", ClosedLoop{7, Distribution::exponential(2)});
    std::map<std::uint64_t, std::uint64_t> keys;
    for (const auto& entry : simulate(scenario).submissions) {
      EXPECT_EQ(entry.request.index % 7, entry.request.client);
      keys[entry.request.index] = entry.request.draw_key;
    }
    return keys;
  };
  const auto few = keys(1), many = keys(10);
  EXPECT_LT(few.size(), many.size());
  for (const auto& [index, key] : few) {
    const auto same = many.find(index);
    EXPECT_TRUE(same == many.end() || same->second == key);
  }
}

TEST(CouplingTest, AnotherSeedIsAnotherWorld) {
  Scenario scenario = small_scenario(3, Distribution::exponential(1), 100_s);
  add_submitter(scenario, "steady", poisson(1));
  EXPECT_NE(runs_of(simulate(scenario, 1), 0), runs_of(simulate(scenario, 2), 0));
  EXPECT_EQ(runs_of(simulate(scenario, 1), 0), runs_of(simulate(scenario, 1), 0));
}

// ---- closed loop

TEST(ClosedLoopTest, ThroughputOfTwentyClientsOnThreeWorkersIsTheExactOne) {
  Scenario scenario = small_scenario(3, Distribution::exponential(1), 200'000_s);
  add_submitter(scenario, "clients", ClosedLoop{20, Distribution::exponential(5)});
  const Diary diary = simulate(scenario);
  EXPECT_NEAR(static_cast<double>(diary.ends.size()) / 200'000, 2.800426818, 0.02);
  double sojourn = 0;
  for (const auto& end : diary.ends) sojourn += (end.at - end.request.submitted).seconds();
  EXPECT_NEAR(sojourn / static_cast<double>(diary.ends.size()), 2.141768486, 0.04);
}

TEST(ClosedLoopTest, AClientThinksAgainAfterItGaveUp) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), 100_s);
  scenario.pipeline.api.rate_limits = {{1000_s, 1}};
  add_submitter(scenario, "client", ClosedLoop{1, Distribution::constant(9)});
  const Diary diary = simulate(scenario);
  EXPECT_EQ(diary.ends.size(), 1u);
  EXPECT_EQ(diary.gave_ups.size(), 10u);
  EXPECT_EQ(diary.gave_ups[0].at, at(19));
}

TEST(ClosedLoopTest, ThinkTimeOfZeroSubmitsAtOnce) {
  Scenario scenario = small_scenario(1, Distribution::constant(2), 100_s);
  add_submitter(scenario, "eager", ClosedLoop{1, Distribution::constant(0)});
  EXPECT_EQ(simulate(scenario).ends.size(), 50u);
}

TEST(ClosedLoopTest, WithoutThinkTimeARefusedClientComesBackWhenTheWindowHasRoom) {
  Scenario scenario = small_scenario(10, Distribution::constant(1), 100_s);
  scenario.pipeline.api.rate_limits = {{10_s, 2}};
  add_submitter(scenario, "eager", ClosedLoop{3, Distribution::constant(0)});
  const Diary diary = simulate(scenario);
  EXPECT_EQ(diary.acceptances.size(), 20u + 2u) << "two per window, and two at the very end";
  EXPECT_LE(diary.gave_ups.size(), 40u);
}

TEST(ClosedLoopTest, TimeGoesOnThoughNothingTakesAnyTime) {
  Scenario scenario = small_scenario(1, Distribution::constant(0), 1_s);
  add_submitter(scenario, "eager", ClosedLoop{2, Distribution::constant(0)});
  EXPECT_EQ(simulate(scenario).ends.size(), 2u * 1001u) << "runs of no length: one per ms";

  scenario.pipeline.api.error_rate = 1;
  EXPECT_EQ(simulate(scenario).gave_ups.size(), 2u * 1001u) << "nothing but server errors";

  scenario.submitters[0].retry.max_attempts = UINT32_MAX;
  scenario.submitters[0].retry.backoff = {};
  scenario.submitters[0].retry.backoff.base = {};
  EXPECT_EQ(simulate(scenario).refusals.size(), 2u * 1001u) << "retries without back-off";
}

// ---- refused requests

Scenario limited(std::uint32_t max_attempts, bool honour) {
  Scenario scenario = small_scenario(10, Distribution::constant(1), 100_s);
  scenario.pipeline.api.rate_limits = {{10_s, 2}};
  SubmitterConfig& submitter =
      add_submitter(scenario, "pushy", BatchArrivals{{at(1)}, {}, Distribution::constant(3), {}});
  submitter.retry.max_attempts = max_attempts;
  submitter.retry.backoff = {1_s, 2, 60_s, 0};
  submitter.retry.honour_retry_after = honour;
  return scenario;
}

TEST(RetryTest, RetryAfterIsHonoured) {
  const Diary diary = simulate(limited(5, true));
  ASSERT_EQ(diary.refusals.size(), 1u);
  const Answer& refusal = diary.refusals[0].second;
  EXPECT_EQ(refusal.status, Answer::Status::rate_limited);
  ASSERT_EQ(diary.acceptances.size(), 3u);
  EXPECT_EQ(diary.acceptances[2].at, at(1) + refusal.retry_after);
  EXPECT_EQ(diary.acceptances[2].request.attempt, 2);
  EXPECT_EQ(diary.acceptances[2].request.submitted, at(1));
  EXPECT_EQ(diary.submissions.size(), 3u) << "a further attempt is not another run";
}

TEST(RetryTest, WithoutItTheBackOffDoublesUntilTheAttemptsAreSpent) {
  const Diary diary = simulate(limited(3, false));
  ASSERT_EQ(diary.refusals.size(), 3u);
  EXPECT_EQ(diary.refusals[0].first, at(1));
  EXPECT_EQ(diary.refusals[1].first, at(2));
  EXPECT_EQ(diary.refusals[2].first, at(4));
  ASSERT_EQ(diary.gave_ups.size(), 1u);
  EXPECT_EQ(diary.gave_ups[0].request.attempt, 3);
}

TEST(RetryTest, JitterShortensEachRunsBackOffByItself) {
  Scenario scenario = limited(2, false);
  scenario.submitters[0].arrivals = BatchArrivals{{at(1)}, {}, Distribution::constant(102), {}};
  scenario.submitters[0].retry.backoff = {4_s, 2, 60_s, 0.5};
  const Diary diary = simulate(scenario);
  ASSERT_EQ(diary.refusals.size(), 200u);
  double least = 1e9, most = 0;
  for (std::size_t i = 100; i < 200; ++i) {
    least = std::min(least, diary.refusals[i].first.seconds());
    most = std::max(most, diary.refusals[i].first.seconds());
  }
  EXPECT_GE(least, 3);
  EXPECT_LT(least, 3.2);
  EXPECT_LE(most, 5);
  EXPECT_GT(most, 4.8);
}

// ---- incidents

std::size_t submitted_between(const Diary& diary, double begin, double end) {
  return static_cast<std::size_t>(std::count_if(
      diary.submissions.begin(), diary.submissions.end(),
      [&](const auto& entry) { return entry.at >= at(begin) && entry.at < at(end); }));
}

TEST(IncidentsTest, ArrivalFactorsMultiplyWhileTheyOverlap) {
  Scenario scenario = small_scenario(1, Distribution::constant(0.001), 400_s);
  add_submitter(scenario, "clock", ConstantArrivals{1_s});
  const std::vector<SubmitterId> all{SubmitterId::at(0)};
  scenario.incidents = {{"double", at(100), 200_s, ArrivalFactor{all, 2}},
                        {"triple", at(200), 100_s, ArrivalFactor{all, 3}}};
  const Diary diary = simulate(scenario);
  EXPECT_EQ(submitted_between(diary, 0.5, 100.5), 100u);
  EXPECT_NEAR(static_cast<double>(submitted_between(diary, 100.5, 200.5)), 200, 2);
  EXPECT_NEAR(static_cast<double>(submitted_between(diary, 200.5, 300.5)), 600, 3);
  EXPECT_NEAR(static_cast<double>(submitted_between(diary, 300.5, 400.5)), 100, 1);
}

TEST(IncidentsTest, AFactorShortensThinkTime) {
  Scenario scenario = small_scenario(1, Distribution::constant(0), 200_s);
  add_submitter(scenario, "client", ClosedLoop{1, Distribution::constant(10)});
  scenario.incidents = {{"hurry", at(105), std::nullopt, ArrivalFactor{{SubmitterId::at(0)}, 2}}};
  const Diary diary = simulate(scenario);
  ASSERT_GT(diary.submissions.size(), 12u);
  EXPECT_EQ(diary.submissions[9].at, at(100));
  EXPECT_EQ(diary.submissions[10].at, at(110)) << "it thought already when the factor began";
  EXPECT_EQ(diary.submissions[11].at, at(115));
}

TEST(IncidentsTest, PausesNest) {
  Scenario scenario = small_scenario(10, Distribution::constant(1), 100_s);
  add_submitter(scenario, "clock", ConstantArrivals{1_s});
  scenario.incidents = {{"first", at(10.5), 20_s, PauseGroup{GroupId::at(0)}},
                        {"second", at(20.5), 30_s, PauseGroup{GroupId::at(0)}}};
  const Diary diary = simulate(scenario);
  for (const auto& entry : diary.dispatches)
    EXPECT_TRUE(entry.at < at(10.5) || entry.at >= at(50.5));
  EXPECT_EQ(diary.dispatches[10].at, at(50.5));
}

TEST(IncidentsTest, PausedCredentialsAndWorkflowsHoldTheirRuns) {
  for (const bool workflow : {false, true}) {
    Scenario scenario = with_credentials(CredentialChoice::Kind::fixed);
    Incident pause{"pause", at(90), 100_s, PauseWorkflow{WorkflowId::at(0)}};
    if (!workflow) pause.change = PauseCredentials{{CredentialId::at(0)}};
    scenario.incidents = {pause};
    for (const auto& entry : simulate(scenario).dispatches)
      EXPECT_TRUE(entry.at < at(90) || entry.at >= at(190)) << entry.at.seconds();
  }
}

TEST(IncidentsTest, LostWorkersComeBackAndTheirRunsStartAgain) {
  Scenario scenario = small_scenario(4, Distribution::constant(50), 100_s);
  add_submitter(scenario, "batch", BatchArrivals{{at(0)}, {}, Distribution::constant(4), {}});
  scenario.incidents = {{"outage", at(10), 5_s, LoseWorkers{GroupId::at(0), 3}}};
  const Diary diary = simulate(scenario);
  EXPECT_EQ(diary.requeues, 3u);
  ASSERT_EQ(diary.dispatches.size(), 7u);
  EXPECT_EQ(diary.dispatches[4].at, at(15));
  EXPECT_EQ(diary.ends.size(), 4u);
}

TEST(IncidentsTest, TheNumberOfWorkersGoesBackToTheSchedule) {
  Scenario scenario = small_scenario(1, Distribution::constant(1000), 900_s);
  scenario.pipeline.groups[0].workers.schedule = {{at(50), 4}};
  add_submitter(scenario, "batch", BatchArrivals{{at(0)}, {}, Distribution::constant(20), {}});
  scenario.incidents = {{"scale", at(10), 90_s, SetWorkers{GroupId::at(0), 2}}};
  const Diary diary = simulate(scenario);
  std::map<double, int> dispatched;
  for (const auto& entry : diary.dispatches) ++dispatched[entry.at.seconds()];
  EXPECT_EQ(dispatched[0], 1);
  EXPECT_EQ(dispatched[10], 1);
  EXPECT_EQ(diary.dispatches.size(), 4u);
}

TEST(IncidentsTest, FailureLatencyAndErrorsOfTheApi) {
  Scenario scenario = small_scenario(10, Distribution::constant(1), 300_s);
  scenario.pipeline.api.latency = Distribution::constant(0.1);
  add_submitter(scenario, "clock", ConstantArrivals{1_s});
  scenario.incidents = {{"slow", at(100.5), 100_s, ApiLatencyFactor{5}},
                        {"broken", at(200.5), 50_s, ApiErrorRate{1}}};
  const Diary diary = simulate(scenario);
  EXPECT_EQ(diary.refusals.size(), 50u);
  EXPECT_EQ(diary.gave_ups.size(), 50u);
  for (const auto& entry : diary.acceptances) {
    const bool slow = entry.request.submitted > at(100.5) && entry.request.submitted < at(200.5);
    EXPECT_EQ(entry.at - entry.request.submitted, slow ? 500_ms : 100_ms);
  }
}

}  // namespace
}  // namespace sluice::test
