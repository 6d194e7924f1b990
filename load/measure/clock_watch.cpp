#include "load/measure/clock_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text/units.hpp"

namespace sluice {
namespace {

constexpr std::chrono::seconds kClockMayStandStill{2};

}  // namespace

void ClockWatch::begin(SteadyTime now, SystemTime time_of_day) {
  last_ = now;
  last_time_of_day_ = time_of_day;
}

void ClockWatch::next(SteadyTime now, SystemTime time_of_day) {
  const std::chrono::nanoseconds passed = now - last_;
  const std::chrono::nanoseconds by_day = time_of_day - last_time_of_day_;
  const std::chrono::nanoseconds apart = std::max(by_day - passed, passed - by_day);
  if (apart > kClockMayStandStill || passed > kClockMayStandStill)
    jump_ = fmt::format(
        "the clock jumped by {}",
        format_duration(std::chrono::duration<double>(std::max(apart, passed)).count()));
  begin(now, time_of_day);
}

}  // namespace sluice
