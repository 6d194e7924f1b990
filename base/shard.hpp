// A share of some numbered work, where several processes divide it among themselves.
#pragma once

#include <cstdint>

namespace sluice {

/// From 1: who does the piece at this position, from 0, of all that are wanted.
constexpr std::uint32_t shard_of(std::uint64_t position, std::uint32_t shards) {
  return static_cast<std::uint32_t>(position % shards) + 1;
}

/// One of `count` equal parts; all of the work unless said otherwise.
struct Shard {
  std::uint32_t index = 1;  ///< 1 … count
  std::uint32_t count = 1;

  /// Each number belongs to exactly one of the `count` shards.
  bool owns(std::uint64_t number) const { return shard_of(number, count) == index; }
  friend bool operator==(const Shard&, const Shard&) = default;
};

}  // namespace sluice
