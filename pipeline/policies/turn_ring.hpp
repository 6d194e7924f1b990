// A ring of members that take turns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/prefetch.hpp"

namespace sluice {

/// Who takes turns, in turn: first in, first out. Leaving from the middle is marked, not searched
/// for. All O(1) amortised.
class TurnRing {
 public:
  /// Members are numbers below `members`.
  explicit TurnRing(std::size_t members = 0) : ticket_(members, 0) {}

  bool empty() const { return count_ == 0; }
  bool contains(std::uint32_t member) const { return (ticket_[member] & 1) != 0; }

  void prefetch(std::uint32_t member) const { fetch_ahead(&ticket_[member]); }

  /// REQUIRES: not in the ring.
  void join(std::uint32_t member) {
    SLUICE_REQUIRE(!contains(member), "a member has one place in the ring");
    ++ticket_[member];
    ++count_;
    push({member, ticket_[member]});
  }
  /// REQUIRES: in the ring.
  void leave(std::uint32_t member) {
    SLUICE_REQUIRE(contains(member), "only a member leaves");
    ++ticket_[member];
    --count_;
  }
  /// REQUIRES: not empty.
  std::uint32_t front() {
    while (stale(entries_[head_ & mask()])) ++head_;
    return entries_[head_ & mask()].member;
  }
  /// The member at the front goes to the tail. REQUIRES: not empty.
  void rotate() {
    const Entry entry{front(), ticket_[front()]};
    ++head_;
    push(entry);
  }
  /// First member in ring order for which `accept` holds; UINT32_MAX: none. O(members): for rare
  /// combinations.
  template <class Accept>
  std::uint32_t find(Accept accept) const {
    for (std::size_t i = head_; i != tail_; ++i) {
      const Entry& entry = entries_[i & mask()];
      if (!stale(entry) && accept(entry.member)) return entry.member;
    }
    return UINT32_MAX;
  }
  void move_to_tail(std::uint32_t member) {
    if (member == front()) return rotate();
    leave(member);
    join(member);
  }

 private:
  struct Entry {
    std::uint32_t member = 0;
    std::uint32_t ticket = 0;  // odd while in the ring; an entry with another ticket is stale
  };
  std::size_t mask() const { return entries_.size() - 1; }
  bool stale(const Entry& entry) const { return ticket_[entry.member] != entry.ticket; }

  void push(Entry entry) {
    if (tail_ - head_ == entries_.size()) make_room();
    entries_[tail_++ & mask()] = entry;
  }
  void make_room() {
    std::vector<Entry> live;
    for (std::size_t i = head_; i != tail_; ++i)
      if (!stale(entries_[i & mask()])) live.push_back(entries_[i & mask()]);
    head_ = 0, tail_ = live.size();
    std::size_t capacity = 8;
    while (capacity < 2 * live.size()) capacity *= 2;
    live.resize(capacity);
    entries_.swap(live);
  }

  std::vector<Entry> entries_ = std::vector<Entry>(8);
  std::size_t head_ = 0, tail_ = 0, count_ = 0;
  std::vector<std::uint32_t> ticket_;
};

}  // namespace sluice
