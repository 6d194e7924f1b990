// A histogram of durations with 64 equal buckets per octave from 1.024 µs on: what it says of a
// value is its bucket's mid-point, off by at most 1/128 (0.8 %). Values below 1.024 µs but not zero
// fall into the first bucket; zeros are counted apart, exactly.
//
// Memory: 0.2 KiB plus 256 bytes per octave in use, taken from a pool that many histograms share.
// Add and remove: O(1), about 1 ns in cache.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/large_table.hpp"
#include "base/prefetch.hpp"
#include "base/time.hpp"

namespace sluice {

/// Blocks of 64 counters for many histograms. Blocks are never given back before the pool ends.
class CounterPool {
 public:
  static constexpr std::size_t kBlock = 64;

  /// The first slab grows as it fills; of others, which come in large simulations, all is there at
  /// once.
  CounterPool() { slabs_.emplace_back(kBlock); }
  /// A block of zeros; its number is never 0.
  std::uint32_t allocate();
  /// Valid until the next allocate().
  std::uint32_t* block(std::uint32_t number) {
    return &slabs_[number / kBlocksPerSlab][number % kBlocksPerSlab * kBlock];
  }
  const std::uint32_t* block(std::uint32_t number) const {
    return &slabs_[number / kBlocksPerSlab][number % kBlocksPerSlab * kBlock];
  }

 private:
  static constexpr std::size_t kBlocksPerSlab = 8192;  // 2 MiB

  std::vector<LargeTable<std::uint32_t>> slabs_;
};

/// Does not know its pool: every call gets the same one.
class LogHistogram {
 public:
  static constexpr int kLowestOctave = 10;  ///< 2^10 ns
  static constexpr int kOctaves = 52;
  static constexpr std::size_t kBuckets = kOctaves * CounterPool::kBlock;
  static constexpr double kRelativeError = 1.0 / 128;  ///< of a bucket's mid-point, at most

  void add(CounterPool& pool, Duration value, std::uint32_t times = 1) {
    if (value.ns == 0) {
      zeros_ += times;
      return;
    }
    *cell(pool, value) += times;
  }
  /// REQUIRES that `value` was added.
  void remove(CounterPool& pool, Duration value) {
    if (value.ns == 0) {
      --zeros_;
      return;
    }
    --*cell(pool, value);
  }
  /// Begin to load what prefetch_counter() reads; what bump() changes.
  void prefetch(std::size_t bucket) const { fetch_ahead(&blocks_[bucket / CounterPool::kBlock]); }
  void prefetch_counter(const CounterPool& pool, std::size_t bucket) const {
    fetch_ahead(pool.block(blocks_[bucket / CounterPool::kBlock]) + bucket % CounterPool::kBlock);
  }
  /// As add(), or remove(), of a value in `bucket`.
  void bump(CounterPool& pool, std::size_t bucket, bool down) {
    *cell(pool, bucket) += down ? UINT32_MAX : 1U;
  }
  void add_all(CounterPool& pool, const LogHistogram& other);
  void clear(CounterPool& pool);

  std::uint64_t zeros() const { return zeros_; }
  /// Calls visit(bucket, count) for each bucket that is not empty, in ascending order of values;
  /// zeros are not visited.
  template <class Visit>
  void for_each(const CounterPool& pool, Visit visit) const {
    for (std::size_t octave = 0; octave < kOctaves; ++octave) {
      if (blocks_[octave] == 0) continue;
      const std::uint32_t* block = pool.block(blocks_[octave]);
      for (std::size_t i = 0; i < CounterPool::kBlock; ++i)
        if (block[i] != 0) visit(octave * CounterPool::kBlock + i, block[i]);
    }
  }

  /// Bucket of a duration above zero.
  static std::size_t bucket_of(Duration value) {
    const std::uint64_t v =
        static_cast<std::uint64_t>(value.ns) | (1U << kLowestOctave) * (value.ns < 1024);
    const int octave = 63 - std::countl_zero(v);
    return static_cast<std::size_t>(octave - kLowestOctave) * CounterPool::kBlock +
           ((v >> (octave - 6)) & 63);
  }
  /// Mid-point of a bucket.
  static Duration value_of(std::size_t bucket);
  /// Its smallest and largest value.
  static std::pair<Duration, Duration> range_of(std::size_t bucket);

 private:
  std::uint32_t* cell(CounterPool& pool, Duration value) { return cell(pool, bucket_of(value)); }
  std::uint32_t* cell(CounterPool& pool, std::size_t bucket) {
    std::uint32_t& block = blocks_[bucket / CounterPool::kBlock];
    if (block == 0) [[unlikely]]
      block = pool.allocate();
    return pool.block(block) + bucket % CounterPool::kBlock;
  }

  std::uint64_t zeros_ = 0;
  std::array<std::uint32_t, kOctaves> blocks_{};  ///< 0: none yet
};

}  // namespace sluice
