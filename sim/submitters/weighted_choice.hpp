// Picks one of several things with probability proportional to its weight.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sluice {

/// Inversion of the cumulative weights through a guide table (Chen, Asau 1974), so the choice is
/// monotone in the random bits: when weights change a little, most draws stay the same. The table
/// is so fine that nearly every draw ends at its first guess. About 1 ns; memory 24 bytes per
/// thing, at least 4 KiB; nothing for equal weights. Immutable; safe to share between threads.
class WeightedChoice {
 public:
  /// The only thing there is.
  WeightedChoice() = default;
  /// `count` things of equal weight. REQUIRES count > 0.
  static WeightedChoice uniform(std::size_t count);
  /// REQUIRES at least one weight, none negative, not all zero.
  static WeightedChoice weighted(std::span<const double> weights);

  /// Index of the thing that 64 random bits choose.
  std::uint32_t pick(std::uint64_t bits) const {
    const std::uint32_t part = scaled(bits, parts_);
    if (ends_.empty()) return part;
    std::uint32_t i = guide_[part];
    while ((i < last_) & (bits >= ends_[i])) ++i;  // one branch, hardly ever taken
    return i;
  }

  /// The part of [0, n) in which 64 random bits fall; n > 0.
  static std::uint32_t scaled(std::uint64_t bits, std::size_t n) {
    __extension__ typedef unsigned __int128 Wide;
    return static_cast<std::uint32_t>((static_cast<Wide>(bits) * n) >> 64);
  }

 private:
  std::uint32_t parts_ = 1;           // into which the guide divides the range
  std::uint32_t last_ = 0;            // the last thing with a weight
  std::vector<std::uint64_t> ends_;   // cumulative weights as fractions of 2^64
  std::vector<std::uint32_t> guide_;  // first thing that can be meant in each part of the range
};

}  // namespace sluice
