// Experiments: replications, threads, warm-up, interruption.
#include "experiments/replications.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "experiments/progress.hpp"
#include "reports/json/json.hpp"
#include "reports/runs/run_listener.hpp"
#include "reports/runs/run_log.hpp"
#include "tests/unit/sim/checked.hpp"
#include "tests/unit/sim/small_scenario.hpp"

namespace sluice::test {
namespace {

using namespace literals;

Scenario busy_scenario(std::uint32_t replications) {
  Scenario scenario = small_scenario(10, Distribution::exponential(30), 20'000_s);
  scenario.seed = 42;
  scenario.replications = replications;
  add_submitter(scenario, "interactive", poisson(0.06)).priority = {{1, PriorityLevel::HIGH}};
  add_submitter(scenario, "nightly", poisson(0.24)).priority = {{3, PriorityLevel::MEDIUM},
                                                                {5, PriorityLevel::LOW}};
  return scenario;
}

std::string json_of(const Scenario& scenario, unsigned threads) {
  ExperimentOptions options;
  options.threads = threads;
  return render_json(run_checked(scenario, options), {.build_and_wall_time = false});
}

TEST(ExperimentTest, TheReportIsTheSameOnAnyNumberOfThreads) {
  const Scenario scenario = busy_scenario(7);
  const std::string one = json_of(scenario, 1);
  EXPECT_EQ(one, json_of(scenario, 2));
  EXPECT_EQ(one, json_of(scenario, 8));
}

TEST(ExperimentTest, ReplicationsGiveIntervals) {
  const Report report = run_checked(busy_scenario(5));
  EXPECT_TRUE(report.header.complete);
  EXPECT_EQ(report.header.replications, 5u);
  EXPECT_EQ(report.header.until, at(20'000));
  const Figure* wait = report.figures.find(Metric::wait_mean, Subject::of(PriorityLevel::LOW));
  ASSERT_NE(wait, nullptr);
  ASSERT_TRUE(wait->interval);
  EXPECT_LT(wait->interval->low, wait->value);
  EXPECT_EQ(wait->replications, 5u);
}

TEST(ExperimentTest, AGivenWarmUpIsLeftOut) {
  Scenario scenario = busy_scenario(1);
  scenario.warm_up.length = 5000_s;
  const Report report = run_checked(scenario);
  EXPECT_EQ(report.header.from, at(5000));
  EXPECT_EQ(report.header.warm_up, WarmUp::given);
}

TEST(ExperimentTest, AnAutomaticWarmUpIsThatOfThePilot) {
  // From empty to its steady state of 300 runs in service within a few mean service times of 100 s.
  Scenario scenario = small_scenario(1000, Distribution::exponential(100), 20'000_s);
  scenario.warm_up.automatic = true;
  add_submitter(scenario, "steady", poisson(3));
  const Report report = run_checked(scenario);
  EXPECT_EQ(report.header.warm_up, WarmUp::mser5);
  EXPECT_GE(report.header.from, at(100));
  EXPECT_LE(report.header.from, at(10'000));
  EXPECT_EQ(json_of(scenario, 1), json_of(scenario, 2));
}

TEST(ExperimentTest, AStopLeavesAnIncompleteReport) {
  Scenario scenario = busy_scenario(3);
  scenario.duration = 10'000'000_s;
  const std::atomic<bool> stop{true};
  ExperimentProgress progress(scenario);
  ExperimentOptions options;
  options.stop = &stop;
  options.progress = &progress;
  const Report report = run_checked(scenario, options);
  EXPECT_FALSE(report.header.complete);
  EXPECT_GT(report.header.until, at(0));
  EXPECT_LT(report.header.until, at(1'000'000));
  EXPECT_LT(progress.fraction(), 0.5);
  EXPECT_GT(progress.runs(), 0u);
}

TEST(ExperimentTest, AStopBeforeTheWarmUpIsOverStillGivesAReport) {
  Scenario scenario = busy_scenario(1);
  scenario.duration = 10'000'000_s;
  scenario.warm_up.length = 9'000'000_s;
  const std::atomic<bool> stop{true};
  ExperimentOptions options;
  options.stop = &stop;
  const Report report = run_checked(scenario, options);
  EXPECT_FALSE(report.header.complete);
}

class Thrower final : public RunListener {
 public:
  void finish(Time) override { throw std::runtime_error("no room"); }
};

TEST(ExperimentTest, WhatAListenerThrowsComesOut) {
  ExperimentOptions options;
  options.threads = 2;
  options.listeners = [](std::uint32_t number, const Recorder&) {
    Listeners listeners;
    if (number == 3) listeners.push_back(std::make_unique<Thrower>());
    return listeners;
  };
  EXPECT_THROW(run_checked(busy_scenario(6), options), std::runtime_error);
}

/// Case A of priority M/M/10: waits of three levels, inside the intervals of the replications.
TEST(ExperimentSlowTest, StrictPriorityWaitsAreCobhams) {
  Scenario scenario = small_scenario(10, Distribution::exponential(30), 1'000'000_s);
  scenario.replications = 12;
  scenario.confidence = 0.999;
  scenario.warm_up.length = 20'000_s;
  const std::array<double, kLevels> rates{0.06, 0.09, 0.15}, means{2.446579, 4.448325, 36.476265};
  for (const PriorityLevel level : kAllLevels)
    add_submitter(scenario, std::string(name(level)), poisson(rates[index(level)])).priority = {
        {1, level}};
  const Report report = run_checked(scenario);
  for (const PriorityLevel level : kAllLevels) {
    const Figure* wait = report.figures.find(Metric::wait_mean, Subject::of(level));
    ASSERT_NE(wait, nullptr);
    ASSERT_TRUE(wait->interval);
    EXPECT_LE(wait->interval->low, means[index(level)]) << name(level);
    EXPECT_GE(wait->interval->high, means[index(level)]) << name(level);
    EXPECT_LT(wait->interval->high - wait->interval->low, 0.35 * means[index(level)]);
  }
}

}  // namespace
}  // namespace sluice::test
