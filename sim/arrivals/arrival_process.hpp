// When a submitter submits: what generates the arrival times of an open-loop submitter.
//
// A process is a function of its key and of the factor over time alone: what the pipeline does has
// no influence on it, so the same runs arrive under every policy. A factor changes how many come
// while it holds, and never when the later ones come: what it leaves out or adds is left out of, or
// added to, arrivals that stay where they are.
#pragma once

#include <cstdint>

#include "base/time.hpp"

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

}  // namespace sluice
