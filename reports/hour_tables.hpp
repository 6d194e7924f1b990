// The tables by hour of a report, out of what its replications counted.
#pragma once

#include <span>

#include "reports/figures/hours.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"

namespace sluice {

/// Means over replications; σ rests on the mean work of a run in `figures`, and on what each hour
/// of each replication had of arrivals and workers. O(hours of all windows).
HourTables hour_tables(std::span<const ReplicationResult> replications, const FigureTable& figures);

}  // namespace sluice
