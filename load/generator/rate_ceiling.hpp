// The highest rate at which one lane may send.
#pragma once

#include "base/clock.hpp"

namespace sluice {

/// A token bucket (RFC 2697's, with one colour) that begins empty and holds what comes in within a
/// second, at least one: after a pause so many requests may go at once. Time is passed in. Not
/// thread-safe; O(1).
class RateCeiling {
 public:
  /// `per_second`: requests per second of wall time. REQUIRES it to be positive.
  RateCeiling(double per_second, SteadyTime now);

  /// Whether one request may be sent at `now`; if so, it counts as sent. `now` does not go back.
  bool take(SteadyTime now);

 private:
  double per_second_;
  double tokens_ = 0;  // requests that may be sent now
  SteadyTime filled_;
};

}  // namespace sluice
