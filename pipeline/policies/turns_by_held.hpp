// Whose turn it is among those that hold few enough workers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace sluice {

/// Members in turn, and how many workers each holds. Not thread-safe. All O(log members + log of
/// the most that anybody holds).
class TurnsByHeld {
 public:
  /// Members are numbers below `members`; none takes turns yet, none holds anything.
  explicit TurnsByHeld(std::size_t members);

  bool contains(std::uint32_t member) const { return turn_[member] != kNone; }
  /// It takes turns from now on, behind all others. REQUIRES: it takes none.
  void join(Time now, std::uint32_t member);
  /// REQUIRES: it takes turns.
  void leave(std::uint32_t member);
  /// It has had its turn: behind all others. REQUIRES: it takes turns.
  void turn_over(std::uint32_t member);
  /// Whether it takes turns or not.
  void set_held(std::uint32_t member, std::uint32_t held);

  /// Whose turn comes first among those that hold fewer than `limit`; UINT32_MAX: all hold more.
  std::uint32_t first_below(std::uint64_t limit) const;

 private:
  static constexpr std::uint64_t kNone = UINT64_MAX;
  using Turn = std::pair<std::uint64_t, std::uint32_t>;  // number, member
  static constexpr Turn kNobody{kNone, UINT32_MAX};

  void enter(std::uint32_t member);
  void withdraw(std::uint32_t member);
  /// What is first among those that hold exactly `held` has changed.
  void update(std::size_t held);
  void make_room(std::size_t held);

  std::vector<std::uint64_t> turn_;
  std::vector<std::uint32_t> held_;
  std::vector<std::set<Turn>> by_held_;
  std::vector<Turn> first_;  // tree in an array: of n the smaller one of 2 n and 2 n + 1
  std::uint64_t next_turn_ = 0;
};

}  // namespace sluice
