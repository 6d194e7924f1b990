// The peak of σ in words (T1): how high, when, for how long, and what would be needed then.
#pragma once

#include <string>

#include "base/time.hpp"
#include "reports/report.hpp"

namespace sluice {

/// Whether σ was followed over sliding windows that are shorter than what was observed.
bool has_peak(const Report& report, const StabilityLine& line);
/// The level with the highest σ at its peak, or on average where no peak is known; null: there is
/// no stability line. Of equal ones the higher level.
const StabilityLine* highest_peak(const Report& report);

/// "02:00 to 03:00", "day 2 14:00 to 15:00"; of what is observed for less than three hours
/// "10m to 20m".
std::string from_to_text(const ReportHeader& header, Time from, Time until);
/// "LOW"; of several groups "LOW group main".
std::string level_text(const Report& report, const StabilityLine& line);
/// "1.44", "≥1.44".
std::string peak_text(const StabilityLine& line);
/// "1.44 from 02:00 to 03:00". Of a credential or pool of several replications perhaps "at times
/// between 02:00 and 15:00".
std::string peak_when_text(const Report& report, const StabilityLine& line);
/// "1 or more for 2h5m in all (01:30 to 02:30, 13:32 to 14:30)"; empty: never.
std::string overloaded_text(const Report& report, const StabilityLine& line);
/// Workers or slots for σ ≤ 0.8 at the peak, or on average where it has none; "≥" in front.
std::string needed_at_peak_text(const Report& report, const StabilityLine& line);

/// For the answer; empty: it has no peak, or it never comes to 1. "At its peak, from 02:00 to
/// 03:00, σ is 1.44 at LOW (0.536 on average); it is 1 or more for 2h in all. For stability alone
/// 55 workers would be needed then, of 30; what meets the expectations is another question."
std::string peak_sentence(const Report& report, const StabilityLine& line);

}  // namespace sluice
