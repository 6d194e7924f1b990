// When a load ends early: sentences such as `errors.rate > 5% over 30s`.
//
//   measure > limit [over length]
//
// Measures: errors.rate, rejected.rate (shares), lateness.p99, latency.p99 (times),
// in_flight.count. Not given: over 30s.
#pragma once

#include <string_view>

#include "base/text/units.hpp"
#include "scenarios/load_config.hpp"

namespace sluice {

/// Error offsets are into `sentence`; messages say what is allowed and the nearest name.
Parsed<AbortCondition> parse_abort_condition(std::string_view sentence);

}  // namespace sluice
