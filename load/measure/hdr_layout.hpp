// Where HdrHistogram keeps a count: three significant digits, values from 1 to one hour in
// microseconds.
//
// Buckets double the width of their slots; each but the first adds kHalf slots. Source: the format
// description of the HdrHistogram project (unit magnitude 0, 2048 slots in a bucket).
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sluice::hdr_layout {

inline constexpr int kSignificantDigits = 3;
inline constexpr std::uint64_t kLowest = 1;
inline constexpr std::uint64_t kHighest = 3'600'000'000;
inline constexpr int kHalfBits = 10;
inline constexpr std::size_t kHalf = std::size_t{1} << kHalfBits;

/// 2^bucket is the width of the slots of a value's bucket.
constexpr int bucket_of(std::uint64_t value) {
  return static_cast<int>(std::bit_width(value | (2 * kHalf - 1))) - (kHalfBits + 1);
}

/// `value` in [0, kHighest].
constexpr std::size_t slot_of(std::uint64_t value) {
  const int bucket = bucket_of(value);
  return (static_cast<std::size_t>(bucket) << kHalfBits) +
         static_cast<std::size_t>(value >> bucket);
}

/// The highest value that is counted in `slot`.
constexpr std::uint64_t highest_in(std::size_t slot) {
  const int bucket = std::max(static_cast<int>(slot >> kHalfBits) - 1, 0);
  const std::uint64_t in_bucket = slot - (static_cast<std::size_t>(bucket) << kHalfBits);
  return ((in_bucket + 1) << bucket) - 1;
}

inline constexpr std::size_t kSlots = (static_cast<std::size_t>(bucket_of(kHighest)) + 2)
                                      << kHalfBits;

}  // namespace sluice::hdr_layout
