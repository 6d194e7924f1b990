// The tables by hour of a report, out of what its replications counted.
#pragma once

#include <span>

#include "base/calendar/calendar.hpp"
#include "reports/figures/hours.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"

namespace sluice {

/// Means over replications; σ rests on the mean work of a run in `figures`, and on what each hour
/// of each replication had of arrivals and workers. Hours are those of the calendar, if it has
/// dates. O(hours of all windows).
HourTables hour_tables(std::span<const ReplicationResult> replications, const FigureTable& figures,
                       const Calendar& calendar);

}  // namespace sluice
