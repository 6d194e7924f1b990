// Estimates with honest intervals: Student-t over replications, batch means within one, MSER-5 for
// the warm-up.
//
// Sources: Law, Simulation Modeling and Analysis, 5th ed., ch. 9 (replications, batch means);
// White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics", WSC 2000
// (MSER-5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "reports/figures/figure.hpp"
#include "reports/recorder.hpp"
#include "reports/report.hpp"

namespace sluice {

/// mean ± t(confidence, n-1) · s/√n over independent values; none for n < 2, and none of values
/// that are all equal: chance was not measured by them.
std::optional<Interval> student_t_interval(std::span<const double> values, double confidence);

/// MSER-5: how many leading values to drop so that the standard error of the mean of the rest (in
/// batches of five) is smallest; at most half of them. O(n).
std::size_t mser5(std::span<const double> values);

/// Means of consecutive batches of a stream in bounded memory: between 32 and 63 batches, merged in
/// pairs as the stream grows. Add: O(1) amortised.
class BatchMeans {
 public:
  void add(double value) {
    current_ += value;
    if (++in_current_ == batch_size_) [[unlikely]]
      end_batch();
  }
  std::uint64_t count() const { return sums_.size() * batch_size_ + in_current_; }
  double mean() const;
  /// From 16 or more complete batches at the widest size; none below that.
  std::optional<Interval> interval(double confidence) const;

 private:
  static constexpr std::size_t kMost = 64;
  void end_batch();

  std::vector<double> sums_;
  std::uint64_t batch_size_ = 1;
  std::uint64_t in_current_ = 0;
  double current_ = 0;
};

/// The report of one or more replications of the same scenario: each figure's mean over
/// replications with its interval. A figure that some replications lack is averaged over those that
/// have it, and says over how many. `header` gives what the recorder cannot know; window, number of
/// replications and runs are filled in here. REQUIRES at least one replication; all with the same
/// configuration.
Report combine(ReportHeader header, Names names, std::span<const ReplicationResult> replications);

/// Where a pilot replication (recorded from zero with, say, 2 000 time-line buckets) became steady:
/// MSER-5 over the number of runs waiting and running in all groups.
Time warm_up_by_mser5(const ReplicationResult& pilot);

}  // namespace sluice
