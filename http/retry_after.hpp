// Retry-After (RFC 9110, 10.2.3): a number of seconds, or a date, after which to come again.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// What the header says. A number without end is the largest there is.
struct RetryAfter {
  std::int64_t seconds = 0;  ///< from the answer on, or of a date: since 1970
  bool is_date = false;

  /// Seconds that are left at `unix_ns`; a part of a second counts as a whole one, what is over
  /// as none.
  std::int64_t seconds_left(std::int64_t unix_ns) const;
};

/// None: neither digits alone nor a date.
std::optional<RetryAfter> parse_retry_after(std::string_view text);

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, or of the two forms that this one
/// replaced, `Sunday, 06-Nov-94 08:49:37 GMT` (of 1970 to 2069) and `Sun Nov  6 08:49:37 1994`.
/// Which day of the week it names is not looked at. None: no such text, or no day of the calendar.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace sluice
