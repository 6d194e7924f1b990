// How many runs wait, are blocked and run (T6): means over time, the most at once, Little's
// identity and law, and what waits at the end (T7). O(1) per transition.
#pragma once

#include <algorithm>
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
struct QueueSums;
struct Records;

class QueueLength {
 public:
  struct QueuePart {
    double candidate_ns = 0;  ///< finished segments of waiting
    double blocked_ns = 0;
  };
  struct LevelPart {
    std::uint32_t most_candidates = 0;
    std::uint32_t most_blocked = 0;
    Int128 candidate_ns = 0;  ///< Σ of finished segments (Little's identity)
  };
  struct GroupPart {
    bool grew = false;  ///< a level's count may have reached a new maximum in this instant
  };
  static constexpr std::array kSays{MetricRange{Metric::queue_length_mean, Metric::little_lambda_w},
                                    MetricRange{Metric::backlog_end}};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears = hear::joined | hear::became_candidate | hear::left_candidates |
                                  hear::became_blocked | hear::left_blocked | hear::instant_over |
                                  hear::window_began;

  QueueLength(Records&, const PipelineConfig&) {}

  void joined(Time, const auto& p) { p.group.length.grew = true; }
  void became_candidate(Time, const auto& p) { p.group.length.grew = true; }
  void became_blocked(Time, const auto& p) { p.group.length.grew = true; }
  void left_candidates(Time now, const auto& p, Leaving) {
    if (now == p.run.since) return;
    const Duration in_window = now - std::max(p.run.since, p.records.from);
    p.queue.length.candidate_ns += static_cast<double>(in_window.ns);
    p.level.length.candidate_ns += in_window.ns;
  }
  void left_blocked(Time now, const auto& p) {
    const Duration in_window = now - std::max(p.run.since, p.records.from);
    SLUICE_CHECK(in_window.ns >= 0, "a segment ends after it began", now, kNoRun);
    p.queue.length.blocked_ns += static_cast<double>(in_window.ns);
  }
  void instant_over(Time, Duration, auto& group) {
    if (group.length.grew)
      for (auto& level : group.levels) {
        LevelPart& most = level.length;
        most.most_candidates = std::max(most.most_candidates, level.candidates.count());
        most.most_blocked = std::max(most.most_blocked, level.blocked.count());
      }
    group.length.grew = false;
  }
  void window_began(Time now, Records& records);

  void add(QueueSums& sums, std::size_t queue, const AtEnd& at) const;
  void write(FigureSink& sink, const AtEnd& at, const Subject& subject,
             const QueueSums& sums) const;
  void write(FigureSink& sink, const AtEnd& at) const;
};

}  // namespace sluice
