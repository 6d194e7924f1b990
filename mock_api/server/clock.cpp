#include "mock_api/server/clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/check.hpp"

namespace sluice {
namespace {

/// Longer than any server lives, and far from overflowing a wall time.
constexpr double kForeverNs = 1e18;

SteadyDuration to_wall(double ns) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(std::min(ns, kForeverNs))));
}

}  // namespace

void ServerClock::set(Time time) {
  SLUICE_REQUIRE(held_ && time.ns >= time_, "a held clock is set, and never back");
  time_ = time.ns;
}

Time ServerClock::at(SteadyTime wall) const {
  const auto ns = std::chrono::nanoseconds(wall - begin_).count();
  if (scale_ == 1) return {ns};
  return Time::from_seconds(static_cast<double>(ns) * scale_ / 1e9);
}

SteadyTime ServerClock::wall_at(Time time) const {
  if (scale_ == 1 && time.ns < static_cast<std::int64_t>(kForeverNs))
    return begin_ + std::chrono::nanoseconds(time.ns);
  // A nanosecond late rather than early: now() is then past it for sure.
  return begin_ + to_wall(static_cast<double>(time.ns) / scale_ + 1);
}

SteadyDuration ServerClock::wall_length(Duration duration) const {
  return to_wall(static_cast<double>(duration.ns) / scale_);
}

}  // namespace sluice
