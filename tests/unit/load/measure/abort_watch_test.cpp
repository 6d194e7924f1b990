#include "load/measure/abort_watch.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using Measure = AbortCondition::Measure;

class AbortWatchTest : public ::testing::Test {
 protected:
  /// The next second, with so many answers and errors in it.
  std::string second(std::uint64_t answers, std::uint64_t errors, const LoadTimes& times = {},
                     std::size_t in_flight = 0) {
    now_ += 1s;
    counts_.statuses[201] += answers;
    counts_.errors += errors;
    return watch_.next(now_, counts_, times, in_flight);
  }

  std::vector<AbortCondition> conditions_{
      {"errors.rate > 5% over 10s", Measure::errors_rate, 0.05, Duration{10'000'000'000}},
      {"latency.p99 > 2s over 3s", Measure::latency_p99, 2, Duration{3'000'000'000}},
      {"in_flight.count > 100 over 1s", Measure::in_flight_count, 100, Duration{1'000'000'000}}};
  AbortWatch watch_{conditions_};
  SteadyTime now_ = SteadyTime(1000s);
  LoadCounts counts_;
};

TEST_F(AbortWatchTest, NothingHoldsBeforeItsTimeHasPassed) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(second(100, 50), "") << i;
  EXPECT_EQ(second(100, 50), "errors.rate was 50 %: errors.rate > 5% over 10s");
}

TEST_F(AbortWatchTest, WhatIsNotLetInIsAnErrorAndWhatIsNotSentIsNone) {
  for (int i = 0; i < 10; ++i) {
    counts_.unanswered += 60;
    counts_.unsent += 50;
    counts_.unreached += 10;
    EXPECT_EQ(second(90, 10), "") << i;
  }
  EXPECT_EQ(second(0, 0), "errors.rate was 10 %: errors.rate > 5% over 10s");
}

TEST_F(AbortWatchTest, OldErrorsAreForgotten) {
  for (int i = 0; i < 5; ++i) second(100, 4);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(second(100, 4), "") << i;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(second(100, 6), "") << i;
  EXPECT_NE(second(100, 6), "");
}

TEST_F(AbortWatchTest, QuantilesAreOfTheWholeWindow) {
  LoadTimes slow;
  slow.latency.record(Duration{3'000'000'000});
  EXPECT_EQ(second(1, 0, slow), "");
  EXPECT_EQ(second(1, 0, slow), "");
  EXPECT_EQ(second(1, 0, slow), "");
  EXPECT_TRUE(second(1, 0, slow).starts_with("latency.p99 was 3"));
}

TEST_F(AbortWatchTest, RequestsInFlightAreCountedNow) {
  EXPECT_EQ(second(0, 0, {}, 101), "");
  EXPECT_EQ(second(0, 0, {}, 100), "");
  EXPECT_EQ(second(0, 0, {}, 101), "in_flight.count was 101: in_flight.count > 100 over 1s");
}

}  // namespace
}  // namespace sluice::test
