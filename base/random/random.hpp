// Random numbers that belong to names, not to the order in which anybody asks for them.
//
// Every source of randomness (a submitter's arrivals, one run's service time, a credential's
// logins) is a stream of its own, found by hashing the seed with the stream's name. So run i of a
// submitter draws the same arrival, service time and failures under every dispatch policy and on
// any number of threads. No std:: distributions: their results differ between libraries.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

/// Layers of equal area that cover a decreasing density on [0, infinity): layer i is as wide as
/// edge[i + 1] and lies wholly under the curve up to edge[i]. The last is the base, with the tail.
struct Ziggurat {
  static constexpr std::size_t kLayers = 256;
  std::array<double, kLayers + 1> edge;
  std::array<double, kLayers + 1> height;  // of the density at the edge; 0 under the base
};
/// Computed at compile time.
extern const Ziggurat kExponentialZiggurat;
extern const Ziggurat kNormalZiggurat;

/// Key of the stream called `name` under `parent` (a seed or another key).
std::uint64_t stream_key(std::uint64_t parent, std::string_view name);

/// Finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that mixes all 64 bits.
constexpr std::uint64_t mix64(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

/// Keys of the streams under one parent, for who asks for many. About 1 ns each.
class StreamKeys {
 public:
  explicit constexpr StreamKeys(std::uint64_t parent)
      : mixed_(mix64(parent + 0x9E3779B97F4A7C15)) {}
  /// Of the `index`-th stream.
  constexpr std::uint64_t operator[](std::uint64_t index) const {
    return mix64(mixed_ + index * 0xD1342543DE82EF95);
  }

 private:
  std::uint64_t mixed_;
};

/// Key of the `index`-th stream under `parent`. About 2 ns.
constexpr std::uint64_t stream_key(std::uint64_t parent, std::uint64_t index) {
  return StreamKeys(parent)[index];
}

/// A SplitMix64 sequence that starts at a key. A value: copying it copies its position.
/// Not thread-safe; one owner.
class Stream {
 public:
  explicit constexpr Stream(std::uint64_t key) : state_(key) {}

  /// 64 random bits. About 1 ns.
  constexpr std::uint64_t bits() { return mix64(state_ += 0x9E3779B97F4A7C15); }
  /// Uniform in [0, 1), 53 bits.
  constexpr double uniform() { return part(bits()); }
  /// Uniform integer in [0, n); n > 0. Multiply-shift; bias below n / 2^64.
  constexpr std::uint64_t below(std::uint64_t n) {
    __extension__ typedef unsigned __int128 Wide;
    return static_cast<std::uint64_t>((static_cast<Wide>(bits()) * n) >> 64);
  }
  /// True with probability `p`. Draws nothing when p <= 0 or p >= 1.
  constexpr bool chance(double p) { return p > 0 && (p >= 1 || uniform() < p); }
  /// Exponential with mean 1: ziggurat with 256 layers (Marsaglia, Tsang 2000). About 3 ns.
  double exponential() {
    const std::uint64_t random = bits();
    const std::size_t layer = random % Ziggurat::kLayers;
    const double x = part(random) * kExponentialZiggurat.edge[layer + 1];
    return x < kExponentialZiggurat.edge[layer] ? x : exponential_beyond(layer, x);
  }
  /// Normal with mean 0 and standard deviation 1: ziggurat. About 3 ns.
  double normal() {
    const std::uint64_t random = bits();
    const std::size_t layer = random % Ziggurat::kLayers;
    double x = part(random) * kNormalZiggurat.edge[layer + 1];
    if (x >= kNormalZiggurat.edge[layer]) [[unlikely]]
      x = normal_beyond(layer, x);
    const std::uint64_t sign = (random & Ziggurat::kLayers) << 55;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) | sign);
  }

 private:
  /// The upper 53 bits as a number in [0, 1).
  static constexpr double part(std::uint64_t random) {
    return static_cast<double>(static_cast<std::int64_t>(random >> 11)) * 0x1.0p-53;
  }
  /// A point of `layer` that may lie above the curve: accepts it or draws again.
  double exponential_beyond(std::size_t layer, double x);
  double normal_beyond(std::size_t layer, double x);

  std::uint64_t state_;
};

}  // namespace sluice
