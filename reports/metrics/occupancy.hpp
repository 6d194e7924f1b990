// Blocking by occupancy (S11): waiting during which a worker was serving a lower level, the price
// of not preempting. O(1) per transition, O(levels) when a level begins or ceases to be at work.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;

class Occupancy {
 public:
  struct LevelPart {
    CountIntegral waiting;  ///< runs, at times when a worker is busy with a lower level
  };
  static constexpr std::array kSays{
      MetricRange{Metric::occupancy_block_share, Metric::occupancy_block_total}};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears = hear::joined | hear::left_queue | hear::took_worker |
                                  hear::gave_back_worker | hear::window_began;

  Occupancy(Records&, const PipelineConfig&) {}

  void joined(Time now, const auto& p) {
    if (any_lower_busy(p.group, p.k)) p.level.occupancy.waiting.add(now);
  }
  void left_queue(Time now, const auto& p, Leaving) {
    if (!any_lower_busy(p.group, p.k)) return;
    SLUICE_CHECK(p.level.occupancy.waiting.count() > 0, "who leaves was counted", now, kNoRun);
    p.level.occupancy.waiting.remove(now);
  }
  void took_worker(Time now, const auto& p) {
    if (p.group.clocks.busy(p.run.priority()) == 1) lower_level_changed(now, p.group);
  }
  void gave_back_worker(Time now, const auto& p) {
    if (p.group.clocks.busy(p.run.priority()) == 0) lower_level_changed(now, p.group);
  }
  void window_began(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;

 private:
  static bool any_lower_busy(const auto& group, std::size_t level) {
    const auto& clocks = group.clocks;
    return level == 0   ? clocks.busy(PriorityLevel::MEDIUM) + clocks.busy(PriorityLevel::LOW) > 0
           : level == 1 ? clocks.busy(PriorityLevel::LOW) > 0
                        : false;
  }
  /// A lower level began or ceased to be at work.
  static void lower_level_changed(Time now, auto& group) {
    for (std::size_t k = 0; k + 1 < kLevels; ++k) {
      auto& level = group.levels[k];
      level.occupancy.waiting.set(now, any_lower_busy(group, k) ? level.waiting() : 0);
    }
  }
};

}  // namespace sluice
