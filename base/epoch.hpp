// Simulated time as the API writes it: ISO 8601 in UTC, and Unix seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/iso8601.hpp"
#include "base/time.hpp"

namespace sluice {

/// The stamp of `ns` as that many nanoseconds: whole microseconds, rounded down.
constexpr std::int64_t whole_micros(std::int64_t ns) { return ns - (ns % 1000 + 1000) % 1000; }

/// `2024-08-18T17:34:23.000123Z`, rounded down: every stamp of the API has this precision, so that
/// what happened later is never written as earlier.
std::string iso8601_micros(std::int64_t unix_ns);

/// When the simulated time zero is on the calendar.
struct Epoch {
  std::int64_t unix_ns_at_zero = 0;

  /// Unix nanoseconds of `time`; saturates.
  std::int64_t unix_ns(Time time) const { return (Time{unix_ns_at_zero} + Duration{time.ns}).ns; }
  std::int64_t unix_seconds(Time time) const;  ///< rounded down
  std::int64_t unix_millis(Time time) const;   ///< rounded down
  /// As iso8601_micros().
  std::string iso8601(Time time) const;
  /// The simulated time of an ISO 8601 text; see parse_iso8601.
  std::optional<Time> time_of(std::string_view iso8601) const;
};

}  // namespace sluice
