// The process of each kind of Arrivals.
#pragma once

#include <cstdint>
#include <memory>

#include "scenarios/scenario.hpp"
#include "sim/arrivals/arrival_process.hpp"
#include "sim/arrivals/factor_curve.hpp"

namespace sluice {

/// A process of the given kind that starts at `from`; it need not say anything about times from
/// `horizon` on. Keeps references to `arrivals` and `factors`. Null for ClosedLoop, whose arrivals
/// depend on the ends of runs.
///
/// Poisson: exact inversion of the integral of the rate curve (Çinlar 1975, section 4.7). Bursts:
/// the same over lengths of on and off that are drawn from a stream of their own; `off` starts at
/// `from`. A factor below 1 thins them, by a draw of each arrival's own; one above 1 adds a process
/// of the rate that is more. A batch has its size multiplied by the factor that holds when it
/// begins. Each row of a trace comes ⌊factor⌋ times, and once more by a draw of its own; copies lie
/// between the row and the next row, the end of the factor or the horizon, whichever is first.
/// Arrivals at intervals: own time passes faster by the factor, so their phase may move. Cost
/// without a factor: 5 ns for a constant rate, about 15 ns for curves.
std::unique_ptr<ArrivalProcess> make_arrival_process(const Arrivals& arrivals, std::uint64_t key,
                                                     const FactorCurve& factors, Time from,
                                                     Time horizon);

}  // namespace sluice
