// Times and durations as recordings write them.
#include "scenarios/loader/trace/recorded_time.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace sluice {
namespace {

TEST(ClockDuration, is_read_as_schedulers_write_it) {
  const auto seconds = [](std::string_view text) {
    const auto duration = parse_clock_duration(text);
    return duration ? duration->seconds() : -1;
  };
  EXPECT_EQ(seconds("1-02:03:04"), 86'400 + 2 * 3600 + 3 * 60 + 4);
  EXPECT_EQ(seconds("02:03:04"), 2 * 3600 + 3 * 60 + 4);
  EXPECT_EQ(seconds("02:03"), 2 * 60 + 3);
  EXPECT_EQ(seconds("90:00"), 5400);
  EXPECT_EQ(seconds("1-02"), 86'400 + 2 * 3600);
  EXPECT_EQ(seconds("1-02:03"), 86'400 + 2 * 3600 + 3 * 60);
  EXPECT_EQ(seconds("100:00:00"), 360'000);
  EXPECT_EQ(seconds("00:00:01.25"), 1.25);
  for (const char* none :
       {"", "30", "-1", "1-", "1-24", "1-02:60", "02:60:00", "02:00:60", "1:2:3:4", "1-2:3:4:5",
        "1-02.5", ":30", "30:", "a:b", "1-1-1", "00:00:01."})
    EXPECT_EQ(seconds(none), -1) << none;
}

TEST(RecordedNumbers, are_exact) {
  const auto ns = [](std::string_view text, TimeUnit unit) {
    return to_ns(to_recorded_number(text).value(), unit).value();
  };
  EXPECT_EQ(ns("1767225600.123456789", TimeUnit::seconds), 1'767'225'600'123'456'789);
  EXPECT_EQ(ns("1767225600001", TimeUnit::milliseconds), 1'767'225'600'001'000'000);
  EXPECT_EQ(ns("1767225600000000001", TimeUnit::nanoseconds), 1'767'225'600'000'000'001);
  EXPECT_EQ(ns("-0.5", TimeUnit::seconds), -500'000'000);
  EXPECT_EQ(ns("1.5e3", TimeUnit::microseconds), 1'500'000);
  EXPECT_EQ(ns("1.5", TimeUnit::hours), 5'400'000'000'000);
  EXPECT_FALSE(to_ns({1'767'225'600'000, 0}, TimeUnit::seconds)) << "a year of five digits";
  EXPECT_FALSE(to_recorded_number("12x"));
  EXPECT_FALSE(to_recorded_number("nan"));
}

TEST(RecordedNumbers, are_dates_by_their_size) {
  EXPECT_EQ(unit_of_epoch(1'767'225'600), std::nullopt) << "seconds";
  EXPECT_EQ(unit_of_epoch(1'767'225'600'000), TimeUnit::milliseconds);
  EXPECT_EQ(unit_of_epoch(1'767'225'600'000'000), TimeUnit::microseconds);
  EXPECT_EQ(unit_of_epoch(1'767'225'600'000'000'000), TimeUnit::nanoseconds);
}

TEST(UnitInName, is_the_last_word) {
  EXPECT_EQ(unit_in_name("Duration (ms)"), TimeUnit::milliseconds);
  EXPECT_EQ(unit_in_name("elapsed_us"), TimeUnit::microseconds);
  EXPECT_EQ(unit_in_name("run_seconds"), TimeUnit::seconds);
  EXPECT_EQ(unit_in_name("Wait [hours]"), TimeUnit::hours);
  for (const char* none : {"duration", "ms", "items", "run_min", "", "bonus"})
    EXPECT_EQ(unit_in_name(none), std::nullopt) << none;
}

}  // namespace
}  // namespace sluice
