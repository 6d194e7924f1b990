// Who says what: each metric of the registry is one family's, and the plans are those that are
// needed.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "reports/figures/metric.hpp"
#include "reports/judge.hpp"
#include "reports/metrics/plans/plans.hpp"

namespace sluice {
namespace {

TEST(FamiliesTest, EachMetricIsSaidByExactlyOne) {
  for (const MetricInfo& metric : all_metrics())
    EXPECT_EQ(EverythingPlan::said_by(metric.metric), 1) << metric.name;
}

TEST(FamiliesTest, EverythingIsRecordedUnlessOnlySomeIsWanted) {
  EXPECT_EQ(plan_for({}), Plan::everything);
  RecorderConfig config;
  config.in_detail = true;
  EXPECT_EQ(plan_for(config), Plan::detailed);
}

TEST(FamiliesTest, TheSmallestPlanThatSaysItIsTaken) {
  const auto plan_of = [](std::vector<Metric> only) {
    RecorderConfig config;
    config.only = std::move(only);
    return plan_for(config);
  };
  EXPECT_EQ(plan_of({}), Plan::counts);
  EXPECT_EQ(plan_of({Metric::succeeded_count, Metric::api_latency_p99}), Plan::counts);
  EXPECT_EQ(plan_of({Metric::succeeded_count, Metric::wait_p99}), Plan::waits);
  EXPECT_EQ(plan_of({Metric::starvation_longest, Metric::queue_age_max}), Plan::waits);
  EXPECT_EQ(plan_of({Metric::wait_p99, Metric::attribution_pause}), Plan::everything);
}

TEST(FamiliesTest, WindowsAndSlicesNeedWhatTellsRunsApart) {
  RecorderConfig config;
  config.only.emplace();
  config.windows.push_back({Metric::succeeded_rate, Subject::all(), Duration{1}});
  EXPECT_EQ(plan_for(config), Plan::waits);
  config.windows.push_back({Metric::utilisation, Subject::all(), Duration{1}});
  EXPECT_EQ(plan_for(config), Plan::everything);
}

TEST(FamiliesTest, WhatExpectationsSpeakOfIsWantedToo) {
  RecorderConfig config;
  config.only.emplace();
  Expectation expectation;
  expectation.metric = Metric::wait_p95;
  watch_for({expectation}, config);
  EXPECT_EQ(plan_for(config), Plan::waits);
}

}  // namespace
}  // namespace sluice
