// What expectations came to, in words: of sentences in a share of replications.
#include "reports/summary/expectations.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

ExpectationResult most_days(Status status) {
  ExpectationResult result;
  result.expectation.metric = Metric::drain_time;
  result.expectation.limit = 7'200;
  result.expectation.in_replications = 0.85;
  result.status = status;
  result.figure = Figure{};
  result.figure->value = 9'000;
  result.in_replications = ShareOfReplications{18, 2, 0, {0.6830173, 0.9876515}};
  result.reason = "why";
  return result;
}

TEST(ExpectationWords, OfAShareAreItsCounts) {
  const Report report;
  EXPECT_EQ(outcome_text(report, most_days(Status::passed)), "18 of 20 held (68.3 to 98.8 %)");
  EXPECT_EQ(outcome_text(report, most_days(Status::failed)), "18 of 20 held (68.3 to 98.8 %)");
  EXPECT_EQ(outcome_text(report, most_days(Status::inconclusive)), "why");
}

TEST(ExpectationWords, TheMarginOfAShareIsOneOfShares) {
  EXPECT_NEAR(margin(most_days(Status::passed)).value(), 0.05, 1e-12);
  ExpectationResult loaded = most_days(Status::inconclusive);
  loaded.in_replications.reset();
  EXPECT_FALSE(margin(loaded)) << "not in the metric's unit, which would be another margin";
}

}  // namespace
}  // namespace sluice
