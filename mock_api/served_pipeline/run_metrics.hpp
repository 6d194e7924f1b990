// What became of the served runs since the start, and how long they waited: counts for monitoring.
//
// They go on over resets, as counters that are read from outside must.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "mock_api/service_figure.hpp"
#include "pipeline/config.hpp"
#include "pipeline/observer.hpp"

namespace sluice {

/// O(1) per transition; memory by group and level alone. Not thread-safe.
class RunMetrics final : public PipelineObserver {
 public:
  /// Keeps a reference to the configuration, for its names.
  explicit RunMetrics(const PipelineConfig& config)
      : config_(config), groups_(config.groups.size()) {}

  void dispatched(Time now, const Run& run) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;

  /// Histograms of waits and counters of ends, by group and level.
  void add_to(std::vector<ServiceFigure>& figures) const;

  /// Upper ends of the histogram's buckets, in seconds of scenario time.
  static constexpr auto kBuckets = std::to_array<double>(
      {0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14'400, 43'200, 86'400});

 private:
  struct Level {
    std::array<std::uint64_t, kBuckets.size() + 1> waits{};  // by bucket; the last is above all
    double wait_sum_s = 0;
    std::array<std::uint64_t, 3> ended{};  // by Outcome
  };

  ServiceFigure waits_of(const Level& level) const;

  const PipelineConfig& config_;
  std::vector<std::array<Level, kLevels>> groups_;
};

}  // namespace sluice
