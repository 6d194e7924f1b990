#include "reports/instruments/log_histogram.hpp"

#include <algorithm>

namespace sluice {

std::uint32_t CounterPool::allocate() {
  if (slabs_.back().size() == kBlocksPerSlab * kBlock)
    slabs_.emplace_back().reserve(kBlocksPerSlab * kBlock);
  LargeTable<std::uint32_t>& slab = slabs_.back();
  const std::size_t number = (slabs_.size() - 1) * kBlocksPerSlab + slab.size() / kBlock;
  slab.resize(slab.size() + kBlock);
  return static_cast<std::uint32_t>(number);
}

void LogHistogram::add_all(CounterPool& pool, const LogHistogram& other) {
  zeros_ += other.zeros_;
  for (std::size_t octave = 0; octave < kOctaves; ++octave) {
    if (other.blocks_[octave] == 0) continue;
    if (blocks_[octave] == 0) blocks_[octave] = pool.allocate();
    const std::uint32_t* const from = pool.block(other.blocks_[octave]);
    std::uint32_t* const to = pool.block(blocks_[octave]);
    for (std::size_t i = 0; i < CounterPool::kBlock; ++i) to[i] += from[i];
  }
}

void LogHistogram::clear(CounterPool& pool) {
  zeros_ = 0;
  for (const std::uint32_t number : blocks_)
    if (number != 0) std::fill_n(pool.block(number), CounterPool::kBlock, 0U);
}

Duration LogHistogram::value_of(std::size_t bucket) {
  const int octave = static_cast<int>(bucket / CounterPool::kBlock) + kLowestOctave;
  const std::int64_t width = std::int64_t{1} << (octave - 6);
  const auto sub = static_cast<std::int64_t>(bucket % CounterPool::kBlock);
  return {(std::int64_t{1} << octave) + sub * width + width / 2};
}

std::pair<Duration, Duration> LogHistogram::range_of(std::size_t bucket) {
  const int octave = static_cast<int>(bucket / CounterPool::kBlock) + kLowestOctave;
  const std::int64_t width = std::int64_t{1} << (octave - 6);
  const std::int64_t low =
      (std::int64_t{1} << octave) + static_cast<std::int64_t>(bucket % CounterPool::kBlock) * width;
  // Everything below it is in the first one, too.
  return {{bucket == 0 ? 1 : low}, {low + (width - 1)}};
}

}  // namespace sluice
