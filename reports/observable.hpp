// What can be known of a pipeline from outside, by a client that starts all of its runs and follows
// each of them: the rest of the figures is left out of the report on a live target, not guessed.
//
// From outside a run waits from its acceptance (or requeue) to the start of its next attempt; what
// holds it meanwhile is not seen, but for the retry delay that the target tells. So a waiting run
// counts as eligible: the recorder is to be told of no parked run. The reasons, by paragraph of the
// metrics, are in docs/report.md.
#pragma once

#include "reports/expectations/reach.hpp"
#include "reports/figures/metric.hpp"
#include "reports/recorder.hpp"

namespace sluice {

struct Report;

bool observable_from_outside(Metric metric);
/// Whether a metric is in wall time whatever the time scale: of a load, the latency of the API.
bool in_wall_time(const Report& report, Metric metric);
bool observable_from_outside(ReachKind kind);

/// Without what cannot be known: figures and windows of such metrics and of credentials and pools,
/// time lines of blocked runs and of workers, inversions, counts of what cannot be reached.
ReplicationResult observable_from_outside(ReplicationResult result);

}  // namespace sluice
