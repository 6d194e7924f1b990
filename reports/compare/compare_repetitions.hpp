// Two sets of repetitions, each against its partner where there is one.
#pragma once

#include <span>

#include "reports/compare/comparison.hpp"

namespace sluice {

/// As compare(). Replications are compared within pairs without being told to if their seeds agree:
/// each of the smaller set has one of the other with its seed. What is left over is left out. Where
/// so few pairs could support nothing, they are compared as if they were no pairs: what they have
/// in common makes that test the more careful. REQUIRES no mistake (mistake_in).
ReportComparison compare_repetitions(std::span<const ComparedReport> base,
                                     std::span<const ComparedReport> changed,
                                     const ComparisonOptions& options);

}  // namespace sluice
