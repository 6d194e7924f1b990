// Slices: further subjects whose waits and counts are wanted, and sliding windows over them (`over
// D` in expectations).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/check.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"
#include "reports/figures/figure.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/instruments/flow.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/instruments/submitting_runs.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/instruments/window_quantile.hpp"
#include "reports/metrics/counts.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"
#include "reports/recorder.hpp"

namespace sluice {

class AtEnd;
struct QueueSums;
struct Records;

/// Whether runs must be told apart by more than group and level for it: that is what slices do.
inline bool is_slice(const Subject& subject) {
  return (subject.labels() & (label::workspace | label::workflow | label::submitter)) != 0;
}

/// Everything recorded of the runs that match one subject.
struct Slice {
  Subject subject;
  Flow<std::uint64_t> flow;
  TooLong too_long;
  WaitRecord waits;
  WaitRecord abandoned;                    ///< waits that ended without a dispatch
  std::array<double, kWaitParts> parts{};  ///< ns
  CountIntegral candidates;
  CountIntegral blocked;
  CountIntegral running;
  SubmittingRuns submitting;

  bool matches(GroupId group, const RunRequest& request) const;
  void restart(Time now, CounterPool& pool);
};

/// What a sliding window needs of a slice at one instant; differences of two are what happened
/// between.
struct SliceReading {
  Flow<std::uint64_t> flow;
  double wait_ns = 0;
  double waits = 0;
  double within_slo = 0;
  double candidates_ns = 0;
  double blocked_ns = 0;
  double running_ns = 0;
  double present_ns = 0;  ///< worker time of the slice's group or groups
};
SliceReading read(const Slice& slice, Time now, double present_ns);
SliceReading operator-(const SliceReading& a, const SliceReading& b);

/// The metric over a stretch of time, if it can be said (samples in it, metric known here). What
/// `over_window` in the registry promises.
std::optional<Figure> figure_over(Metric metric, const SliceReading& between, Duration length);

/// One watched metric. Windows begin at multiples of a 60th of their length after the start, and
/// lie inside the observation window. O(1) per step and limit; of a quantile O(buckets), and the
/// runs that wait are looked at, at most kMostWaiting.
class SlidingWindow {
 public:
  static constexpr std::int64_t kSteps = 60;
  static constexpr std::size_t kMostWaiting = 10'000;

  SlidingWindow(const WindowWatch& watch, std::size_t slice);
  void start(Time now, const SliceReading& reading, const Records& records);
  Time due() const { return due_; }
  /// REQUIRES now == due().
  void step(const SliceReading& reading, const Records& records);
  std::size_t slice() const { return slice_; }
  /// None: no whole window yet that had something to measure.
  std::optional<WindowFigure> result() const;

 private:
  std::optional<Figure> figure(const SliceReading& reading, const Records& records) const;
  std::vector<Duration> waiting(const Records& records) const;
  void hold_against_limits(double value);

  WindowWatch watch_;
  std::size_t slice_;
  Duration step_{};
  Time due_ = Time::never();
  std::vector<SliceReading> readings_;  ///< ring of the last kSteps + 1
  std::size_t taken_ = 0;
  std::uint64_t samples_ = 0;  ///< most in one window
  std::optional<Figure> highest_;
  std::optional<Figure> lowest_;
  std::optional<WindowQuantile> quantile_;
  std::vector<WindowBreaks> breaks_;  ///< by limit
  std::vector<bool> breaking_;        ///< the latest window does
};

/// All slices, and which of them each run belongs to.
struct SliceTable {
  std::vector<Slice> slices;
  std::size_t mask_words = 0;
  std::vector<std::uint64_t> masks;  ///< by slot of the run, then slice

  bool empty() const { return slices.empty(); }
  void grow(std::size_t runs) {
    if (!slices.empty()) masks.resize(runs * mask_words);
  }
  bool has(std::size_t slice, RunSlot run) const {
    return (masks[run.index() * mask_words + slice / 64] >> (slice % 64) & 1) != 0;
  }
  template <class Visit>
  void of_run(RunSlot slot, Visit visit) {
    for (std::size_t i = 0; i < slices.size(); ++i)
      if (has(i, slot)) visit(slices[i]);
  }
  template <class Visit>
  void of_request(GroupId group, const RunRequest& request, Visit visit) {
    for (Slice& slice : slices)
      if (slice.matches(group, request)) visit(slice);
  }
};

/// Keeps them; what is said of them is said by those whose metrics they are.
class Slices {
 public:
  static constexpr std::array<MetricRange, 0> kSays{};
  static constexpr Hears kHears =
      hear::submitted | hear::answered | hear::arrived | hear::entered | hear::became_candidate |
      hear::left_candidates | hear::became_blocked | hear::left_blocked | hear::dispatched |
      hear::wait_recorded | hear::wait_forgotten | hear::wait_abandoned | hear::attempt_lost |
      hear::requeued | hear::finished | hear::ended | hear::window_began | hear::due;

  Slices(Records& records, const PipelineConfig& pipeline);

  void submitted(Time now, const RunRequest& request, Records& records);
  void answered(Time now, const RunRequest& request, const Answer& answer, Records& records);
  void arrived(const RunRequest& request, auto&, auto& records) {
    if (!records.slices.empty()) arrived_in(request, records);
  }
  void entered(Time, const auto& p, const auto& run) {
    if (!p.records.slices.empty()) match(p.slot, run, p.records);
  }
  void became_candidate(Time now, const auto& p) {
    p.records.slices.of_run(p.slot, [now](Slice& slice) { slice.candidates.add(now); });
  }
  void left_candidates(Time now, const auto& p, Leaving) {
    p.records.slices.of_run(p.slot, [now](Slice& slice) {
      SLUICE_CHECK(slice.candidates.count() > 0, "who leaves was counted", now, kNoRun);
      slice.candidates.remove(now);
    });
  }
  void became_blocked(Time now, const auto& p) {
    p.records.slices.of_run(p.slot, [now](Slice& slice) { slice.blocked.add(now); });
  }
  void left_blocked(Time now, const auto& p) {
    p.records.slices.of_run(p.slot, [now](Slice& slice) { slice.blocked.remove(now); });
  }
  void dispatched(Time now, const auto& p, const auto&) {
    p.records.slices.of_run(p.slot, [now](Slice& slice) {
      ++slice.flow.dispatched;
      slice.running.add(now);
    });
  }
  void wait_recorded(Time, const auto& p) {
    p.records.slices.of_run(p.slot, [&p](Slice& slice) {
      slice.waits.add(p.records.pool, p.run.wait, p.records.slo[p.k], p.threshold);
    });
  }
  void wait_forgotten(Time, const auto& p) {
    p.records.slices.of_run(p.slot, [&p](Slice& slice) {
      slice.waits.remove(p.records.pool, p.run.wait, p.records.slo[p.k], p.threshold);
    });
  }
  void wait_abandoned(Time, const auto& p) {
    p.records.slices.of_run(p.slot, [&p](Slice& slice) {
      slice.abandoned.add(p.records.pool, p.run.wait, p.records.slo[p.k], p.threshold);
    });
  }
  void attempt_lost(Time now, const auto& p, const auto&) { stop_running(now, p); }
  void requeued(Time, const auto& p, const auto&, RequeueCause) {
    p.records.slices.of_run(p.slot, [](Slice& slice) { ++slice.flow.requeued; });
  }
  void finished(Time now, const auto& p, const auto&, Outcome outcome) {
    stop_running(now, p);
    if (!Counts::is_good(p, outcome)) return;
    p.records.slices.of_run(p.slot, [](Slice& slice) { ++slice.flow.good; });
  }
  void ended(Time, const auto& p, const auto&, Outcome outcome, EndReason reason) {
    p.records.slices.of_run(p.slot, [&](Slice& slice) {
      Counts::count_end(slice.flow, outcome);
      if (const auto which = Counts::too_long(reason)) ++(slice.too_long.*which);
    });
  }
  void window_began(Time now, Records& records);
  Time due(const Records&) const;
  /// Windows end.
  void reached(Time now, Records& records);

  /// What slice number `slice` has, the runs that still wait too.
  static void read(QueueSums& sums, std::size_t slice, const AtEnd& at);
  void complete(ReplicationResult& result, const AtEnd& at) const;

 private:
  static void stop_running(Time now, const auto& p) {
    p.records.slices.of_run(p.slot, [now](Slice& slice) { slice.running.remove(now); });
  }
  static void arrived_in(const RunRequest& request, Records& records);
  static void match(RunSlot slot, const Run& run, Records& records);

  std::vector<SlidingWindow> windows_;
};

}  // namespace sluice
