// Expectations held against a report.
#pragma once

#include <span>
#include <vector>

#include "reports/expectations/expectation.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"

namespace sluice {

/// What the expectations need beyond what is always recorded is added to `config`; their metrics to
/// those that are wanted, if only some are.
void watch_for(const std::vector<Expectation>& expectations, RecorderConfig& config);

/// Passed, failed (held, broke: of one replication of something that is drawn), or inconclusive: no
/// samples; the interval straddles the limit; a lower bound
/// that does not decide; an incomplete report in which it holds so far; a load in which runs were
/// not seen that could change it.
///
/// Of a sentence `in` a share of replications each of them is judged as if it were the only one of
/// something that is not drawn, and the bounds of the share decide: passed where both are at or
/// above the wanted one, failed where both are below, also of one replication. Where nothing is
/// drawn the share is exact. Of what was served or loaded, which is measured once, it is
/// inconclusive. REQUIRES for such a sentence, unless served or loaded, the `replications` that the
/// report was combined from.
ExpectationResult evaluate(const Expectation& expectation, const Report& report,
                           std::span<const ReplicationResult> replications = {});
ReachResult evaluate(const ReachExpectation& expectation, const Report& report);

/// Fills in `expectations`, `reaches` and `verdict`. Where no sentence is about lost load (T10) or
/// about runs that were given up, `lost_load.count == 0` is implied: it is listed only if it does
/// not hold, and makes no verdict otherwise. Failed beats inconclusive beats passed. A load
/// with wrong answers has failed, and one without expectations is inconclusive if there were runs
/// whose start or end was not seen.
void judge(Report& report, const std::vector<Expectation>& expectations,
           const std::vector<ReachExpectation>& reaches,
           std::span<const ReplicationResult> replications = {});

}  // namespace sluice
