// Starvation episodes, one by one: when a level, or a level of a workspace, starved (S14).
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// One episode of at least θ (S4): [from, until).
struct Episode {
  struct Dispatched {
    PriorityLevel level = PriorityLevel::HIGH;
    WorkspaceId workspace;  ///< none: several, not told apart
    std::uint64_t dispatches = 0;
  };

  GroupId group;
  PriorityLevel level = PriorityLevel::LOW;
  WorkspaceId workspace;  ///< none: the level as a whole
  Time from;
  Time until;
  bool censored = false;         ///< not over when the window ended
  std::uint64_t runs = 0;        ///< that were candidates for some time of it
  std::uint64_t workspaces = 0;  ///< of those runs
  /// Who was dispatched in it: all dispatches of the group, each once. By level and workspace,
  /// largest first; behind them by level what was too little to be told apart. Of a workspace's
  /// episode by level alone.
  std::vector<Dispatched> dispatched;
  std::uint32_t replication = 0;

  Duration length() const { return until - from; }
  std::uint64_t dispatches() const {
    std::uint64_t sum = 0;
    for (const Dispatched& part : dispatched) sum += part.dispatches;
    return sum;
  }
};

/// The longest of them.
struct EpisodeList {
  /// By level, then workspace, group, replication and time.
  std::vector<Episode> episodes;
  std::uint64_t left_out = 0;  ///< shorter ones, or as long and later
};

/// When somebody starved.
struct StarvedTimes {
  /// So many are kept of each (group, level), and as many of its workspaces.
  static constexpr std::size_t kMost = 10'000;

  EpisodeList levels;
  EpisodeList workspaces;
  bool workspaces_recorded = false;
};

}  // namespace sluice
