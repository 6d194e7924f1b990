#include "reports/log_histogram.hpp"

#include <algorithm>

namespace sluice {

std::uint32_t CounterPool::allocate() {
  if (next_ / kBlocksPerSlab >= slabs_.size()) add_slab();
  return next_++;
}

void CounterPool::add_slab() {
  slabs_.push_back(std::make_unique<std::uint32_t[]>(kBlocksPerSlab * kBlock));
}

void LogHistogram::add_all(CounterPool& pool, const LogHistogram& other) {
  zeros_ += other.zeros_;
  other.for_each(pool, [&](std::size_t bucket, std::uint32_t count) {
    std::uint32_t& block = blocks_[bucket / CounterPool::kBlock];
    if (block == 0) block = pool.allocate();
    pool.block(block)[bucket % CounterPool::kBlock] += count;
  });
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

}  // namespace sluice
