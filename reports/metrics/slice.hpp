// Slices: further subjects whose waits and counts are wanted, and sliding windows over them (`over
// D` in expectations).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pipeline/run.hpp"
#include "reports/figures/figure.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/instruments/flow.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/metrics/submitting_runs.hpp"
#include "reports/recorder.hpp"

namespace sluice {

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
/// lie inside the observation window.
class SlidingWindow {
 public:
  static constexpr std::int64_t kSteps = 60;

  SlidingWindow(const WindowWatch& watch, std::size_t slice);
  void start(Time now, const SliceReading& reading);
  Time due() const { return due_; }
  /// REQUIRES now == due().
  void step(const SliceReading& reading);
  std::size_t slice() const { return slice_; }
  /// None: no whole window yet that had something to measure.
  std::optional<WindowFigure> result() const;

 private:
  WindowWatch watch_;
  std::size_t slice_;
  Duration step_{};
  Time due_ = Time::never();
  std::vector<SliceReading> readings_;  ///< ring of the last kSteps + 1
  std::size_t taken_ = 0;
  std::uint64_t samples_ = 0;  ///< most in one window
  std::optional<Figure> highest_;
  std::optional<Figure> lowest_;
};

}  // namespace sluice
