// Files of the time zone database: TZif (RFC 8536).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// What the clocks of a zone show for some time.
struct ClockPeriod {
  std::int64_t from_s = 0;    ///< Unix seconds; the first period has always been
  std::int64_t offset_s = 0;  ///< east of Greenwich
  std::string name{};         ///< `CET`
};

/// The periods of a file's bytes; what its footer says goes on to the year 2262, where 64 bits of
/// nanoseconds end. None: not such a file, or a damaged one.
std::optional<std::vector<ClockPeriod>> parse_tzif(std::string_view bytes);

/// The changes that a POSIX TZ text (`CET-1CEST,M3.5.0,M10.5.0/3`) makes after `after_s`, in the
/// years up to 2262; none at all: not such a text. A text without daylight saving is one period.
std::optional<std::vector<ClockPeriod>> periods_of_posix_tz(std::string_view text,
                                                            std::int64_t after_s);

}  // namespace sluice
