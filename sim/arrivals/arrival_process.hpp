// When a submitter submits: generators of arrival times for every open-loop kind of Arrivals.
//
// A process is a function of its key and of the factor over time alone: what the pipeline does has
// no influence on it, so the same runs arrive under every policy. A factor changes how many come
// while it holds, and never when the later ones come: what it leaves out or adds is left out of, or
// added to, arrivals that stay where they are.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.hpp"
#include "scenarios/scenario.hpp"
#include "sim/arrivals/factor_curve.hpp"

namespace sluice {

struct Arrival {
  Time at = Time::never();
  std::uint64_t index = 0;  ///< the number of the run, see sim/arrivals/added_runs.hpp
};

/// Arrivals, one after the other. One owner; not thread-safe.
class ArrivalProcess {
 public:
  ArrivalProcess() = default;
  ArrivalProcess(const ArrivalProcess&) = delete;
  ArrivalProcess& operator=(const ArrivalProcess&) = delete;
  virtual ~ArrivalProcess() = default;

  /// The next arrival, never before the one before it. At Time::never(), or at the horizon or
  /// later: there is none before the horizon; then next() is not called again.
  virtual Arrival next() = 0;
};

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

/// Index of the first of a trace's rows at or after `from`.
std::size_t first_trace_row(const std::vector<TraceRow>& rows, Time from);

}  // namespace sluice
