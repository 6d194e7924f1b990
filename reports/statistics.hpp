// Estimates with honest intervals: Student-t over replications, none from a single one; MSER-5 for
// the warm-up.
//
// Sources: Law, Simulation Modeling and Analysis, 5th ed., ch. 9 (replications); White, Cobb and
// Spratt, "A comparison of five steady-state truncation heuristics", WSC 2000 (MSER-5).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "reports/figures/figure.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"

namespace sluice {

/// mean ± t(confidence, n-1) · s/√n over independent values; none for n < 2, and none of values
/// that are all equal: chance was not measured by them.
std::optional<Interval> student_t_interval(std::span<const double> values, double confidence);

/// MSER-5: how many leading values to drop so that the standard error of the mean of the rest (in
/// batches of five) is smallest; at most half of them. O(n).
std::size_t mser5(std::span<const double> values);

/// The report of one or more replications of the same scenario: each figure's mean over
/// replications with its interval. A figure that some replications lack is averaged over those that
/// have it, and says over how many. `header` gives what the recorder cannot know; window, number of
/// replications and runs are filled in here. REQUIRES at least one replication; all with the same
/// configuration.
Report combine(ReportHeader header, Names names, std::span<const ReplicationResult> replications);

/// Where a pilot replication (recorded from zero with, say, 2 000 time-line buckets) became steady:
/// MSER-5 over the number of runs waiting and running in all groups.
Time warm_up_by_mser5(const ReplicationResult& pilot);
/// The whole periods up to `steady`. REQUIRES period > 0.
Time whole_periods(Time steady, Duration period);

}  // namespace sluice
