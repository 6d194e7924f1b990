// Quantiles of waits over a sliding window, from the differences of a histogram that only grows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "reports/figures/figure.hpp"
#include "reports/instruments/log_histogram.hpp"

namespace sluice {

/// The window is so many steps long. A step costs O(buckets); memory: what was recorded in the
/// window, at most buckets × steps.
class WindowQuantile {
 public:
  explicit WindowQuantile(std::size_t steps) : steps_(steps) {}

  void start(const CounterPool& pool, const LogHistogram& histogram);
  /// A step is over; REQUIRES the histogram of start().
  void step(const CounterPool& pool, const LogHistogram& histogram);
  /// Nearest rank, of what was recorded in the last steps and of `waiting`, which count with what
  /// they have waited so far. None: there is neither. REQUIRES 0 < p <= 1.
  std::optional<Figure> figure(double p, std::span<const Duration> waiting) const;

 private:
  /// By bucket; zeros come behind them.
  static constexpr std::size_t kCells = LogHistogram::kBuckets + 1;
  using Counts = std::vector<std::int64_t>;
  using Change = std::vector<std::pair<std::uint32_t, std::int64_t>>;
  static Counts read(const CounterPool& pool, const LogHistogram& histogram);

  std::size_t steps_;
  Counts last_;
  Counts window_;
  std::vector<Change> changes_;  ///< ring of the last steps
  std::size_t taken_ = 0;
};

}  // namespace sluice
