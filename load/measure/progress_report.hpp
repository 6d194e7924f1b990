// How a load stands while it goes on.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/time.hpp"
#include "load/follow/observed_runs.hpp"
#include "load/measure/load_measures.hpp"
#include "reports/figures/load_facts.hpp"

namespace sluice {

struct LoadProgress {
  enum class Phase : std::uint8_t { sending, draining };
  Phase phase = Phase::sending;
  Duration simulated{}, total{};    ///< of the scenario
  std::chrono::nanoseconds left{};  ///< wall time of this phase, at most
  double intended_per_s = 0;        ///< since the time before
  double sent_per_s = 0;
  std::size_t unanswered = 0;  ///< requests
  std::uint64_t connections = 0, streams = 0;
  LoadCounts counts;                ///< since the beginning
  TimeQuantiles latency, lateness;  ///< since the time before
  ObservedCounts runs;
};

/// Tells whoever shows it, with the rates since the time before. Not thread-safe.
class ProgressReport {
 public:
  /// `show` may be empty: nobody is told.
  explicit ProgressReport(std::function<void(const LoadProgress&)> show);

  /// `where`: phase, times and runs. `all`: of all lanes, whose times are those of the `passed`
  /// wall time.
  void next(LoadProgress where, const LaneSnapshot& all, std::chrono::nanoseconds passed);

 private:
  const std::function<void(const LoadProgress&)> show_;
  std::uint64_t intended_ = 0, sent_ = 0;  // at the time before
};

}  // namespace sluice
