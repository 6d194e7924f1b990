// Time lines: integrals and counts cut into buckets of equal length (the report's small charts).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;
struct ReplicationResult;

/// Keeps the differences of running totals at the ends of buckets. When there would be twice as
/// many as wanted, because the end was not known, neighbours are merged. Memory: 2 × buckets ×
/// lines.
class BucketTotals {
 public:
  /// `length` zero: not known yet; buckets then begin at one second.
  void start(Time from, Duration length, std::uint32_t buckets, std::span<const double> totals);
  /// Buckets of this width, which begin at multiples of it: the first one may be cut short.
  void start_even(Time from, Duration bucket, std::span<const double> totals);
  /// End of the bucket under way; Time::never() if nothing is recorded.
  Time due() const { return due_; }
  /// REQUIRES now == due().
  void end_bucket(std::span<const double> totals);

  /// Begin of the first bucket.
  Time from() const { return from_; }
  Duration bucket() const { return bucket_; }
  /// One row per line, the increase in each bucket; the last one up to `now`, whose totals are
  /// given, if it has begun.
  std::vector<std::vector<double>> rows(Time now, std::span<const double> totals) const;

 private:
  void merge_neighbours();

  Time from_{};
  Time due_ = Time::never();
  Duration bucket_{};
  std::uint32_t wanted_ = 0;
  std::vector<double> previous_;
  std::vector<std::vector<double>> rows_;
};

/// Says no figures, but what the charts show.
class TimeLineRecorder {
 public:
  static constexpr std::array<MetricRange, 0> kSays{};
  static constexpr bool kNeedsWorkerClocks = true;
  static constexpr Hears kHears = hear::window_began | hear::due;

  TimeLineRecorder(Records&, const PipelineConfig&) {}

  void window_began(Time now, Records& records);
  Time due(const Records&) const { return buckets_.due(); }
  void reached(Time now, Records& records);

  void complete(ReplicationResult& result, const AtEnd& at) const;

 private:
  BucketTotals buckets_;
};

}  // namespace sluice
