// Simulated time as the API writes it: ISO 8601 in UTC, and Unix seconds.
//
// Proleptic Gregorian calendar without leap seconds; days from civil dates after Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms". Years 1678 to 2261 (64 bits of nanoseconds).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/time.hpp"

namespace sluice {

/// When the simulated time zero is on the calendar.
struct Epoch {
  std::int64_t unix_ns_at_zero = 0;

  /// Unix nanoseconds of `time`; saturates.
  std::int64_t unix_ns(Time time) const { return (Time{unix_ns_at_zero} + Duration{time.ns}).ns; }
  std::int64_t unix_seconds(Time time) const;  ///< rounded down
  std::int64_t unix_millis(Time time) const;   ///< rounded down
  /// `2024-08-18T17:34:23.000Z`, rounded down to milliseconds.
  std::string iso8601(Time time) const;
  /// The simulated time of an ISO 8601 text; see parse_iso8601.
  std::optional<Time> time_of(std::string_view iso8601) const;
};

std::string iso8601_of_unix_ns(std::int64_t unix_ns);

/// Unix nanoseconds of `2024-08-18`, `2024-08-18T17:34`, `2024-08-18T17:34:23[.123…]`, each with
/// `Z`, an offset such as `+02:00`, or nothing, which means UTC. None: not such a text, or out of
/// range.
std::optional<std::int64_t> parse_iso8601(std::string_view text);

}  // namespace sluice
