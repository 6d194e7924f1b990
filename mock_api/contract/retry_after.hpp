// When a server wants to be asked again: the header Retry-After (RFC 9110, 10.2.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pipeline/time.hpp"

namespace sluice {

/// Unix seconds of an HTTP-date in any of its three forms (RFC 9110, 5.6.7); the year 2261 stands
/// for all later ones. None: it is no such date.
std::optional<std::int64_t> parse_http_date(std::string_view text);

/// How long to wait from `unix_ns_now` on: a number of seconds, or until an HTTP-date; nothing for
/// one that is over. None: `value` is neither.
std::optional<Duration> parse_retry_after(std::string_view value, std::int64_t unix_ns_now);

}  // namespace sluice
