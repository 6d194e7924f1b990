// Times and durations as recordings write them, exactly: numbers in some unit, and the forms of
// schedulers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace sluice {

enum class TimeUnit : std::uint8_t {
  seconds,
  milliseconds,
  microseconds,
  nanoseconds,
  minutes,
  hours
};
std::string_view name(TimeUnit unit);
/// Of one unit.
double seconds_of(TimeUnit unit);

/// A number of units: `whole` and `billionths` of one, 0 … 999 999 999.
struct RecordedNumber {
  std::int64_t whole = 0;
  std::int32_t billionths = 0;
};
/// Decimal texts exactly, to the ninth digit after the point.
std::optional<RecordedNumber> to_recorded_number(std::string_view text);
/// None: more than 292 years.
std::optional<std::int64_t> to_ns(RecordedNumber number, TimeUnit unit);

/// In which unit a number as large as this is a date: in milliseconds since 1970 from 1979 to 2103,
/// likewise in microseconds and nanoseconds. None: it is none of these.
std::optional<TimeUnit> unit_of_epoch(std::int64_t number);

/// The unit that a column's name says: `Duration (ms)`, `elapsed_us`, `run_seconds`.
std::optional<TimeUnit> unit_in_name(std::string_view column);

/// As schedulers write it: `MM:SS`, `HH:MM:SS`, `D-HH`, `D-HH:MM`, `D-HH:MM:SS`; seconds may have a
/// fraction; minutes and seconds behind another field are below 60, hours behind days below 24. A
/// number alone is none: it could be seconds.
std::optional<Duration> parse_clock_duration(std::string_view text);

}  // namespace sluice
