// Quantities as people write and read them: `90s`, `1h30m`, `40/min`, `3%`.
//
// Parsing never throws: a mistake is a value with the offset at which it was found. Formatting is
// the same on every machine (no locale). Threads: all functions are pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace sluice {

/// A mistake in a piece of text: where it is, and what to say about it (what is allowed, nearest
/// name).
struct TextError {
  std::size_t offset = 0;  ///< bytes from the start of the text that was parsed
  std::string message;
};

/// Either a value or a mistake.
template <class T>
struct Parsed {
  std::optional<T> value;
  TextError error;  ///< meaningless while there is a value

  explicit operator bool() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }

  static Parsed of(T v) { return {std::move(v), {}}; }
  static Parsed wrong(std::size_t offset, std::string message) {
    return {std::nullopt, {offset, std::move(message)}};
  }
};

/// Events per unit of time.
struct Rate {
  double per_second = 0;
  constexpr double per_minute() const { return per_second * 60; }
  constexpr auto operator<=>(const Rate&) const = default;
};

/// Non-negative: one or more of number + unit, largest unit first: `90s`, `1h30m`, `1.5h`, `250ms`,
/// `2d`; `0` needs no unit. Units: w d h m (or min) s ms us ns.
Parsed<Duration> parse_duration(std::string_view text);
/// Non-negative: number `/` unit: `40/min`, `5/s`, `1000/15s`, `2/h`, `100/d`; `0` needs no unit.
Parsed<Rate> parse_rate(std::string_view text);
/// `3%` or `0.03`; at least 0. Values above 1 are allowed here (a caller that needs a share
/// checks).
Parsed<double> parse_share(std::string_view text);
/// A plain number: `12`, `0.5`, `1e6`, `1_000_000`.
Parsed<double> parse_number(std::string_view text);

/// Two units or three significant digits, as parse_duration reads it: `0s`, `1.25ms`, `12.3s`,
/// `4m05s`, `1h30m`, `2d03h`.
std::string format_duration(double seconds);
/// Exactly what parse_duration reads back: `1h30m`, `250ms`.
std::string format_exact(Duration duration);
/// `40 /min`; below 1 a minute `12 /h`; three significant digits.
std::string format_rate(double per_minute);
/// `12.3 %`; never rounds to 0 % or 100 % what is not.
std::string format_share(double share);
/// `14 105`: digits in groups of three.
std::string format_count(double count);
/// Three significant digits, without exponent between 0.001 and 10^6.
std::string format_number(double value);

}  // namespace sluice
