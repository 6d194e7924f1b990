// The peak of σ in words (T1): how high, when, for how long, and what would be needed then.
#pragma once

#include <string>

#include "reports/report.hpp"

namespace sluice {

/// Whether σ was followed over sliding windows that are shorter than what was observed.
bool has_peak(const Report& report, const StabilityLine& line);
/// The level with the highest σ at its peak, or on average where no peak is known; null: there is
/// no stability line. Of equal ones the higher level.
const StabilityLine* highest_peak(const Report& report);

/// "LOW"; where there are several groups "main LOW".
std::string level_text(const Report& report, const StabilityLine& line);
/// "1.44", "≥1.44".
std::string peak_text(const StabilityLine& line);
/// "1.44 from 2h to 3h". Of a credential or pool of several replications perhaps "for a while in
/// 2h to 15h".
std::string peak_when_text(const Report& report, const StabilityLine& line);
/// "1 or more for 2h5m in all (1h30m to 2h30m, 13h32m to 14h30m)"; empty: never.
std::string overloaded_text(const Report& report, const StabilityLine& line);
/// Workers or slots for σ ≤ 0.8 at the peak, or on average where it has none; "≥" in front.
std::string needed_at_peak_text(const Report& report, const StabilityLine& line);

/// For the answer; empty: it has no peak, or it never comes to 1. "At its peak, from 2h to
/// 3h, σ is 1.44 at LOW (0.536 on average); it is 1 or more for 2h in all. For stability alone
/// 55 workers would be needed then, of 30."
std::string peak_sentence(const Report& report, const StabilityLine& line);

}  // namespace sluice
