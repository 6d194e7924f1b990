// Runs of a load whose start or end was not seen, and what of a report they could change.
//
// Such a run looks as if it waited, or ran, until it was given up. Nothing that is judged may rest
// on that: an expectation is decided only if it holds, or fails, whatever those runs did.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/expectations/expectation.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/figures/figure.hpp"
#include "reports/report.hpp"

namespace sluice {

/// Those of a subject; of none if the report is not on a load.
UnseenRuns unseen_runs(const Report& report, const Subject& subject);

/// Waits are given as far as they are known: as bounds, where runs were not seen. To be called
/// once, before the report is judged.
void bound_waits(Report& report);

/// Between which values the figure of an expectation lies, whatever the unseen runs did. None: it
/// is not known. A figure that they cannot change, or that bound_waits() has dealt with, is its own
/// bounds.
std::optional<Interval> bounds_with_unseen(const Report& report, const Expectation& expectation,
                                           const Figure& figure);
/// Whether the unseen runs could change if and when that happened.
bool unseen_could_reach(const Report& report, const Reach& reach);
/// "it depends on 12 runs that were not seen to start or to end"
std::string unseen_text(const UnseenRuns& unseen);

}  // namespace sluice
