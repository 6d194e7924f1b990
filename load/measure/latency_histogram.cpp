#include "load/measure/latency_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "load/measure/hdr_layout.hpp"

namespace sluice {
namespace {

constexpr Duration kLongest{static_cast<std::int64_t>(hdr_layout::kHighest) * 1000};

std::uint64_t microseconds(Duration value) {
  return std::max(static_cast<std::uint64_t>((value.ns + 500) / 1000), hdr_layout::kLowest);
}

Duration highest_equivalent(std::size_t slot) {
  return Duration{static_cast<std::int64_t>(hdr_layout::highest_in(slot)) * 1000};
}

/// Nearest rank, at least 1. A product such as 0.07 · 100, a trace above 7, is rank 7.
std::uint64_t rank_of(double share, std::uint64_t count) {
  const double exact = std::clamp(share, 0.0, 1.0) * static_cast<double>(count);
  const auto rank = static_cast<std::uint64_t>(std::ceil(exact * (1 - 1e-14)));
  return std::clamp<std::uint64_t>(rank, 1, count);
}

}  // namespace

LatencyHistogram::LatencyHistogram() = default;

void LatencyHistogram::record(Duration value) {
  const Duration counted = std::clamp(value, Duration::zero(), kLongest);
  const std::size_t slot = hdr_layout::slot_of(microseconds(counted));
  if (slot >= counts_.size()) counts_.resize((slot / hdr_layout::kHalf + 1) * hdr_layout::kHalf);
  ++counts_[slot];
  ++count_;
  total_ += counted;
  maximum_ = std::max(maximum_, counted);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  counts_.resize(std::max(counts_.size(), other.counts_.size()));
  std::transform(other.counts_.begin(), other.counts_.end(), counts_.begin(), counts_.begin(),
                 std::plus<>());
  count_ += other.count_;
  total_ += other.total_;
  maximum_ = std::max(maximum_, other.maximum_);
}

void LatencyHistogram::clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  count_ = 0;
  total_ = maximum_ = Duration::zero();
}

Duration LatencyHistogram::quantile(double share) const {
  if (count_ == 0) return Duration::zero();
  const std::uint64_t rank = rank_of(share, count_);
  if (rank == count_) return maximum_;
  std::uint64_t seen = 0;
  std::size_t slot = 0;
  while ((seen += counts_[slot]) < rank) ++slot;
  return std::min(highest_equivalent(slot), maximum_);
}

TimeQuantiles LatencyHistogram::quantiles() const {
  TimeQuantiles all;
  all.count = count_;
  if (count_ == 0) return all;
  all.mean = Duration{total_.ns / static_cast<std::int64_t>(count_)};
  for (std::size_t i = 0; i < all.at.size(); ++i) all.at[i] = quantile(TimeQuantiles::kShares[i]);
  return all;
}

}  // namespace sluice
