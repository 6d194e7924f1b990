// How many replications it takes, told from those that there are.
//
// The half width of an interval shrinks with the root of their number: one that is k times too wide
// takes k² times as many, if the mean stays where it is. So all of these are guesses.
#pragma once

#include <cstdint>
#include <optional>

#include "reports/report.hpp"

namespace sluice {

/// Half its interval as a share of the figure. None: it has none, or is zero, or not finite.
std::optional<double> precision_of(const Figure& figure);

/// Until the interval of a mean is on one side of the limit. None: it is not the interval's width
/// that leaves it open, the mean is at the limit, or more than a million are needed.
std::optional<std::uint32_t> replications_to_decide(const Expectation& e, const Figure& figure);

/// Until half the interval is the wanted share of the figure. REQUIRES precision_of(figure).
std::uint32_t replications_to_precision(const Figure& figure, double wanted);

/// Whether one of the sentences is undecided for want of replications, and not of what no number of
/// them shows; or something that is to be reached was not, yet.
bool more_replications_may_decide(const Report& report);

}  // namespace sluice
