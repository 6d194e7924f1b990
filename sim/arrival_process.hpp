// When a submitter submits: generators of arrival times for every open-loop kind of Arrivals.
//
// A process is a function of its key alone: what the pipeline does has no influence on it, so the
// same runs arrive under every policy. An incident may multiply the rate from some time on; the
// process works in operational time (the integral of the rate), so the same arrivals then come
// earlier or later instead of being drawn anew.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "pipeline/time.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Times of arrivals, one after the other. One owner; not thread-safe.
class ArrivalProcess {
 public:
  ArrivalProcess() = default;
  ArrivalProcess(const ArrivalProcess&) = delete;
  ArrivalProcess& operator=(const ArrivalProcess&) = delete;
  virtual ~ArrivalProcess() = default;

  /// Time of the next arrival, never before the one before it; Time::never() when there is none
  /// before the horizon.
  virtual Time next() = 0;

  /// The rate is multiplied by `factor` (>= 0) from `now` on instead of by the factor so far, which
  /// was 1 at first. Returns the new time of the arrival that next() returned last. REQUIRES: that
  /// arrival has not happened by `now`.
  virtual Time set_factor(Time now, double factor) = 0;
};

/// A process of the given kind that starts at `from`; it need not say anything about times from
/// `horizon` on. Keeps a reference to `arrivals`. Null for ClosedLoop, whose arrivals depend on the
/// ends of runs.
///
/// Poisson: exact inversion of the integral of the rate curve (Çinlar 1975, section 4.7). Bursts:
/// the same over lengths of on and off that are drawn from a stream of their own; `off` starts at
/// `from`. A factor makes batches larger instead of more frequent, and compresses the time of
/// traces and of arrivals at intervals. Cost: 5 ns for a constant rate, about 15 ns for curves.
std::unique_ptr<ArrivalProcess> make_arrival_process(const Arrivals& arrivals, std::uint64_t key,
                                                     Time from, Time horizon);

/// Index of the first of a trace's rows at or after `from`.
std::size_t first_trace_row(const std::vector<TraceRow>& rows, Time from);

}  // namespace sluice
