// Who was dispatched while whom waited: inversions (S9) and the counts behind `a LOW run waited
// while a HIGH run was dispatched`.
//
// A pair (i, j): a_j < d_i < d_j, same group, j a candidate from before the instant d_i until after
// it. Counted once per instant, when it is over, so that ties count as the definition says. Runs
// that became candidates, or were dispatched or parked, in that very instant do not count. O(1) per
// transition, O(levels²) per instant with a dispatch beside a backlog.
#pragma once

#include <array>
#include <cstdint>

#include "pipeline/ids.hpp"
#include "pipeline/time.hpp"

namespace sluice {

/// [level of the dispatched run i][level of the waiting run j]
template <class T>
using LevelMatrix = std::array<std::array<T, kLevels>, kLevels>;

struct PassedOverTotals {
  LevelMatrix<std::uint64_t> dispatches{};  ///< dispatches of i beside at least one waiting j
  LevelMatrix<std::uint64_t> pairs{};
  /// Dispatches of i beside at least one waiting run of any higher level.
  std::array<std::uint64_t, kLevels> inversions{};
};

class PassedOver {
 public:
  using Candidates = std::array<std::uint32_t, kLevels>;

  void became_candidate(std::size_t level) {
    ++fresh_[level];
    any_ = true;
  }
  /// A run that became a candidate in this instant is none any more.
  void no_longer_fresh(std::size_t level) { --fresh_[level]; }
  void dispatched(std::size_t level) {
    ++dispatched_[level];
    any_ = true;
  }
  bool any() const { return any_; }
  /// The instant is over; `candidates`, `all` together, are waiting at its end.
  void settle(std::uint32_t all, const Candidates& candidates) {
    if (all > fresh_[0] + fresh_[1] + fresh_[2]) count(totals_, candidates);
    fresh_ = {};
    dispatched_ = {};
    any_ = false;
  }
  PassedOverTotals until(const Candidates& candidates) const {
    PassedOverTotals totals = totals_;
    count(totals, candidates);
    return totals;
  }
  void restart() { totals_ = {}; }

 private:
  void count(PassedOverTotals& totals, const Candidates& candidates) const {
    std::array<std::uint32_t, kLevels> old;
    for (std::size_t j = 0; j < kLevels; ++j) old[j] = candidates[j] - fresh_[j];
    if ((old[0] | old[1] | old[2]) == 0) return;
    for (std::size_t i = 0; i < kLevels; ++i) {
      if (dispatched_[i] == 0) continue;
      bool over_higher = false;
      for (std::size_t j = 0; j < kLevels; ++j) {
        totals.dispatches[i][j] += old[j] > 0 ? dispatched_[i] : 0;
        totals.pairs[i][j] += std::uint64_t{dispatched_[i]} * old[j];
        over_higher |= j < i && old[j] > 0;
      }
      totals.inversions[i] += over_higher ? dispatched_[i] : 0;
    }
  }

  std::array<std::uint32_t, kLevels> fresh_{};
  std::array<std::uint32_t, kLevels> dispatched_{};
  bool any_ = false;
  PassedOverTotals totals_;
};

}  // namespace sluice
