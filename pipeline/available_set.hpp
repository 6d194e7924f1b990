// Which members of a pool are available: a bitmap with a summary bitmap above it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice {

/// A set of indexes below a fixed size. set() O(1); next() O(size / 4096), which is one step up to
/// 4 096 members.
class AvailableSet {
 public:
  static constexpr std::size_t kNone = SIZE_MAX;

  explicit AvailableSet(std::size_t size)
      : words_((size + 63) / 64), summary_((words_.size() + 63) / 64) {}

  void set(std::size_t i, bool available) {
    std::uint64_t& word = words_[i / 64];
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    word = available ? word | bit : word & ~bit;
    std::uint64_t& above = summary_[i / 4096];
    const std::uint64_t above_bit = std::uint64_t{1} << (i / 64 % 64);
    above = word != 0 ? above | above_bit : above & ~above_bit;
  }
  bool any() const { return next_from(0) != kNone; }
  /// The first member at or after `from`, going round; kNone if the set is empty.
  std::size_t next(std::size_t from) const {
    const std::size_t found = next_from(from);
    return found != kNone || from == 0 ? found : next_from(0);
  }

 private:
  std::size_t next_from(std::size_t from) const {
    std::size_t word = from / 64;
    if (word >= words_.size()) return kNone;
    if (const std::uint64_t rest = words_[word] >> (from % 64) << (from % 64); rest != 0)
      return word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
    ++word;
    for (std::size_t block = word / 64; block < summary_.size(); ++block) {
      std::uint64_t rest = summary_[block];
      if (block == word / 64) rest = rest >> (word % 64) << (word % 64);
      if (rest == 0) continue;
      const std::size_t found = block * 64 + static_cast<std::size_t>(std::countr_zero(rest));
      return found * 64 + static_cast<std::size_t>(std::countr_zero(words_[found]));
    }
    return kNone;
  }

  std::vector<std::uint64_t> words_, summary_;
};

}  // namespace sluice
