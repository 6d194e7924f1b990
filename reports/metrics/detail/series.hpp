// What a picture of a window needs, by bucket of the time lines. Recorded only where asked.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/log_histogram.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"
#include "reports/metrics/time_lines.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;
struct ReplicationResult;

/// Says no figures, but further time lines: arrivals, workers and the oldest run of each level,
/// credentials and workspaces, waits by the time of acceptance; and the quantiles of waits on a
/// grid. Memory: a number for each bucket and line; for each bucket of waits 640 bytes and two
/// histograms.
class Series {
 public:
  /// Of credentials and of workspaces, those with the lowest numbers.
  static constexpr std::size_t kMostSubjects = 200;
  /// With more buckets there are no waits by time of acceptance.
  static constexpr std::int64_t kMostWaitBuckets = 2'000;

  static constexpr std::array<MetricRange, 0> kSays{};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears = hear::entered | hear::wait_recorded | hear::wait_forgotten |
                                  hear::wait_abandoned | hear::window_began | hear::due;

  Series(Records& records, const PipelineConfig& pipeline);

  void entered(Time now, const auto& p, const auto&) {
    SLUICE_CHECK(p.run.group * kLevels + p.k < accepted_.size(), "of a level", now, kNoRun);
    accepted_[p.run.group * kLevels + p.k] += p.run.counted;
  }
  void wait_recorded(Time now, const auto& p) {
    const Cells cells = cells_of(now, p.run.accepted, p.run.group * kLevels + p.k);
    for (Cell* cell : cells)
      if (cell != nullptr) cell->waits.add(pool_, p.run.wait, p.records.slo[p.k], p.threshold);
  }
  void wait_forgotten(Time now, const auto& p) {
    const Cells cells = cells_of(now, p.run.accepted, p.run.group * kLevels + p.k);
    for (Cell* cell : cells)
      if (cell != nullptr) cell->waits.remove(pool_, p.run.wait, p.records.slo[p.k], p.threshold);
  }
  void wait_abandoned(Time now, const auto& p) {
    const Cells cells = cells_of(now, p.run.accepted, p.run.group * kLevels + p.k);
    for (Cell* cell : cells)
      if (cell != nullptr) cell->abandoned.add(pool_, p.run.wait, p.records.slo[p.k], p.threshold);
  }
  void window_began(Time now, Records& records);
  Time due(const Records&) const { return buckets_.due(); }
  void reached(Time now, Records& records);

  void complete(ReplicationResult& result, const AtEnd& at) const;

 private:
  struct Cell {
    WaitRecord waits;
    WaitRecord abandoned;  ///< waits that ended without a dispatch
  };
  using Cells = std::array<Cell*, 2>;  ///< of the bucket, null if there are too many; of all time
  struct OfLevel {
    Cell all;
    std::vector<std::unique_ptr<Cell>> buckets;
  };

  Cells cells_of(Time now, Time accepted, std::size_t level);
  std::vector<double> totals(const Records& records, Time now) const;
  std::vector<double> since_dispatch(const Records& records, Time now) const;
  void add_waits(ReplicationResult& result, const AtEnd& at, std::size_t buckets) const;
  void add_grid(ReplicationResult& result, const AtEnd& at) const;

  std::size_t credentials_;
  std::size_t workspaces_;
  std::vector<std::uint64_t> accepted_;  ///< by group × levels + level
  std::vector<OfLevel> levels_;          ///< likewise
  BucketTotals buckets_;
  std::vector<std::vector<double>> since_dispatch_;  ///< by bucket that is over, then level
  CounterPool pool_;
};

}  // namespace sluice
