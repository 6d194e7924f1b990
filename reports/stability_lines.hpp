// The stability line of a report (T1): figures of load put in order, with when it was highest.
#pragma once

#include <span>
#include <vector>

#include "reports/figures/figure.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"

namespace sluice {

/// Fills in `stability` and `tight_resources`. REQUIRES the report's figures and names, and at
/// least one replication; `pools`: the report's number of each pool of each of them.
void add_stability_lines(Report& report, std::span<const ReplicationResult> replications,
                         const std::vector<std::vector<PoolId>>& pools);

}  // namespace sluice
