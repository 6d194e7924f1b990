// A ring of members that take turns, of whom some are skipped and keep their turns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "pipeline/policies/turn_ring.hpp"

namespace sluice {

/// Whoever is skipped stands aside, and is not asked again before somebody says so: what is asked
/// for costs nothing for those who are skipped for long. Not thread-safe. All O(1) amortised, and
/// O(log skipped) for whoever was skipped.
class RingWithSkips {
 public:
  /// Members are numbers below `members`.
  explicit RingWithSkips(std::size_t members) : ring_(members), turn_(members, kNone) {}

  bool empty() const { return ring_.empty() && skipped_.empty() && returned_.empty(); }
  bool contains(std::uint32_t member) const { return turn_[member] != kNone; }
  void prefetch(std::uint32_t member) const { ring_.prefetch(member); }

  /// Behind all others. REQUIRES: not in the ring.
  void join(std::uint32_t member) {
    SLUICE_REQUIRE(!contains(member), "a member has one turn");
    turn_[member] = next_turn_++;
    ring_.join(member);
  }
  /// REQUIRES: in the ring.
  void leave(std::uint32_t member) {
    SLUICE_REQUIRE(contains(member), "only a member leaves");
    if (ring_.contains(member))
      ring_.leave(member);
    else
      skipped_.erase(turn_of(member)), returned_.erase(turn_of(member));
    turn_[member] = kNone;
  }
  /// It has had its turn. REQUIRES: in the ring.
  void move_to_tail(std::uint32_t member) {
    leave(member);
    join(member);
  }

  /// The first member in turn for which `accept` holds; UINT32_MAX: none. Skips those before it.
  template <class Accept>
  std::uint32_t first(Accept accept) {
    while (!ring_.empty() || !returned_.empty()) {
      const bool from_ring =
          returned_.empty() || (!ring_.empty() && turn_[ring_.front()] < returned_.begin()->first);
      const std::uint32_t member = from_ring ? ring_.front() : returned_.begin()->second;
      if (accept(member)) return member;
      skipped_.insert(turn_of(member));
      from_ring ? ring_.leave(member) : void(returned_.erase(returned_.begin()));
    }
    return UINT32_MAX;
  }
  /// The first member in turn, when all are skipped. REQUIRES: there is one.
  std::uint32_t first_skipped() const {
    SLUICE_REQUIRE(!skipped_.empty(), "somebody was skipped");
    return skipped_.begin()->second;
  }
  /// Whether or not it takes turns: it may be accepted from now on.
  void return_skipped(std::uint32_t member) {
    if (skipped_.empty() || !contains(member)) return;
    if (skipped_.erase(turn_of(member)) != 0) returned_.insert(turn_of(member));
  }
  /// All may be.
  void return_all() { returned_.merge(skipped_); }

 private:
  static constexpr std::uint64_t kNone = UINT64_MAX;
  using Turn = std::pair<std::uint64_t, std::uint32_t>;  // number, member

  Turn turn_of(std::uint32_t member) const { return {turn_[member], member}; }

  TurnRing ring_;
  std::vector<std::uint64_t> turn_;
  std::set<Turn> skipped_, returned_;  // members of neither the ring nor the other one
  std::uint64_t next_turn_ = 0;
};

}  // namespace sluice
