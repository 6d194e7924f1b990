// Points in time and lengths of time, as integers of nanoseconds.
//
// A simulation's clock starts at zero. Integers make the order of events exact and the same on
// every compiler; 2^63 ns are 292 years. Conversions from floating point saturate instead of
// overflowing.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace sluice {

/// A length of time in nanoseconds; may be negative as the difference of two times.
struct Duration {
  std::int64_t ns = 0;

  static constexpr Duration max() { return {std::numeric_limits<std::int64_t>::max()}; }
  static constexpr Duration zero() { return {0}; }
  /// `seconds` rounded to the nearest nanosecond; saturates at ±292 years, NaN becomes zero.
  static constexpr Duration from_seconds(double seconds) {
    const double scaled = seconds * 1e9;
    if (scaled > -9.2e18 && scaled < 9.2e18) [[likely]]
      return {static_cast<std::int64_t>(scaled + __builtin_copysign(0.5, scaled))};
    return scaled > 0 ? max() : scaled < 0 ? Duration{-max().ns} : Duration{0};
  }
  constexpr double seconds() const { return static_cast<double>(ns) / 1e9; }

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator-() const { return {-ns}; }
  constexpr Duration& operator+=(Duration d) { return ns += d.ns, *this; }
  constexpr Duration& operator-=(Duration d) { return ns -= d.ns, *this; }
};

constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
constexpr Duration operator*(Duration d, std::int64_t n) { return {d.ns * n}; }
constexpr Duration operator*(std::int64_t n, Duration d) { return {d.ns * n}; }

/// A point on the pipeline's clock: nanoseconds since the start of the simulation.
struct Time {
  std::int64_t ns = 0;

  static constexpr Time zero() { return {0}; }
  /// Later than everything that happens.
  static constexpr Time never() { return {std::numeric_limits<std::int64_t>::max()}; }
  static constexpr Time from_seconds(double seconds) {
    return {Duration::from_seconds(seconds).ns};
  }
  constexpr double seconds() const { return static_cast<double>(ns) / 1e9; }

  constexpr auto operator<=>(const Time&) const = default;
};

/// Saturates at `Time::never()`: adding an endless duration to any time is never.
constexpr Time operator+(Time t, Duration d) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(t.ns, d.ns, &sum)) [[unlikely]]
    return Time::never();
  return {sum};
}
constexpr Time operator-(Time t, Duration d) { return {t.ns - d.ns}; }
constexpr Duration operator-(Time a, Time b) { return {a.ns - b.ns}; }

namespace literals {
constexpr Duration operator""_ns(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Duration operator""_ms(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 1'000'000};
}
constexpr Duration operator""_s(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 1'000'000'000};
}
constexpr Duration operator""_min(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 60'000'000'000};
}
constexpr Duration operator""_h(unsigned long long n) {
  return {static_cast<std::int64_t>(n) * 3'600'000'000'000};
}
}  // namespace literals

}  // namespace sluice
