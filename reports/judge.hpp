// Expectations held against a report.
#pragma once

#include <vector>

#include "reports/expectations/expectation.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"

namespace sluice {

/// What the expectations need beyond what is always recorded is added to `config`.
void watch_for(const std::vector<Expectation>& expectations, RecorderConfig& config);

/// Passed, failed, or inconclusive: no samples; the interval straddles the limit; a lower bound
/// that does not decide; an incomplete report in which it holds so far; a load in which runs were
/// not seen that could change it.
ExpectationResult evaluate(const Expectation& expectation, const Report& report);
ReachResult evaluate(const ReachExpectation& expectation, const Report& report);

/// Fills in `expectations`, `reaches` and `verdict`. Failed beats inconclusive beats passed. A load
/// with wrong answers has failed, and one without expectations is inconclusive if there were runs
/// whose start or end was not seen.
void judge(Report& report, const std::vector<Expectation>& expectations,
           const std::vector<ReachExpectation>& reaches);

}  // namespace sluice
