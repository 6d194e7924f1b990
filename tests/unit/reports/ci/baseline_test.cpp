// What is worse than its baseline, what is not, and what is not decided.
#include "reports/ci/baseline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/reports/sample_test_run.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;

constexpr double kTenPercent = 0.1;

TestedFile measured(double value, double half = 10) {
  TestedFile tested = test::sample_file("office.yaml", Status::passed, value);
  tested.cases[0].figure->interval = Interval{value - half, value + half};
  tested.seed = 7;
  return tested;
}

Baseline before(double value, double half = 10) {
  Baseline baseline = baseline_of(measured(value, half));
  baseline.seed = 6;
  return baseline;
}

/// The case about the baseline after `now` was held against `then`.
TestCase held(const Baseline& then, TestedFile now) {
  hold_against(then, kTenPercent, now);
  return now.cases.back();
}

TEST(Baseline, ARegressionIsFound) {
  TestedFile now = measured(350);
  hold_against(before(300), kTenPercent, now);
  EXPECT_EQ(now.outcome, TestOutcome::regression);
  EXPECT_EQ(now.cases.back().status, Status::failed);
  EXPECT_EQ(now.cases.back().limit, 330);
  EXPECT_EQ(now.cases.back().margin, -20);
  EXPECT_EQ(now.cases.back().outcome,
            "5m50s (±10s, n = 5), baseline 5m (±10s, n = 5): 16.7 % more, allowed 10 % more");
  EXPECT_EQ(now.summary, "1 of 1 figure worse than the baseline");
}

TEST(Baseline, AnImprovementIsNone) {
  TestedFile now = measured(100);
  hold_against(before(300), kTenPercent, now);
  EXPECT_EQ(now.outcome, TestOutcome::passed);
  EXPECT_EQ(now.cases.back().status, Status::passed);
  EXPECT_THAT(now.summary, HasSubstr("none worse than the baseline"));
}

TEST(Baseline, LittleMoreIsNone) {
  EXPECT_EQ(held(before(300, 2), measured(320, 2)).status, Status::passed);
}

TEST(Baseline, WhatChanceMayExplainIsNotDecided) {
  EXPECT_EQ(held(before(300, 20), measured(335, 20)).status, Status::inconclusive);
  EXPECT_EQ(held(before(300, 20), measured(325, 20)).status, Status::inconclusive);
  TestedFile now = measured(335, 20);
  hold_against(before(300, 20), kTenPercent, now);
  EXPECT_EQ(now.outcome, TestOutcome::inconclusive);
}

TEST(Baseline, WhereMoreIsBetterLessIsWorse) {
  const auto wants_more = [](TestedFile tested) {
    tested.cases[0].comparison = Comparison::greater;
    return tested;
  };
  const Baseline then = baseline_of(wants_more(measured(300)));
  EXPECT_EQ(held(then, wants_more(measured(200))).status, Status::failed);
  EXPECT_EQ(held(then, wants_more(measured(200))).limit, 270);
  EXPECT_EQ(held(then, wants_more(measured(400))).status, Status::passed);
}

TEST(Baseline, WhereOneValueIsWantedEitherSideIsWorse) {
  const auto wants_that = [](TestedFile tested) {
    tested.cases[0].comparison = Comparison::equal;
    return tested;
  };
  const Baseline then = baseline_of(wants_that(measured(300)));
  EXPECT_EQ(held(then, wants_that(measured(200))).status, Status::failed);
  EXPECT_EQ(held(then, wants_that(measured(400))).status, Status::failed);
  EXPECT_EQ(held(then, wants_that(measured(303, 1))).status, Status::passed);
}

TEST(Baseline, TheSameDrawsWithTheSameResultAreUnchangedHoweverWide) {
  const Baseline then = baseline_of(measured(300, 200));
  EXPECT_EQ(held(then, measured(300, 200)).status, Status::passed);
  EXPECT_EQ(held(before(300, 200), measured(300, 200)).status, Status::inconclusive);
}

TEST(Baseline, OfAnotherScenarioItDecidesNothing) {
  Baseline then = before(300);
  then.hash = "fedcba9876543210";
  const TestCase asked = held(then, measured(900));
  EXPECT_EQ(asked.status, Status::inconclusive);
  EXPECT_THAT(asked.outcome, HasSubstr("200 % more"));
  EXPECT_THAT(asked.outcome, HasSubstr("another scenario (fedcba9876543210"));
}

TEST(Baseline, OfIntervalsOfAnotherConfidenceItDecidesNothing) {
  Baseline then = before(300);
  then.confidence = 0.5;
  const TestCase asked = held(then, measured(900));
  EXPECT_EQ(asked.status, Status::inconclusive);
  EXPECT_THAT(asked.outcome, HasSubstr("the baseline's intervals are of 50 %, these are of"));
}

TEST(Baseline, ABoundDecidesOnOneSideOnly) {
  TestedFile at_least = measured(900);
  at_least.cases[0].figure->lower_bound = true;
  EXPECT_EQ(held(before(300), at_least).status, Status::failed);
  at_least = measured(100);
  at_least.cases[0].figure->lower_bound = true;
  EXPECT_EQ(held(before(300), at_least).status, Status::inconclusive);
  Baseline then = before(300);
  then.figures[0].figure.lower_bound = true;
  EXPECT_EQ(held(then, measured(900)).status, Status::inconclusive);
  EXPECT_EQ(held(then, measured(100)).status, Status::passed);
}

TEST(Baseline, FromZeroOnlyATrifleIsAllowed) {
  EXPECT_EQ(held(before(0, 0), measured(0.04, 0)).status, Status::passed);
  EXPECT_EQ(held(before(0, 0), measured(0.06, 0)).status, Status::failed);
}

TEST(Baseline, OneReplicationDecidesNothing) {
  TestedFile now = measured(900);
  now.outcome = TestOutcome::held;
  now.cases[0].status = Status::held;
  EXPECT_EQ(held(before(300), now).status, Status::inconclusive);
}

TEST(Baseline, AFailureIsStillOneUnlessItGotWorseToo) {
  TestedFile now = measured(900);
  now.outcome = TestOutcome::failed;
  now.cases[0].status = Status::failed;
  TestedFile worse = now, same = now;
  hold_against(before(300), kTenPercent, worse);
  EXPECT_EQ(worse.outcome, TestOutcome::regression);
  hold_against(before(900), kTenPercent, same);
  EXPECT_EQ(same.outcome, TestOutcome::failed);
}

TEST(Baseline, NoneIsNotDecided) {
  TestedFile now = measured(300);
  note_missing_baseline("there is no baseline x.json", now);
  EXPECT_EQ(now.outcome, TestOutcome::inconclusive);
  EXPECT_EQ(now.summary, "there is no baseline x.json");
  TestedFile nothing_asked;
  nothing_asked.outcome = TestOutcome::nothing_expected;
  note_missing_baseline("there is no baseline x.json", nothing_asked);
  EXPECT_EQ(nothing_asked.outcome, TestOutcome::nothing_expected);
}

TEST(Baseline, AFigureThatItLacksIsNotDecided) {
  Baseline then = before(300);
  then.figures[0].name = "wait.p99{level=LOW}";
  EXPECT_EQ(held(then, measured(300)).status, Status::inconclusive);
  TestedFile nothing = measured(300);
  nothing.cases[0].figure.reset();
  EXPECT_EQ(held(before(300), nothing).status, Status::inconclusive);
}

TEST(Baseline, IsReadBackAsItWasWritten) {
  Baseline written = before(1.0 / 3, 0.1);
  written.figures[0].figure.lower_bound = true;
  const Parsed<Baseline> read = read_baseline(baseline_json(written));
  ASSERT_TRUE(read) << read.error.message;
  EXPECT_EQ(baseline_json(*read), baseline_json(written));
  EXPECT_EQ(read->hash, written.hash);
  EXPECT_EQ(read->seed, 6u);
  ASSERT_EQ(read->figures.size(), 1u);
  EXPECT_EQ(read->figures[0].name, "wait.p95{level=LOW}");
  EXPECT_EQ(read->figures[0].figure.value, 1.0 / 3);
  EXPECT_EQ(read->figures[0].figure.interval, written.figures[0].figure.interval);
  EXPECT_TRUE(read->figures[0].figure.lower_bound);
}

TEST(Baseline, WhatIsNoneIsSaid) {
  EXPECT_EQ(read_baseline("{").error.message, "is not JSON");
  EXPECT_EQ(read_baseline("[]").error.message, "is not a baseline of sluice");
  EXPECT_EQ(read_baseline(R"({"format": "sluice.baseline", "version": 2})").error.message,
            "is a baseline of version 2; this program reads version 1");
  EXPECT_EQ(read_baseline(R"({"format": "sluice.baseline", "version": 1})").error.message,
            "lacks members that every baseline has");
}

}  // namespace
}  // namespace sluice
