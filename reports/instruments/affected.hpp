// How many different ones were there for some time of a stretch of time, in O(1).
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace sluice {

/// Of a stretch that is under way and begins anew again and again: an episode of starvation. Who
/// came and went in one instant, or came in the instant in which the stretch ends, was not there.
class Affected {
 public:
  /// The stretch begins with so many.
  void begin(std::uint32_t present) {
    count_ = present;
    fresh_ = 0;
  }
  /// One came. `again`: it was there earlier in the same stretch.
  void came(Time now, bool again) {
    if (again) return;
    if (fresh_at_ != now) {
      fresh_ = 0;
      fresh_at_ = now;
    }
    ++fresh_;
    ++count_;
  }
  /// One went, which was there in no time of the stretch.
  void was_not_there(Time now) {
    --count_;
    if (fresh_at_ == now && fresh_ > 0) --fresh_;
  }
  /// If the stretch ends now.
  std::uint32_t until(Time now) const { return count_ - (fresh_at_ == now ? fresh_ : 0); }

 private:
  std::uint32_t count_ = 0;
  std::uint32_t fresh_ = 0;  ///< of them, came at `fresh_at_`
  Time fresh_at_{-1};
};

}  // namespace sluice
