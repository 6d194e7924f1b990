// A clock that an incident can make run faster or slower than simulated time.
#pragma once

#include "pipeline/time.hpp"

namespace sluice {

/// Maps the own time of something that starts at `from` to simulated time. They agree exactly while
/// the factor is 1 and always was since then; what happens before `from` changes nothing but the
/// factor. A value.
class WarpedClock {
 public:
  explicit WarpedClock(Time from) : base_(from), own_base_(from) {}

  /// From the simulated time `now` on, own time passes `factor` (>= 0) times as fast.
  void set_factor(Time now, double factor) {
    if (now > base_) {
      own_base_ = own(now);
      base_ = now;
    }
    factor_ = factor;
  }
  Time own(Time simulated) const {
    if (factor_ == 1) return own_base_ + (simulated - base_);
    return own_base_ + Duration::from_seconds((simulated - base_).seconds() * factor_);
  }
  /// Time::never() while the clock stands still. REQUIRES: `own` is not before the last change of
  /// the factor.
  Time simulated(Time own) const {
    if (own == Time::never()) return own;
    if (factor_ == 1) return base_ + (own - own_base_);
    if (factor_ <= 0) return Time::never();
    return base_ + Duration::from_seconds((own - own_base_).seconds() / factor_);
  }

 private:
  Time base_;
  Time own_base_;  // own time at base_
  double factor_ = 1;
};

}  // namespace sluice
