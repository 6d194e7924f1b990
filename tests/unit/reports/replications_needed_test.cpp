// When more replications may decide a sentence, and how many do.
#include "reports/replications_needed.hpp"

#include <gtest/gtest.h>

#include "tests/unit/reports/sample_report.hpp"

namespace sluice {
namespace {

/// `LOW.wait.p95 < 60 s` of five replications.
Report undecided(const Figure& figure) {
  Report report;
  report.header.replications = 5;
  ExpectationResult result;
  result.expectation.metric = Metric::wait_p95;
  result.expectation.limit = 60;
  result.figure = figure;
  report.expectations = {result};
  return report;
}

Figure of_five(double value, double low, double high) {
  Figure figure;
  figure.value = value;
  figure.interval = Interval{low, high};
  figure.replications = 5;
  return figure;
}

TEST(ReplicationsNeeded, MoreMayDecideWhatAnIntervalLeavesOpen) {
  EXPECT_TRUE(more_replications_may_decide(undecided(of_five(50, 30, 70))));
  Figure seldom = of_five(50, 30, 70);
  seldom.replications = 3;
  EXPECT_FALSE(more_replications_may_decide(undecided(seldom))) << "two had nothing to measure";
  seldom.value = 65;
  EXPECT_TRUE(more_replications_may_decide(undecided(seldom))) << "it can still fail";
}

TEST(ReplicationsNeeded, ABoundIsDecidedOnItsOwnSideOnly) {
  Figure bound = of_five(50, 30, 70);
  bound.lower_bound = true;
  EXPECT_FALSE(more_replications_may_decide(undecided(bound)));
  bound.value = 65;
  EXPECT_TRUE(more_replications_may_decide(undecided(bound)));
  bound.value = 50;
  bound.at_most = 62;
  EXPECT_TRUE(more_replications_may_decide(undecided(bound))) << "that, too, is an interval's end";
}

TEST(ReplicationsNeeded, NoNumberTellsApartWhatAHistogramDoesNot) {
  Figure coarse = of_five(60.1, 59.9, 60.3);
  coarse.within = Interval{59.5, 60.5};
  EXPECT_FALSE(more_replications_may_decide(undecided(coarse)));
  coarse.interval = Interval{40, 80};
  EXPECT_TRUE(more_replications_may_decide(undecided(coarse)));
}

TEST(ReplicationsNeeded, FourTimesAsManyHalveTheInterval) {
  const Expectation e = undecided({}).expectations[0].expectation;
  EXPECT_EQ(replications_to_decide(e, of_five(50, 30, 70)), 20u);
  EXPECT_FALSE(replications_to_decide(e, of_five(60, 40, 80))) << "at the limit";
  EXPECT_EQ(replications_to_precision(of_five(50, 30, 70), 0.2), 20u);
  EXPECT_EQ(replications_to_precision(of_five(50, 45, 55), 0.2), 6u) << "at least one more";
}

}  // namespace
}  // namespace sluice
