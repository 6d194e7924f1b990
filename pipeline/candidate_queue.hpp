// Candidates of one workspace at one level, and the ring in which queues take turns.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "pipeline/run_table.hpp"

namespace sluice {

/// Runs in order of their sequence. New ones come at the tail (an intrusive list: O(1)); woken ones come back to the
/// place that their old sequence gives (a heap: O(log n) in the number of woken ones).
class CandidateQueue {
 public:
  explicit CandidateQueue(PriorityLevel level) : level_(level) {}

  bool empty() const { return count_ == 0; }
  std::uint32_t size() const { return count_; }

  void push(RunTable& runs, Run& run) {
    ++count_;
    if (tail_.valid() && runs[tail_].sequence > run.sequence) return push_out_of_order(run);
    run.previous = tail_;
    run.next = RunSlot::none();
    (tail_.valid() ? runs[tail_].next : head_) = run.slot;
    tail_ = run.slot;
  }

  /// The run with the smallest sequence. REQUIRES: not empty.
  Run& front(RunTable& runs) {
    if (out_of_order_.empty()) return runs[head_];
    drop_stale(runs);
    if (out_of_order_.empty()) return runs[head_];
    Run& woken = runs[RunSlot{out_of_order_.front().second}];
    return head_.valid() && runs[head_].sequence < woken.sequence ? runs[head_] : woken;
  }

  /// REQUIRES: `run` is in this queue.
  void remove(RunTable& runs, Run& run) {
    assert(count_ > 0);
    --count_;
    if (run.previous == out_of_order_mark()) {
      run.previous = RunSlot::none();  // its heap entry is stale from here on
      if (out_of_order_.front().first == run.sequence) pop_out_of_order();
      return;
    }
    (run.previous.valid() ? runs[run.previous].next : head_) = run.next;
    (run.next.valid() ? runs[run.next].previous : tail_) = run.previous;
  }

 private:
  using Entry = std::pair<std::uint64_t, std::uint32_t>;  // sequence, slot

  /// Stands in Run::previous of runs that are in the heap.
  static constexpr RunSlot out_of_order_mark() { return RunSlot{UINT32_MAX - 1}; }

  void push_out_of_order(Run& run) {
    run.previous = out_of_order_mark();
    run.next = RunSlot::none();
    out_of_order_.emplace_back(run.sequence, run.slot.value);
    std::push_heap(out_of_order_.begin(), out_of_order_.end(), std::greater<>{});
  }
  void pop_out_of_order() {
    std::pop_heap(out_of_order_.begin(), out_of_order_.end(), std::greater<>{});
    out_of_order_.pop_back();
  }
  /// Removed from the middle (stopped, or moved to another level by ageing): its entry is found out here.
  void drop_stale(const RunTable& runs) {
    while (!out_of_order_.empty()) {
      const auto [sequence, slot] = out_of_order_.front();
      const Run& run = runs[RunSlot{slot}];
      if (run.sequence == sequence && run.previous == out_of_order_mark() && run.queue_level == level_) return;
      pop_out_of_order();
    }
  }

  RunSlot head_, tail_;
  std::uint32_t count_ = 0;
  PriorityLevel level_;
  std::vector<Entry> out_of_order_;
};

/// Who takes turns, in turn: first in, first out. Leaving from the middle is marked, not searched for. All O(1) amortised.
class TurnRing {
 public:
  /// Members are numbers below `members`.
  explicit TurnRing(std::size_t members = 0) : ticket_(members, 0) {}

  bool empty() const { return count_ == 0; }
  bool contains(std::uint32_t member) const { return (ticket_[member] & 1) != 0; }

  /// REQUIRES: not in the ring.
  void join(std::uint32_t member) {
    assert(!contains(member));
    ++ticket_[member];
    ++count_;
    push({member, ticket_[member]});
  }
  /// REQUIRES: in the ring.
  void leave(std::uint32_t member) {
    assert(contains(member));
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
  /// First member in ring order for which `accept` holds; UINT32_MAX: none. O(members): for rare combinations.
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
