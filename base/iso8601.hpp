// Points in time on the calendar, as ISO 8601 texts in UTC.
//
// Proleptic Gregorian calendar without leap seconds; days from civil dates after Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms". Years 1678 to 2261 (64 bits of nanoseconds).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// `2024-08-18T17:34:23.000Z`, rounded down to milliseconds.
std::string iso8601_of_unix_ns(std::int64_t unix_ns);

/// What a calendar text says, taken apart.
struct CalendarTime {
  std::int64_t clock_ns = 0;             ///< what calendar and clock show, as if in UTC
  std::optional<std::int64_t> offset_s;  ///< east of Greenwich; none: the text names no zone
};
std::optional<CalendarTime> parse_calendar_time(std::string_view text);
/// What is wrong with a text that looks like one and is none: `2026-02 has 28 days`; else empty.
std::string why_no_calendar_time(std::string_view text);

/// Unix nanoseconds of `2024-08-18`, `2024-08-18T17:34`, `2024-08-18T17:34:23[.123…]`, each with
/// `Z`, an offset such as `+02:00` or `+02`, or nothing, which means UTC. None: not such a text, no
/// day of the calendar, or out of range.
std::optional<std::int64_t> parse_iso8601(std::string_view text);

}  // namespace sluice
