#include "load/measure/clock_watch.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

class ClockWatchTest : public ::testing::Test {
 protected:
  ClockWatchTest() { watch_.begin(now_, day_); }
  void after(std::chrono::nanoseconds by_clock, std::chrono::nanoseconds by_day) {
    watch_.next(now_ += by_clock, day_ += by_day);
  }

  SteadyTime now_{1h};
  SystemTime day_{std::chrono::hours(24 * 365)};
  ClockWatch watch_;
};

TEST_F(ClockWatchTest, ClocksThatGoTogetherAreBelieved) {
  for (int i = 0; i < 1000; ++i) after(20ms, 20ms + (i % 2 == 0 ? 1ms : -1ms));
  after(2s, 1s);
  EXPECT_EQ(watch_.jump(), "");
}

TEST_F(ClockWatchTest, AMachineThatSleptIsNoticed) {
  after(20ms, 1h);
  EXPECT_EQ(watch_.jump(), "the clock jumped by 1h");
}

TEST_F(ClockWatchTest, ATimeOfDayThatWasPutBackIsNoticed) {
  after(20ms, -3s);
  EXPECT_EQ(watch_.jump(), "the clock jumped by 3.02s");
}

TEST_F(ClockWatchTest, AProcessThatStoodStillIsNoticedAndAPauseThatWasMeantIsNot) {
  now_ += 5s, day_ += 5s;
  watch_.begin(now_, day_);
  after(20ms, 20ms);
  EXPECT_EQ(watch_.jump(), "");
  after(5s, 5s);
  EXPECT_EQ(watch_.jump(), "the clock jumped by 5s");
  after(20ms, 20ms);
  EXPECT_EQ(watch_.jump(), "the clock jumped by 5s") << "what was measured stays without meaning";
}

}  // namespace
}  // namespace sluice::test
