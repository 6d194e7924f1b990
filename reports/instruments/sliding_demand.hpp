// The highest demand for a credential or pool in a sliding window (T1), relative to its limit: as
// it goes, in one cache line, however long the simulation.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/check.hpp"
#include "base/time.hpp"

namespace sluice {

/// Numbers of slices of a twelfth of the window, from the window's begin on.
class SliceClock {
 public:
  static constexpr std::uint32_t kSlices = 12;

  void restart(Time now, Duration window) {
    SLUICE_REQUIRE(window.ns > 0, "a window has a length");
    from_ = now;
    slice_ = {std::max<std::int64_t>(1, window.ns / kSlices)};
    number_ = place_ = 0;
    end_ = now + slice_;
  }
  /// Of the slice of `now`, which never goes back.
  std::uint32_t at(Time now) {
    if (now >= end_) [[unlikely]]
      go_on(now);
    return number_;
  }
  std::uint32_t number() const { return number_; }
  /// Of it in a window's table.
  std::uint32_t place() const { return place_; }
  /// How much of the slice is still to come.
  float left(Time now) const {
    return static_cast<float>((end_ - now).ns) / static_cast<float>(slice_.ns);
  }
  Time from() const { return from_; }
  Duration slice() const { return slice_; }

 private:
  void go_on(Time now) {
    number_ = static_cast<std::uint32_t>((now.ns - from_.ns) / slice_.ns);
    place_ = number_ % kSlices;
    end_ = from_ + slice_ * (static_cast<std::int64_t>(number_) + 1);
  }

  Time from_;
  Time end_;
  Duration slice_{};
  std::uint32_t number_ = 0;
  std::uint32_t place_ = 0;
};

/// Limits of a window's slices, where they change.
using SliceLimits = std::array<float, SliceClock::kSlices>;

/// UINT32_MAX: unlimited.
inline float slots_of(std::uint32_t limit) {
  return limit == UINT32_MAX ? std::numeric_limits<float>::infinity() : static_cast<float>(limit);
}

/// The mean limit of the window's slices is what counts for it; the limit that there is now is the
/// caller's to know. Zeros: nothing has come.
class alignas(64) SlidingDemand {
 public:
  struct Peak {
    float per_slot = 0;       ///< events in the window ÷ its mean limit
    std::uint32_t slice = 0;  ///< with which the window begins: something came in it
  };

  /// Call go_on_to() before, where a new slice has begun.
  std::uint32_t slice() const { return slice_; }
  /// `place`: SliceClock::place() of that slice.
  void add(std::uint32_t place) {
    ++counts_[place];
    ++sum_;
  }
  /// A slice is over: what its window had. `limit`: the one until now; `limits`: of slices, if it
  /// ever changed. O(slices of a window).
  void go_on_to(std::uint32_t slice, std::uint32_t place, float limit, SliceLimits* limits) {
    SLUICE_REQUIRE(slice >= slice_, "slices do not go back");
    peak_ = peak(limit, limits);
    const std::uint32_t passed = std::min(slice - slice_, SliceClock::kSlices);
    for (std::uint32_t i = 0; i < passed; ++i) {
      sum_ -= counts_[place];
      counts_[place] = 0;
      if (limits != nullptr) (*limits)[place] = limit;
      place = place == 0 ? SliceClock::kSlices - 1 : place - 1;
    }
    slice_ = slice;
  }
  /// With the slice under way.
  Peak peak(float limit, const SliceLimits* limits) const {
    float mean = limit;
    if (limits != nullptr) {
      mean = 0;
      for (const float of : *limits) mean += of / static_cast<float>(SliceClock::kSlices);
    }
    if (static_cast<float>(sum_) <= peak_.per_slot * mean || !(mean > 0)) return peak_;
    const float per_slot = static_cast<float>(sum_) / mean;
    return per_slot > peak_.per_slot ? Peak{per_slot, first()} : peak_;
  }

 private:
  /// The first slice of the window in which something came.
  std::uint32_t first() const {
    std::uint32_t back = std::min(slice_, SliceClock::kSlices - 1);
    std::uint32_t place = (slice_ - back) % SliceClock::kSlices;
    for (; back > 0 && counts_[place] == 0; --back)
      place = place + 1 == SliceClock::kSlices ? 0 : place + 1;
    return slice_ - back;
  }

  std::array<std::uint32_t, SliceClock::kSlices> counts_{};
  std::uint32_t sum_ = 0;
  std::uint32_t slice_ = 0;
  Peak peak_;
};
static_assert(sizeof(SlidingDemand) == 64);

/// The limit changes in the slice under way.
inline void change_limit(SliceLimits& limits, const SliceClock& clock, Time now, float from,
                         float to) {
  float& of = limits[clock.place()];
  const bool finite =
      from < std::numeric_limits<float>::infinity() && to < std::numeric_limits<float>::infinity();
  of = finite ? std::max(0.0F, of + (to - from) * clock.left(now)) : to;
}

}  // namespace sluice
