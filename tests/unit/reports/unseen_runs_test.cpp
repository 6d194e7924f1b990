// Loads in which runs were not seen to start or to end: what may still be said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "reports/expectations/reach.hpp"
#include "reports/judge.hpp"
#include "reports/report.hpp"
#include "reports/unseen_runs.hpp"
#include "tests/unit/reports/sample_report.hpp"

namespace sluice::test {
namespace {

using ::testing::HasSubstr;

constexpr double kUntil_s = 100;
const std::vector<std::pair<Metric, double>> kQuantiles{
    {Metric::wait_p50, 0.5},  {Metric::wait_p90, 0.9},    {Metric::wait_p95, 0.95},
    {Metric::wait_p99, 0.99}, {Metric::wait_p999, 0.999}, {Metric::wait_max, 1}};

double quantile(std::vector<double> waits, double share) {
  std::sort(waits.begin(), waits.end());
  return waits[static_cast<std::size_t>(std::ceil(share * static_cast<double>(waits.size()))) - 1];
}

/// A load with such waits, of all runs and of LOW.
Report load_with(const std::vector<double>& waits, UnseenRuns unseen) {
  Report report;
  report.header.until = Time::from_seconds(kUntil_s);
  report.load = LoadFacts{};
  report.load->runs_accepted = waits.size();
  unseen.of.level = PriorityLevel::LOW;
  if (unseen.all() > 0) report.load->unseen = {unseen};
  const auto add = [&](Metric metric, double value) {
    Figure figure;
    figure.value = value;
    figure.samples = waits.size();
    report.figures.add(metric, {}, figure);
  };
  double sum = 0;
  for (const double wait : waits) sum += wait;
  add(Metric::wait_mean, sum / static_cast<double>(waits.size()));
  for (const auto& [metric, share] : kQuantiles) add(metric, quantile(waits, share));
  add(Metric::succeeded_count, static_cast<double>(waits.size()) / 2);
  add(Metric::accepted_count, static_cast<double>(waits.size()));
  add(Metric::starvation_longest, 1);
  report.figures.seal();
  return report;
}

Status judged(Report report, const std::string& sentence, std::string* reason = nullptr) {
  bound_waits(report);
  judge(report, {*parse_expectation(sentence, report.names)}, {});
  if (reason != nullptr) *reason = report.expectations.front().reason;
  return report.expectations.front().status;
}

/// Whatever the runs did that were not seen: what is said of the waits is so.
TEST(UnseenRunsTest, TheTrueWaitsLieWithinTheBounds) {
  std::mt19937_64 draw(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<double> truth(20 + draw() % 400), seen;
    for (double& wait : truth) wait = static_cast<double>(draw() % 1000) / 100;
    UnseenRuns unseen;
    seen = truth;
    for (std::size_t i = 0; i < truth.size() / 12; ++i) {
      const double looks = seen[i] + static_cast<double>(draw() % 2000) / 100;
      switch (draw() % 3) {
        case 0:  // seen to end only
          seen[i] = looks;
          ++unseen.starts;
          break;
        case 1:  // given up, waiting as far as is known
          seen[i] = looks;
          ++unseen.ends;
          break;
        default:  // given up, and waited again after a requeue that nobody saw
          truth[i] += static_cast<double>(draw() % 2000) / 100;
          ++unseen.ends;
      }
    }
    Report report = load_with(seen, unseen);
    bound_waits(report);
    for (const auto& [metric, share] : kQuantiles) {
      const Figure& figure = *report.figures.find(metric);
      const double exact = quantile(truth, share);
      if (figure.upper_bound) {
        EXPECT_LE(exact, figure.value) << info(metric).name;
      }
      if (figure.lower_bound) {
        EXPECT_GE(exact, figure.value) << info(metric).name;
      }
      if (figure.at_most) {
        EXPECT_LE(exact, *figure.at_most) << info(metric).name;
      }
      EXPECT_TRUE(unseen.all() == 0 || figure.upper_bound != figure.lower_bound);
    }
  }
}

std::vector<double> waits_from(int seconds) {
  std::vector<double> waits;
  for (int i = 0; i < 1000; ++i) waits.push_back(seconds + i * 0.001);
  return waits;
}

TEST(UnseenRunsTest, WhatAFewRunsCannotChangeIsDecided) {
  const UnseenRuns few{{}, 0, 3};
  EXPECT_EQ(judged(load_with(waits_from(5), few), "wait.p95 < 1s"), Status::failed);
  EXPECT_EQ(judged(load_with(waits_from(5), few), "wait.p95 < 7s"), Status::passed);
  EXPECT_EQ(judged(load_with(waits_from(5), few), "wait.max < 7s"), Status::inconclusive);
  EXPECT_EQ(judged(load_with(waits_from(5), few), "succeeded.count > 400"), Status::passed);
  EXPECT_EQ(judged(load_with(waits_from(5), few), "succeeded.count < 400"), Status::failed);
  EXPECT_EQ(judged(load_with(waits_from(5), few), "succeeded.count <= 500"), Status::inconclusive);
  EXPECT_EQ(judged(load_with(waits_from(5), few), "failed.count == 0"), Status::inconclusive);
}

TEST(UnseenRunsTest, WhatManyRunsCouldChangeIsNot) {
  const UnseenRuns many{{}, 900, 0};
  std::string reason;
  EXPECT_EQ(judged(load_with(waits_from(5), many), "wait.p95 < 1s", &reason), Status::inconclusive);
  EXPECT_THAT(reason, HasSubstr("it depends on 900 runs that were not seen to start or to end"));
  EXPECT_EQ(judged(load_with(waits_from(5), many), "starvation.longest < 10s"),
            Status::inconclusive);
  EXPECT_EQ(judged(load_with(waits_from(5), many), "accepted.count == 1000"), Status::passed);
  EXPECT_EQ(judged(load_with(waits_from(5), {}), "wait.p95 < 1s"), Status::failed);
}

TEST(UnseenRunsTest, OnlyRunsOfTheSubjectCount) {
  Report report = load_with(waits_from(5), {{}, 1, 2});
  Subject low, high;
  low.level = PriorityLevel::LOW;
  high.level = PriorityLevel::HIGH;
  EXPECT_EQ(unseen_runs(report, low).all(), 3u);
  EXPECT_EQ(unseen_runs(report, high).all(), 0u);
  EXPECT_EQ(unseen_runs(report, {}).all(), 3u);
  report.load.reset();
  EXPECT_EQ(unseen_runs(report, {}).all(), 0u);
}

TEST(UnseenRunsTest, ReachesThatTheyCouldHaveMadeAreNotDecided) {
  Report report = load_with(waits_from(5), {{}, 0, 1});
  const auto status = [&report](const char* sentence) {
    judge(report, {}, {*parse_reach(sentence)});
    return report.reaches.front().status;
  };
  EXPECT_EQ(status("a run was requeued"), Status::inconclusive);
  EXPECT_EQ(status("a run was rate limited"), Status::failed);
  EXPECT_EQ(status("a run was parked on a credential"), Status::inconclusive);
  report.reached.by_kind[static_cast<std::size_t>(ReachKind::requeued)] = 1;
  EXPECT_EQ(status("a run was requeued"), Status::passed);
}

TEST(UnseenRunsTest, ALoadWithoutExpectationsIsInconclusive) {
  Report report = load_with(waits_from(5), {{}, 1, 0});
  judge(report, {}, {});
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
  report.load->unseen.clear();
  judge(report, {}, {});
  EXPECT_EQ(report.verdict, Verdict::none);
}

TEST(UnseenRunsTest, DoNotHideAFailureThatTheyCouldNotChange) {
  const auto judged_by = [](const char* sentence) {
    Report report = load_with(waits_from(5), {{}, 900, 0});
    report.load->validity = LoadFacts::Validity::unseen;
    report.load->why_invalid = "900 of 1 000 runs were not seen";
    bound_waits(report);
    judge(report, {*parse_expectation(sentence, report.names)}, {});
    return report;
  };
  const Report open = judged_by("wait.p95 < 1s");
  EXPECT_EQ(open.verdict, Verdict::inconclusive);
  EXPECT_EQ(open.load->validity, LoadFacts::Validity::unseen);
  const Report decided = judged_by("accepted.count == 7");
  EXPECT_EQ(decided.verdict, Verdict::failed);
  EXPECT_EQ(decided.load->validity, LoadFacts::Validity::valid);
  EXPECT_EQ(decided.load->notes.back(), "900 of 1 000 runs were not seen");
}

TEST(UnseenRunsTest, WrongAnswersFailALoadWhateverIsExpected) {
  Report report = load_with(waits_from(5), {});
  report.load->wrong_answers = {{"no session_id", 201, 1, "{}"}};
  judge(report, {}, {});
  EXPECT_EQ(report.verdict, Verdict::failed);
  judge(report, {*parse_expectation("wait.p95 < 7s", report.names)}, {});
  EXPECT_EQ(report.verdict, Verdict::failed);
}

}  // namespace
}  // namespace sluice::test
