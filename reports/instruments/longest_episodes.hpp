// The longest starvation episodes, as many as there is room for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reports/figures/episode.hpp"

namespace sluice {

/// Of two of the same length the earlier one stays. O(log most) per episode.
class LongestEpisodes {
 public:
  LongestEpisodes() = default;
  explicit LongestEpisodes(std::size_t most) : most_(most) {}

  /// Whether it would stay: for callers that make it only then. Counts those that would not.
  bool has_room_for(Duration length);
  /// REQUIRES has_room_for() its length.
  void add(Episode episode);

  /// In no order.
  const std::vector<Episode>& episodes() const { return heap_; }
  std::uint64_t left_out() const { return left_out_; }

 private:
  std::size_t most_ = StarvedTimes::kMost;
  std::vector<Episode> heap_;  ///< the one that goes first is in front
  std::uint64_t left_out_ = 0;
};

/// Puts into the order of EpisodeList.
void sort_episodes(std::vector<Episode>& episodes);

}  // namespace sluice
