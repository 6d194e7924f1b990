// Whatever sentence the parser of expectations allows, a busy pipeline of several groups has a
// figure for; where groups cannot be added up, the parser says so.
#include <gtest/gtest.h>

#include <cmath>

#include "reports/figures/metric.hpp"
#include "reports/statistics.hpp"
#include "tests/unit/scenarios/loading.hpp"
#include "tests/unit/sim/checked.hpp"

namespace sluice::test {
namespace {

// Everything happens to every level of both groups, until nothing is left to do.
constexpr std::string_view kBusy = R"(
duration: 6h
starvation_threshold: 10s
slo: 1m
resource_groups:
  main:  {workers: 4, dispatch: fifo}
  other: {workers: 4, dispatch: fifo}
workspaces:
  acme: {group: main, count: 2}
  beta: {group: other, count: 2}
credentials:
  portal: {domain: https://portal.example.com, count: 4, allow_multiple_sessions: true,
           max_concurrency: 3, login: {time: 5s, failure: 2%}}
workflows:
  claims: {needs: {USER: portal}, time: {exponential: 60s}, failure: {rate: 10%, retry: true},
           max_retries: 2, backoff: {base: 10s}, timeout: 10m, expiry: 3h}
api: {rate_limits: {60s: 10}, latency: 100ms, error_rate: 2%}
webhooks: {latency: 100ms, failure_rate: 5%, max_attempts: 3, backoff: 5s}
submitters:
  web:  {workspace: acme, until: 3h, priority: {HIGH: 30%, MEDIUM: 30%, LOW: 40%},
         credentials: {USER: {pool: portal}}, arrivals: {poisson: 5/min}, retry: {max_attempts: 2},
         patience: 2h}
  bulk: {workspace: beta, until: 3h, priority: {HIGH: 30%, MEDIUM: 30%, LOW: 40%},
         credentials: {USER: {drawn: portal}}, arrivals: {poisson: 5/min}}
)";

/// A limit that can be read in every unit.
std::string limit(Unit unit) {
  switch (unit) {
    case Unit::seconds:
      return "1s";
    case Unit::share:
      return "1%";
    case Unit::per_minute:
      return "1/min";
    case Unit::count:
    case Unit::ratio:
      return "1";
  }
  return "";
}

std::string sentence(const MetricInfo& metric, Labels labels) {
  const std::pair<Labels, std::string_view> all[]{
      {label::group, "group=main"},           {label::level, "level=MEDIUM"},
      {label::workspace, "workspace=acme-1"}, {label::workflow, "workflow=claims"},
      {label::submitter, "submitter=web"},    {label::credential, "credential=portal-2"}};
  std::string text;
  for (const auto& [bit, value] : all)
    if ((labels & bit) != 0) text.append(text.empty() ? "{" : ", ").append(value);
  if (!text.empty()) text += "}";
  return std::string(metric.name) + text + " > " + limit(metric.unit);
}

std::vector<Expectation> every_sentence(const Names& names) {
  std::vector<Expectation> all;
  for (const MetricInfo& metric : all_metrics())
    for (int labels = 0; labels < 2 * label::submitter; ++labels) {
      if ((labels & label::pool) != 0) continue;
      const auto parsed = parse_expectation(sentence(metric, static_cast<Labels>(labels)), names);
      if (parsed) all.push_back(*parsed);
    }
  return all;
}

TEST(EverySentenceTest, HasAFigureWhereverItIsAllowed) {
  Scenario scenario = loaded(load(kBusy));
  scenario.replications = 1;
  scenario.expectations = every_sentence(names_of(scenario.pipeline, {"web", "bulk"}));
  EXPECT_GT(scenario.expectations.size(), 500U);
  const Report report = run_checked(scenario);
  for (const ExpectationResult& result : report.expectations)
    EXPECT_NE(result.reason, "nothing to measure: no samples") << result.expectation.sentence;
}

TEST(EverySentenceTest, IsJudgedOfAReplicationAsOfAReportOnIt) {
  Scenario scenario = loaded(load(kBusy));
  scenario.replications = 1;
  const std::vector<Expectation> all = every_sentence(names_of(scenario.pipeline, {"web", "bulk"}));
  for (Expectation e : all) {
    e.in_replications.reset();
    scenario.expectations.push_back(e);
    e.in_replications = 0.5;
    scenario.expectations.push_back(e);
  }
  const Report report = run_checked(scenario);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ExpectationResult& once = report.expectations[2 * i];
    const ShareOfReplications& share = report.expectations[2 * i + 1].in_replications.value();
    EXPECT_EQ(share.held, is_met(once.status) ? 1U : 0U) << once.expectation.sentence;
    EXPECT_EQ(share.missed, is_missed(once.status) ? 1U : 0U) << once.expectation.sentence;
    EXPECT_EQ(share.all(), 1U);
  }
}

TEST(EverySentenceTest, SeveralGroupsAreCombinedAsTheirRunsTogether) {
  const Report report = run_checked(loaded(load(kBusy)));
  const auto value = [&](Metric metric, const Subject& subject) {
    const Figure* figure = report.figures.find(metric, subject);
    return figure == nullptr ? NAN : figure->value;
  };
  const auto samples = [&](Metric metric, const Subject& subject) {
    return static_cast<double>(report.figures.find(metric, subject)->samples);
  };
  const auto main = GroupId::at(0), other = GroupId::at(1);
  const PriorityLevel level = PriorityLevel::MEDIUM;
  for (const Metric metric : {Metric::slowdown_mean, Metric::service_mean, Metric::bypass_mean}) {
    const Subject a = Subject::of(main, level), b = Subject::of(other, level);
    const double n = samples(metric, a), m = samples(metric, b);
    EXPECT_NEAR(value(metric, Subject::of(level)),
                (value(metric, a) * n + value(metric, b) * m) / (n + m), 1e-9)
        << info(metric).name;
  }
  EXPECT_DOUBLE_EQ(value(Metric::occupancy_block_total, Subject::of(level)),
                   value(Metric::occupancy_block_total, Subject::of(main, level)) +
                       value(Metric::occupancy_block_total, Subject::of(other, level)));
  EXPECT_EQ(value(Metric::starvation_workspaces, Subject::of(level)), 4);
}

TEST(EverySentenceTest, WhatOnlyOneGroupCanHaveAsksForItsName) {
  const LoadedScenario result =
      load(std::string(kBusy) + "expect: [\"queue.length.max{level=LOW} < 5\"]\n");
  EXPECT_EQ(errors_of(result),
            "queue.length.max is measured by group: name one, {group=…}; groups are main, other\n");
}

}  // namespace
}  // namespace sluice::test
