// What recurs, and warm-ups of whole periods of it.
#include "experiments/recurrence.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "experiments/replications.hpp"
#include "reports/statistics.hpp"
#include "scenarios/loader/loader.hpp"
#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;

const Distribution kTen = Distribution::constant(10);

Scenario with_batches(Duration duration, std::vector<Duration> periods) {
  Scenario scenario = small_scenario(10, Distribution::exponential(30), duration);
  for (const Duration period : periods)
    add_submitter(scenario, "b" + std::to_string(scenario.submitters.size()),
                  BatchArrivals{{at(0)}, period, kTen, {}});
  return scenario;
}

TEST(Recurrence, IsTheTimeInWhichEverythingRecurs) {
  EXPECT_EQ(recurrence(with_batches(100_h, {})), Duration{});
  EXPECT_EQ(recurrence(with_batches(100_h, {{}})), Duration{}) << "a batch that comes once";
  EXPECT_EQ(recurrence(with_batches(100_h, {24_h})), 24_h);
  EXPECT_EQ(recurrence(with_batches(100_h, {24_h, 90_min, 8_h})), 24_h);
  EXPECT_EQ(recurrence(with_batches(100_h, {24_h, 7_h})), 24_h) << "168 h are too long";
  EXPECT_EQ(recurrence(with_batches(200_h, {24_h, 7_h})), 168_h);
  EXPECT_EQ(recurrence(with_batches(10_h, {24_h})), Duration{}) << "it does not come again";
}

TEST(Recurrence, IsOfCurvesAndOfSchedulesToo) {
  Scenario scenario = small_scenario(10, Distribution::exponential(30), 100_h);
  PoissonArrivals daily = poisson(0.1);
  daily.rate.period = 24_h;
  add_submitter(scenario, "curve", daily);
  EXPECT_EQ(recurrence(scenario), Duration{}) << "of one rate: nothing changes";
  daily.rate.points.push_back({at(3600), 0.2});
  add_submitter(scenario, "curve-2", daily);
  EXPECT_EQ(recurrence(scenario), 24_h);
  scenario.submitters.clear();
  scenario.pipeline.groups[0].workers.schedule = {{at(3600), 5}};
  EXPECT_EQ(recurrence(scenario), Duration{});
  scenario.pipeline.groups[0].workers.schedule_period = 12_h;
  EXPECT_EQ(recurrence(scenario), 12_h);
}

TEST(WholePeriods, AreThoseThatFit) {
  EXPECT_EQ(whole_periods(at(3 * 3600), 24_h), at(0));
  EXPECT_EQ(whole_periods(at(24 * 3600), 24_h), at(24 * 3600));
  EXPECT_EQ(whole_periods(at(71 * 3600), 24_h), at(48 * 3600));
}

TEST(WarmUpOfWhatRecurs, IsWholePeriodsOrNone) {
  Scenario scenario = with_batches(40'000_s, {8000_s});
  add_submitter(scenario, "steady", poisson(0.1));
  scenario.warm_up.automatic = true;
  const Report report = run_checked(scenario);
  EXPECT_EQ(report.header.warm_up, WarmUp::mser5);
  EXPECT_EQ(report.header.warm_up_period, 8000_s);
  EXPECT_EQ(report.header.from.ns % (8000_s).ns, 0);
}

/// Empty: it is not here.
std::string case_file(const std::string& name) {
  const std::string path = std::string(SLUICE_SHARED_DIR) + "/cases/C-verdict/" + name;
  return std::filesystem::exists(path) ? path : "";
}

TEST(WarmUpOfWhatRecurs, CutsNoBatchOutOfAWeekOfThem) {
  const std::string file = case_file("warm_up_on_a_cycle.yaml");
  if (file.empty()) GTEST_SKIP() << "no cases in " << SLUICE_SHARED_DIR;
  const LoadedScenario loaded = load_scenario(file);
  ASSERT_TRUE(loaded.scenario);
  const Report report = run_experiment(*loaded.scenario, {});
  const Figure* medium =
      report.figures.find(Metric::accepted_count, Subject::of(PriorityLevel::MEDIUM));
  ASSERT_NE(medium, nullptr);
  EXPECT_EQ(static_cast<int>(medium->value) % 1100, 0) << "whole days of 1100 runs";
  EXPECT_GE(medium->value, 6600);
}

TEST(StabilityOverTime, TellsTheHoursInWhichADayHasTooMuch) {
  const std::string file = case_file("one_sample.yaml");
  if (file.empty()) GTEST_SKIP() << "no cases in " << SLUICE_SHARED_DIR;
  const LoadedScenario loaded = load_scenario(file);
  ASSERT_TRUE(loaded.scenario);
  const Report report = run_experiment(*loaded.scenario, {});
  const StabilityLine& low = report.stability.at(0).levels.back();
  ASSERT_EQ(low.subject.level, PriorityLevel::LOW);
  EXPECT_LT(low.sigma, 0.6);
  EXPECT_GE(low.peak_sigma, 1.4) << "the night's batch and what else comes in that hour";
  EXPECT_GT(low.workers_needed_at_peak, 50);
  ASSERT_EQ(low.overloaded.size(), 2U);
  EXPECT_LE(low.overloaded[0].from, at(2 * 3600));
  EXPECT_GE(low.overloaded[0].until, at(2 * 3600));
  EXPECT_LE(low.overloaded[1].from, at(14 * 3600));
  EXPECT_GE(low.overloaded[1].until, at(14 * 3600));
  EXPECT_GE(low.overloaded[1].sigma, 1.05);
}

TEST(TightestResource, IsThePoolBeforeItsMembers) {
  const std::string file = case_file("pool_by_member.yaml");
  if (file.empty()) GTEST_SKIP() << "no cases in " << SLUICE_SHARED_DIR;
  const LoadedScenario loaded = load_scenario(file);
  ASSERT_TRUE(loaded.scenario);
  const Report report = run_experiment(*loaded.scenario, {});
  ASSERT_EQ(report.tight_resources.size(), 1U);
  EXPECT_TRUE(report.tight_resources[0].subject.pool.valid());
  EXPECT_NEAR(report.tight_resources[0].sigma, 1.125, 0.02);
}

}  // namespace
}  // namespace sluice::test
