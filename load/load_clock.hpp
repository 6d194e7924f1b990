// The scenario's time beside the clock of this machine.
#pragma once

#include <chrono>

#include "base/clock.hpp"
#include "base/time.hpp"

namespace sluice {

/// Simulated time zero is at `zero`, and `scale` simulated seconds pass in one. Immutable; any
/// thread.
class LoadClock {
 public:
  LoadClock(SteadyTime zero, double scale) : zero_(zero), scale_(scale) {}

  Time simulated(SteadyTime at) const { return Time::zero() + simulated(at - zero_); }
  Duration simulated(std::chrono::nanoseconds length) const {
    if (scale_ == 1) return {length.count()};
    return Duration::from_seconds(static_cast<double>(length.count()) / 1e9 * scale_);
  }
  SteadyTime wall(Time at) const { return zero_ + wall(at - Time::zero()); }
  std::chrono::nanoseconds wall(Duration length) const {
    if (scale_ == 1) return std::chrono::nanoseconds(length.ns);
    return std::chrono::nanoseconds(Duration::from_seconds(length.seconds() / scale_).ns);
  }
  double scale() const { return scale_; }

 private:
  SteadyTime zero_;
  double scale_;
};

}  // namespace sluice
