// Exact time integrals of counts and conditions, updated only when they change: O(1), no rounding.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace sluice {

/// Wide enough for 10^9 runs over 292 years of nanoseconds.
__extension__ typedef __int128 Int128;

inline double seconds(Int128 ns) { return static_cast<double>(ns) * 1e-9; }

/// A count and its integral over time: each step adds or takes away the time at which it happened.
class CountIntegral {
 public:
  std::uint32_t count() const { return count_; }
  void add(Time now) {
    integral_ -= now.ns;
    ++count_;
  }
  void remove(Time now) {
    integral_ += now.ns;
    --count_;
  }
  void set(Time now, std::uint32_t count) {
    integral_ += (static_cast<Int128>(count_) - count) * now.ns;
    count_ = count;
  }
  /// ∫ count dt in count × ns from the last restart to `t`, which is not before the last change.
  Int128 until(Time t) const { return integral_ + static_cast<Int128>(count_) * t.ns; }
  /// The lowest 64 bits of until(t): differences of it are exact as long as they are below 2^63.
  std::uint64_t low_bits_until(Time t) const {
    return static_cast<std::uint64_t>(integral_) + count_ * static_cast<std::uint64_t>(t.ns);
  }
  void restart(Time t) { integral_ = -static_cast<Int128>(count_) * t.ns; }

 private:
  Int128 integral_ = 0;
  std::uint32_t count_ = 0;
};

/// How long a condition held.
class TimeOn {
 public:
  bool on() const { return on_; }
  void set(Time now, bool on) {
    if (on != on_) total_ += on_ ? now.ns : -now.ns;
    on_ = on;
  }
  Duration until(Time t) const { return {total_ + (on_ ? t.ns : 0)}; }
  void restart(Time t) { total_ = on_ ? -t.ns : 0; }

 private:
  std::int64_t total_ = 0;
  bool on_ = false;
};

}  // namespace sluice
