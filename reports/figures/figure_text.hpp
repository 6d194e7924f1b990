// Figures as short text for narrow columns: `3m20s`, `12.5 %`, `1.2k`, `≥1h10m`, `±40s`.
//
// Rounding is that of base/text/units.hpp. Threads: all functions are pure.
#pragma once

#include <string>

#include "reports/figures/figure.hpp"

namespace sluice {

/// Three significant digits, at most 8 columns for everyday sizes. Not a number: `–`; endless: `∞`.
std::string compact(double value, Unit unit);
/// With `≥` in front if the figure is a lower bound; null (nothing was measured): `–`.
std::string compact(const Figure* figure, Unit unit);
/// Half the width of its interval, `±40s`; empty without one.
std::string compact_interval(const Figure* figure, Unit unit);

/// 12.3k, 4.56M: for columns; whole numbers below 10 000 as they are.
std::string compact_count(double count);

/// Servers to provide: rounded up to a whole number.
std::string whole_servers(double count);
/// A share for a sentence or a list: `71 %`, `<1 %`, `>99 %`.
std::string rough_share(double share);

/// With the metric's unit and its interval for a sentence: `≥1h10m (±2m)`.
std::string measured_text(const Figure& figure, Unit unit);

}  // namespace sluice
