// Intervals as PostgreSQL writes them: `01:30:00`, `7 days 00:00:00`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace sluice {

/// `[N day[s]] [HH:MM:SS[.fff]]`, or units such as `90 minutes`, `2 weeks`; at least one part, no
/// sign. None: not such a text, or longer than 200 years.
std::optional<Duration> parse_postgres_interval(std::string_view text);

/// REQUIRES length >= 0; rounded down to seconds.
std::string postgres_interval(Duration length);

}  // namespace sluice
