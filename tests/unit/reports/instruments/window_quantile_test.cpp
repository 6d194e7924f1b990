#include "reports/instruments/window_quantile.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"

namespace sluice {
namespace {

using namespace literals;

constexpr double kClose = 1.0 / 64;

class WindowQuantiles : public ::testing::Test {
 protected:
  WindowQuantiles() { window_.start(pool_, histogram_); }
  /// Waits of one step, in seconds.
  void step(const std::vector<int>& waits) {
    for (const int wait : waits) histogram_.add(pool_, Duration::from_seconds(wait));
    window_.step(pool_, histogram_);
  }
  double p95(const std::vector<Duration>& waiting = {}) {
    return window_.figure(0.95, waiting)->value;
  }

  CounterPool pool_;
  LogHistogram histogram_;
  WindowQuantile window_{3};
};

TEST_F(WindowQuantiles, AreOfTheLastStepsAlone) {
  step({100, 100});
  step({10});
  step({10});
  EXPECT_NEAR(p95(), 100, 100 * kClose);
  step({10});
  EXPECT_NEAR(p95(), 10, 10 * kClose);
  step({});
  step({});
  EXPECT_NEAR(p95(), 10, 10 * kClose);
  step({});
  EXPECT_FALSE(window_.figure(0.95, {})) << "nothing was recorded in the last three";
}

TEST_F(WindowQuantiles, CountWhoStillWaits) {
  step({1, 1, 1});
  EXPECT_NEAR(p95({1_h}), 3600, 3600 * kClose);
  const auto figure = window_.figure(0.5, std::vector{1_h});
  EXPECT_NEAR(figure->value, 1, kClose);
  EXPECT_EQ(figure->samples, 4U);
}

TEST_F(WindowQuantiles, SayBetweenWhichValuesTheExactOneLies) {
  step({100});
  const auto figure = window_.figure(0.95, {});
  ASSERT_TRUE(figure->within);
  EXPECT_LE(figure->within->low, 100);
  EXPECT_GE(figure->within->high, 100);
}

TEST_F(WindowQuantiles, ZerosAreWaitsToo) {
  step({0, 0, 0, 0, 0, 0, 0, 0, 0, 50});
  EXPECT_EQ(window_.figure(0.5, {})->value, 0);
  EXPECT_NEAR(p95(), 50, 50 * kClose);
}

TEST_F(WindowQuantiles, WhatIsTakenOutAgainDoesNotCount) {
  step({7});
  histogram_.remove(pool_, 7_s);
  step({});
  EXPECT_FALSE(window_.figure(0.95, {}));
}

}  // namespace
}  // namespace sluice
