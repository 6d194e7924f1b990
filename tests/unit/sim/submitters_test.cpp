// Submitters in a simulation: when they fall silent, whatever factor changes their arrivals, and
// what a factor does to clients and to the runs that it adds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reports/runs/run_name.hpp"
#include "sim/arrivals/added_runs.hpp"
#include "sim/scenario_report.hpp"
#include "tests/unit/scenarios/loading.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

std::vector<double> submission_times(const Diary& diary, std::uint32_t submitter = 0) {
  std::vector<double> times;
  for (const auto& entry : diary.submissions)
    if (entry.request.submitter == SubmitterId{submitter}) times.push_back(entry.at.seconds());
  return times;
}

Incident arrivals_times(double factor, double from, std::optional<double> until = std::nullopt) {
  std::optional<Duration> length;
  if (until) length = at(*until) - at(from);
  return {"factor", at(from), length, ArrivalFactor{{SubmitterId::at(0)}, factor}};
}

TraceArrivals rows_at(const std::vector<double>& times) {
  auto rows = std::make_shared<std::vector<TraceRow>>();
  for (const double time : times) rows->push_back({at(time)});
  return {"recorded.csv", rows};
}

TraceArrivals every_second() {
  std::vector<double> times;
  for (int second = 0; second < 300; ++second) times.push_back(second);
  return rows_at(times);
}

struct Habit {
  const char* name;
  Arrivals arrivals;
};

std::vector<Habit> habits() {
  const RateCurve lines{{{at(0), 1}, {at(100), 3}}, {}, true};
  return {
      {"poisson", poisson(1)},
      {"lines", PoissonArrivals{lines}},
      {"bursts", BurstArrivals{3, 0.5, 10_s, 10_s}},
      {"constant", ConstantArrivals{1_s}},
      {"jittered", JitteredArrivals{1_s, 0.5}},
      {"batch", BatchArrivals{{at(2)}, 10_s, Distribution::constant(3), {}}},
      {"spread", BatchArrivals{{at(2)}, 10_s, Distribution::constant(3), 30_s}},
      {"trace", every_second()},
      {"clients", ClosedLoop{3, Distribution::exponential(4)}},
      {"eager clients", ClosedLoop{3, Distribution::constant(0)}},
  };
}

// ---- the end of a submitter

TEST(SubmittersTest, ChangesOfTheRateBringNobodyBack) {
  // Working from 20 s until 60 s of 200 s.
  const std::vector<std::pair<double, std::optional<double>>> places{
      {0, 10},  {0, 20},  {10, 30}, {30, 40}, {40, 60}, {50, 70},
      {60, 80}, {70, 90}, {0, {}},  {50, {}}, {60, {}}, {90, {}}};
  for (const Habit& habit : habits()) {
    for (const auto& [from, until] : places) {
      for (const double factor : {0.0, 0.5, 1.0, 2.0, 4.0}) {
        Scenario scenario = small_scenario(5, Distribution::constant(2), 200_s);
        SubmitterConfig& submitter = add_submitter(scenario, "some", habit.arrivals);
        submitter.from = at(20);
        submitter.until = at(60);
        scenario.incidents = {arrivals_times(factor, from, until), arrivals_times(2, 55, 100)};
        const Diary diary = simulate(scenario);
        const auto times = submission_times(diary);
        const std::string what = std::string(habit.name) + " × " + std::to_string(factor) +
                                 " from " + std::to_string(from);
        EXPECT_TRUE(std::is_sorted(times.begin(), times.end())) << what;
        EXPECT_TRUE(times.empty() || (times.front() >= 20 && times.back() < 60)) << what;
        EXPECT_EQ(diary.acceptances.size(), times.size()) << what;
        EXPECT_EQ(diary.ends.size(), times.size()) << what;
      }
    }
  }
}

TEST(SubmittersTest, MoreArrivalsAreNotMoreThanTheMostRuns) {
  for (const Habit& habit : habits()) {
    Scenario scenario = small_scenario(5, Distribution::constant(2), 200_s);
    add_submitter(scenario, "some", habit.arrivals).max_runs = 7;
    scenario.incidents = {arrivals_times(5, 1, 30), arrivals_times(3, 100)};
    EXPECT_EQ(simulate(scenario).submissions.size(), 7u) << habit.name;
  }
}

TEST(SubmittersTest, AFactorOfOneChangesNothing) {
  for (const Habit& habit : habits()) {
    Scenario scenario = small_scenario(2, Distribution::exponential(1), 200_s);
    add_submitter(scenario, "some", habit.arrivals);
    const Diary plain = simulate(scenario);
    scenario.incidents = {arrivals_times(1, 30, 90), arrivals_times(1, 50)};
    const Diary same = simulate(scenario);
    ASSERT_EQ(plain.ends.size(), same.ends.size()) << habit.name;
    for (std::size_t i = 0; i < plain.ends.size(); ++i) {
      EXPECT_EQ(plain.ends[i].at, same.ends[i].at);
      EXPECT_EQ(plain.ends[i].request.draw_key, same.ends[i].request.draw_key);
    }
  }
}

TEST(SubmittersTest, TheOpenOneStopsAtItsTime) {
  const Scenario scenario =
      loaded(test::load("duration: 200s\n"
                        "resource_groups: {main: {workers: 2}}\n"
                        "workspaces: {a: {}}\n"
                        "workflows: {w: {time: 1s}}\n"
                        "submitters:\n"
                        "  A: {workspace: a, arrivals: {constant: {every: 5s}}, until: 60s}\n"
                        "incidents:\n"
                        "  - {at: 70s, for: 20s, arrival_rate: 2}\n"));
  EXPECT_THAT(submission_times(simulate(scenario)),
              ElementsAre(5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55));
}

TEST(SubmittersTest, TheClosedOneStopsAtItsTime) {
  const Scenario scenario =
      loaded(test::load("duration: 5000s\n"
                        "resource_groups: {main: {workers: 2}}\n"
                        "workspaces: {a: {}}\n"
                        "workflows: {w: {time: 5s}}\n"
                        "submitters:\n"
                        "  A: {workspace: a, arrivals: {closed_loop: {clients: 3}}, until: 60s}\n"
                        "incidents:\n"
                        "  - {at: 55s, for: 100s, arrival_rate: 2}\n"));
  const Diary diary = simulate(scenario);
  std::vector<double> expected{0, 0, 0};
  for (int second = 5; second < 60; second += 5) expected.insert(expected.end(), 2, second);
  EXPECT_THAT(submission_times(diary), ElementsAreArray(expected));
  EXPECT_EQ(diary.ends.size(), expected.size());
  EXPECT_EQ(diary.ends.back().at, at(65));
}

TEST(SubmittersTest, AFloodInTheEveningBringsNobodyBackToTheOffice) {
  const std::string office =
      "duration: 24h\n"
      "resource_groups: {main: {workers: 20}}\n"
      "workspaces: {office: {}, bots: {}}\n"
      "workflows: {w: {time: 5m}}\n"
      "submitters:\n"
      "  office: {workspace: office, priority: HIGH, workflow: w, arrivals: {poisson: 3/min}, "
      "from: 8h, until: 18h}\n"
      "  bots: {workspace: bots, workflow: w, arrivals: {poisson: 0.2/min}}\n";
  const Diary plain = simulate(loaded(test::load(office)));
  const Diary flood = simulate(
      loaded(test::load(office + "incidents:\n  - {at: 20h, for: 1h, arrival_rate: 3}\n")));
  EXPECT_EQ(submission_times(flood, 0), submission_times(plain, 0));
  EXPECT_LT(submission_times(flood, 0).back(), 18 * 3600);

  // Every run that is there without the flood starts when it did.
  std::map<std::pair<std::uint32_t, std::uint64_t>, Time> starts;
  for (const auto& entry : flood.dispatches)
    starts[{entry.request.submitter.value, entry.request.index}] = entry.at;
  for (const auto& entry : plain.dispatches) {
    const auto run = std::pair(entry.request.submitter.value, entry.request.index);
    EXPECT_EQ(starts.at(run), entry.at) << run.first << '#' << run.second;
  }
  const std::size_t more = flood.submissions.size() - plain.submissions.size();
  EXPECT_NEAR(static_cast<double>(more), 24, 22) << "twelve an hour, twice more";
}

// ---- recordings

TEST(SubmittersTest, RowsBehindAChangeKeepTheirTime) {
  Scenario scenario = small_scenario(5, Distribution::constant(1), 100_s);
  const std::vector<double> ticks{0, 10, 20, 30, 40, 50, 60, 70, 80, 90};
  add_submitter(scenario, "T", rows_at(ticks));
  scenario.incidents = {arrivals_times(2, 20, 40)};
  const Diary diary = simulate(scenario);
  ASSERT_EQ(diary.submissions.size(), 12u);
  std::vector<double> recorded;
  for (const auto& [time, request] : diary.submissions)
    if (request.index < ticks.size()) recorded.push_back(time.seconds());
  EXPECT_EQ(recorded, ticks);
}

TEST(SubmittersTest, ADoubledRecordingIsTwiceTheRunsOverTheSameTime) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), 100_s);
  add_submitter(scenario, "T", rows_at({0, 10, 20, 30, 40, 50, 60, 70, 80, 90}));
  scenario.incidents = {arrivals_times(2, 0)};
  const auto times = submission_times(simulate(scenario));
  ASSERT_EQ(times.size(), 20u);
  for (std::size_t row = 0; row < 10; ++row) {
    EXPECT_EQ(times[2 * row], 10.0 * static_cast<double>(row));
    EXPECT_LT(times[2 * row + 1], 10.0 * static_cast<double>(row + 1));
  }
}

TEST(SubmittersTest, CopiesAreLikeTheirRowButForWhatIsDrawn) {
  Scenario scenario = small_scenario(100, Distribution::exponential(5), 100_s);
  scenario.pipeline.workspaces.push_back({"other", GroupId::at(0)});
  auto rows = std::make_shared<std::vector<TraceRow>>();
  rows->push_back({at(5), 7_s, WorkspaceId::at(1), {}, PriorityLevel::HIGH, true, true});
  rows->push_back({at(50), {-1}, WorkspaceId::at(0), {}, PriorityLevel::MEDIUM});
  add_submitter(scenario, "T", TraceArrivals{"recorded.csv", rows});
  scenario.incidents = {arrivals_times(3, 0)};
  const Diary diary = simulate(scenario);
  ASSERT_EQ(diary.submissions.size(), 6u);
  std::map<std::uint64_t, int> keys;
  for (const auto& [time, request] : diary.submissions) {
    const TraceRow& row = (*rows)[recorded_row(request.index, rows->size())];
    EXPECT_EQ(request.workspace, row.workspace);
    EXPECT_EQ(request.level, *row.level);
    EXPECT_EQ(request.service_time, row.service_time);
    EXPECT_EQ(request.fixed_outcome == FixedOutcome::fails, row.failed);
    EXPECT_GE(time, row.at);
    ++keys[request.draw_key];
  }
  EXPECT_EQ(keys.size(), 6u) << "what is not recorded each draws for itself";
  for (const auto& [index, row] : std::map<std::uint64_t, std::size_t>{
           {0, 0}, {1, 1}, {kFirstAddedRun, 0}, {kFirstAddedRun + 1, 1}, {kFirstAddedRun + 2, 0}})
    EXPECT_EQ(recorded_row(index, 2), row);
}

TEST(SubmittersTest, ARunThatAFactorAddsHasANameOfItsOwn) {
  Scenario scenario = small_scenario(1, Distribution::constant(1), 100_s);
  add_submitter(scenario, "T", rows_at({0, 10}));
  const std::string name =
      to_string(RunName{SubmitterId::at(0), kFirstAddedRun + 1}, submitter_names(scenario));
  EXPECT_EQ(name, "T#1000000000001");
  EXPECT_EQ(parse_run_name(name, submitter_names(scenario))->index, kFirstAddedRun + 1);
}

// ---- clients of a closed loop

/// One client that thinks 10 s; runs take no time.
Diary client(std::vector<Incident> incidents, Distribution thinks = Distribution::constant(10)) {
  Scenario scenario = small_scenario(1, Distribution::constant(0), 100_s);
  add_submitter(scenario, "client", ClosedLoop{1, std::move(thinks)});
  scenario.incidents = std::move(incidents);
  return simulate(scenario);
}

TEST(ThinkTimeTest, WhatBeginsMeanwhileIsDividedAndNothingElse) {
  EXPECT_THAT(submission_times(client({arrivals_times(2, 25, 52)})),
              ElementsAre(10, 20, 30, 35, 40, 45, 50, 55, 65, 75, 85, 95))
      << "under way at 25 s: as long as it was; begun at 50 s: half as long, although the factor "
         "ends";
  EXPECT_THAT(submission_times(client({arrivals_times(0.5, 30, 31)})),
              ElementsAre(10, 20, 30, 50, 60, 70, 80, 90, 100))
      << "begun in the instant in which the factor begins";
  EXPECT_THAT(submission_times(client({arrivals_times(0.5, 29, 30)})),
              ElementsAre(10, 20, 30, 40, 50, 60, 70, 80, 90, 100))
      << "begun in the instant in which it ends";
}

TEST(ThinkTimeTest, WithoutAnyNothingChanges) {
  Scenario scenario = small_scenario(2, Distribution::constant(5), 100_s);
  add_submitter(scenario, "eager", ClosedLoop{3, Distribution::constant(0)});
  const auto plain = submission_times(simulate(scenario));
  for (const double factor : {0.25, 3.0}) {
    scenario.incidents = {arrivals_times(factor, 22, 60)};
    EXPECT_EQ(submission_times(simulate(scenario)), plain);
  }
}

TEST(ThinkTimeTest, AtZeroNobodyBeginsBeforeItEnds) {
  EXPECT_THAT(submission_times(client({arrivals_times(0, 25, 62)})),
              ElementsAre(10, 20, 62, 72, 82, 92))
      << "ready at 30 s";
  EXPECT_THAT(submission_times(client({arrivals_times(0, 25, 28)})),
              ElementsAre(10, 20, 30, 40, 50, 60, 70, 80, 90, 100))
      << "nobody would have begun meanwhile";
  EXPECT_THAT(submission_times(client({arrivals_times(0, 25)})), ElementsAre(10, 20));
  EXPECT_THAT(submission_times(client({arrivals_times(0, 25, 50), arrivals_times(0, 45, 70)})),
              ElementsAre(10, 20, 70, 80, 90, 100));

  Scenario scenario = small_scenario(2, Distribution::constant(5), 30_s);
  add_submitter(scenario, "eager", ClosedLoop{2, Distribution::constant(0)});
  scenario.incidents = {arrivals_times(0, 8, 22)};
  EXPECT_THAT(submission_times(simulate(scenario)), ElementsAre(0, 0, 5, 5, 22, 22, 27, 27));
}

RC_GTEST_PROP(ThinkTimeTest, IsAsTheRuleSays, ()) {
  std::vector<Incident> incidents;
  struct Held {
    int from, until;
    double factor;
  };
  std::vector<Held> held;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    const int from = *rc::gen::inRange(0, 90), length = *rc::gen::inRange(0, 40);
    const double factor = *rc::gen::element(0.0, 0.5, 2.0, 4.0);
    incidents.push_back(arrivals_times(factor, from, from + length));
    held.push_back({from, from + length, factor});
  }
  const auto factor_at = [&](double time) {
    double factor = 1;
    for (const Held& h : held)
      if (h.from <= time && time < h.until) factor *= h.factor;
    return factor;
  };
  std::vector<double> expected;
  for (double now = 0; now <= 100;) {
    const double factor = factor_at(now);
    now += factor > 0 ? 8 / factor : 8;
    // Everything here is a multiple of an eighth of a second.
    while (factor_at(now) == 0) now += 0.125;
    if (now <= 100) expected.push_back(now);
  }
  RC_ASSERT(submission_times(client(incidents, Distribution::constant(8))) == expected);
}

}  // namespace
}  // namespace sluice::test
