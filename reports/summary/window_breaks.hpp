// When expectations about sliding windows were broken, in words.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// The windows in which the expectation does not hold; null: it is not about windows, or none had
/// anything to measure.
const WindowBreaks* breaks_of(const Report& report, const Expectation& expectation);

/// "first broken at 3d04h00m, 17 % of the windows (2 times)", of several replications "broken in 18
/// of 20 replications, first at 3d04h00m (on average at 5d02h00m), 17 % of the windows". Empty: no
/// window is broken, or the expectation is not about windows.
std::string breaks_text(const Report& report, const Expectation& expectation);

}  // namespace sluice
