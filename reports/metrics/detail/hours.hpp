// Arrivals and waits by hour of the day and of the week. Recorded only where asked.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/figures/hours.hpp"
#include "reports/instruments/log_histogram.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;
struct ReplicationResult;

/// Says no figures. A wait belongs to the hour in which its run was accepted. Memory: 320 bytes and
/// a histogram for each hour of the week of a level that had a wait, and for each hour of the day
/// of the levels of kMostWorkspaces workspaces; 4 bytes for each hour of the window and level.
class Hours {
 public:
  /// Of those with the lowest numbers: others are in their level's figures alone.
  static constexpr std::size_t kMostWorkspaces = 500;
  /// More hours than that are not told apart by date: there is no σ of them.
  static constexpr std::size_t kMostHours = 20'000;

  static constexpr std::array<MetricRange, 0> kSays{};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears = hear::entered | hear::wait_recorded | hear::wait_forgotten |
                                  hear::wait_abandoned | hear::window_began | hear::due;

  Hours(Records& records, const PipelineConfig& pipeline);

  void entered(Time now, const auto& p, const auto&) {
    if (!p.run.counted) return;
    SLUICE_CHECK(now >= from_, "the window has begun", now, kNoRun);
    count_arrival(now, p.run.group * kLevels + p.k, p.run.queue);
  }
  void wait_recorded(Time, const auto& p) {
    const Cells cells = cells_of(p.run.accepted, p.run.group * kLevels + p.k, p.run.queue);
    for (Cell* cell : cells)
      if (cell != nullptr) cell->waits.add(pool_, p.run.wait, p.records.slo[p.k], p.threshold);
  }
  void wait_forgotten(Time, const auto& p) {
    const Cells cells = cells_of(p.run.accepted, p.run.group * kLevels + p.k, p.run.queue);
    for (Cell* cell : cells)
      if (cell != nullptr) cell->waits.remove(pool_, p.run.wait, p.records.slo[p.k], p.threshold);
  }
  void wait_abandoned(Time, const auto& p) {
    const Cells cells = cells_of(p.run.accepted, p.run.group * kLevels + p.k, p.run.queue);
    for (Cell* cell : cells)
      if (cell != nullptr) cell->abandoned.add(pool_, p.run.wait, p.records.slo[p.k], p.threshold);
  }
  void window_began(Time now, Records& records);
  Time due(const Records&) const { return due_; }
  void reached(Time now, Records& records);

  void complete(ReplicationResult& result, const AtEnd& at) const;

 private:
  /// Runs that were accepted in one hour.
  struct Cell {
    WaitRecord waits;
    WaitRecord abandoned;  ///< waits that ended without a dispatch
  };
  using Cells = std::array<Cell*, 2>;  ///< of the level and of the workspace; null: not told
  struct OfLevel {
    std::array<std::unique_ptr<Cell>, kHoursOfWeek> cells;
    std::vector<std::uint32_t> arrivals;  ///< by hour of the window
  };
  struct OfQueue {
    std::array<std::unique_ptr<Cell>, kHoursOfDay> cells;
    std::array<std::uint32_t, kHoursOfDay> arrivals{};
  };

  void count_arrival(Time now, std::size_t level, std::size_t queue);
  Cells cells_of(Time accepted, std::size_t level, std::size_t queue);
  HourLine line_of_level(const AtEnd& at, std::size_t level, std::size_t period,
                         WaitSummary& summary) const;
  HourLine line_of_queue(const AtEnd& at, std::size_t queue, WaitSummary& summary) const;

  Time from_{};  ///< begin of the first hour
  Time due_ = Time::never();
  CounterPool pool_;
  std::vector<OfLevel> levels_;                   ///< by group × levels + level
  std::vector<std::unique_ptr<OfQueue>> queues_;  ///< of the first workspaces; null: nothing yet
  std::vector<std::vector<double>> present_s_;    ///< by group, then hour that is over
  std::vector<double> present_before_s_;          ///< by group, at the last full hour
};

}  // namespace sluice
