#include "reports/instruments/window_quantile.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"

namespace sluice {

WindowQuantile::Counts WindowQuantile::read(const CounterPool& pool,
                                            const LogHistogram& histogram) {
  Counts counts(kCells);
  histogram.for_each(pool,
                     [&](std::size_t bucket, std::uint32_t count) { counts[bucket] = count; });
  counts.back() = static_cast<std::int64_t>(histogram.zeros());
  return counts;
}

void WindowQuantile::start(const CounterPool& pool, const LogHistogram& histogram) {
  last_ = read(pool, histogram);
  window_.assign(kCells, 0);
  changes_.assign(steps_, {});
  taken_ = 0;
}

void WindowQuantile::step(const CounterPool& pool, const LogHistogram& histogram) {
  SLUICE_REQUIRE(!window_.empty(), "a window has begun that goes on");
  Change& change = changes_[taken_++ % steps_];
  for (const auto& [cell, count] : change) window_[cell] -= count;
  change.clear();
  Counts now = read(pool, histogram);
  for (std::uint32_t cell = 0; cell < kCells; ++cell)
    if (now[cell] != last_[cell]) change.emplace_back(cell, now[cell] - last_[cell]);
  for (const auto& [cell, count] : change) window_[cell] += count;
  last_ = std::move(now);
}

std::optional<Figure> WindowQuantile::figure(double p, std::span<const Duration> waiting) const {
  // What was recorded before the window and taken out again in it counts for nothing.
  Counts counts(kCells);
  for (std::size_t i = 0; i < kCells; ++i) counts[i] = std::max<std::int64_t>(0, window_[i]);
  for (const Duration wait : waiting)
    ++counts[wait.ns > 0 ? LogHistogram::bucket_of(wait) : kCells - 1];
  std::int64_t all = 0;
  for (const std::int64_t count : counts) all += count;
  if (all == 0) return std::nullopt;
  const double rank = std::ceil(p * static_cast<double>(all));
  Figure figure;
  figure.samples = static_cast<std::uint64_t>(all);
  std::int64_t below = counts.back();
  if (static_cast<double>(below) >= rank) return figure;
  std::size_t bucket = 0;
  for (; bucket + 1 < kCells; ++bucket) {
    below += counts[bucket];
    if (static_cast<double>(below) >= rank) break;
  }
  const auto [low, high] = LogHistogram::range_of(bucket);
  figure.value = LogHistogram::value_of(bucket).seconds();
  figure.within = Interval{low.seconds(), high.seconds()};
  return figure;
}

}  // namespace sluice
