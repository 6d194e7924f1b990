// Waits and targets (S1, S2, S12): how long runs waited from their acceptance to their latest
// dispatch. Recorded at dispatch, taken out again when the run is requeued; with those that never
// ended at the end of the window.
//
// Cost of a dispatch: O(1). Most runs do not wait, and are counted in their queue's first line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/check.hpp"
#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/instruments/log_histogram.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct QueueSums;
struct Records;

class Waits {
 public:
  struct RunPart {
    bool recorded = false;  ///< its wait is in the histograms
  };
  struct QueueLine {
    std::uint32_t zeros = 0;  ///< recorded waits of zero; not in `record`
  };
  struct QueuePart {
    WaitRecord record;
  };
  struct QueueRest {
    std::unique_ptr<WaitRecord> abandoned;  ///< waits that ended without a dispatch
  };
  static constexpr std::array kSays{MetricRange{Metric::wait_mean, Metric::wait_over_threshold},
                                    MetricRange{Metric::slo_attainment}};
  static constexpr Hears kHears =
      hear::wait_recorded | hear::wait_forgotten | hear::wait_abandoned | hear::window_began;

  Waits(Records& records, const PipelineConfig& pipeline);

  /// Begins to load what recording a wait needs.
  static void about_to_record(const auto& p) { fetch_ahead(&p.queue.waits); }

  void wait_recorded(Time, const auto& p) {
    p.run.waits.recorded = true;
    const Duration wait = p.run.wait;
    if (wait.ns == 0) {
      ++p.queue.waits_line.zeros;
      return;
    }
    p.queue.waits.record.add_but_bucket(wait, p.records.slo[p.k], p.threshold);
    defer_bucket(p.records, p.run.queue, wait, false);
  }
  void wait_forgotten(Time now, const auto& p) {
    SLUICE_CHECK(p.run.waits.recorded, "what was recorded can be taken out", now, kNoRun);
    p.run.waits.recorded = false;
    const Duration wait = p.run.wait;
    if (wait.ns == 0) {
      --p.queue.waits_line.zeros;
      return;
    }
    p.queue.waits.record.remove_but_bucket(wait, p.records.slo[p.k], p.threshold);
    defer_bucket(p.records, p.run.queue, wait, true);
  }
  void wait_abandoned(Time, const auto& p) {
    WaitRecord& abandoned = abandoned_of(p.queue.waits_rest, p.queue.waits.record);
    abandoned.add(p.records.pool, p.run.wait, p.records.slo[p.k], p.threshold);
  }
  void window_began(Time now, Records& records);
  /// What was deferred is in the histograms from then on.
  void bump_deferred(Records& records);

  void add(QueueSums& sums, std::size_t queue, const AtEnd& at) const;
  void write(FigureSink& sink, const AtEnd& at, const Subject& subject,
             const QueueSums& sums) const;

 private:
  struct Deferred {
    std::uint32_t queue;
    std::uint32_t bucket;  ///< × 2, + 1 to take one out
  };
  /// Which of a thousand histograms comes next is anybody's guess: the counters, and before them
  /// what says where they are, are fetched many at a time.
  void defer_bucket(Records& records, std::uint32_t queue, Duration wait, bool down) {
    SLUICE_CHECK(deferred_count_ < deferred_.size(), "there is room", Time{}, kNoRun);
    const auto bucket = static_cast<std::uint32_t>(LogHistogram::bucket_of(wait));
    deferred_[deferred_count_++] = {queue, bucket << 1 | down};
    if (deferred_count_ == deferred_.size()) bump_deferred(records);
  }
  static WaitRecord& abandoned_of(QueueRest& rest, const WaitRecord& record);

  std::array<Deferred, 256> deferred_;
  std::size_t deferred_count_ = 0;
};

}  // namespace sluice
