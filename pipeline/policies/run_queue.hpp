// Waiting runs in order of their sequence.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "pipeline/run_table.hpp"

namespace sluice {

/// Runs in order of their sequence. New ones come at the tail (an intrusive list: O(1)); woken ones
/// come back to the place that their old sequence gives (a heap: O(log n) in the number of those).
/// A run is in at most one queue.
class RunQueue {
 public:
  /// `id` is different for each queue over the same table.
  explicit RunQueue(std::uint32_t id) : id_(id) {}

  bool empty() const { return count_ == 0; }
  std::uint32_t size() const { return count_; }

  /// REQUIRES: `run` is in no queue.
  void push(RunTable& runs, Run& run) {
    SLUICE_REQUIRE(run.queue_id == UINT32_MAX, "a run is in one queue at most");
    ++count_;
    run.queue_id = id_;
    if (tail_.valid() && runs[tail_].sequence > run.sequence) return push_out_of_order(run);
    run.previous = tail_;
    run.next = RunSlot::none();
    (tail_.valid() ? runs[tail_].next : head_) = run.slot;
    tail_ = run.slot;
  }

  /// The run with the smallest sequence. REQUIRES: not empty.
  Run& front(RunTable& runs) {
    if (!out_of_order_.empty()) drop_stale(runs);
    if (out_of_order_.empty()) return runs[head_];
    Run& woken = runs[RunSlot{out_of_order_.front().second}];
    return head_.valid() && runs[head_].sequence < woken.sequence ? runs[head_] : woken;
  }

  /// The first of those that came in order; none if there are none.
  RunSlot head() const { return head_; }

  /// REQUIRES: `run` is in this queue.
  void remove(RunTable& runs, Run& run) {
    SLUICE_REQUIRE(run.queue_id == id_, "a run leaves the queue that it is in");
    --count_;
    run.queue_id = UINT32_MAX;
    if (run.previous == kOutOfOrder) {
      if (out_of_order_.front().first == run.sequence) pop_out_of_order();
      return;
    }
    // Behind it comes a run that nobody may have looked at for long; and behind that another.
    if (run.next.valid()) runs.prefetch(runs[run.next].next.value);
    (run.previous.valid() ? runs[run.previous].next : head_) = run.next;
    (run.next.valid() ? runs[run.next].previous : tail_) = run.previous;
  }

 private:
  using Entry = std::pair<std::uint64_t, std::uint32_t>;  // sequence, slot

  /// Stands in Run::previous of runs that are in the heap.
  static constexpr RunSlot kOutOfOrder{UINT32_MAX - 1};

  void push_out_of_order(Run& run) {
    run.previous = kOutOfOrder;
    out_of_order_.emplace_back(run.sequence, run.slot.value);
    std::push_heap(out_of_order_.begin(), out_of_order_.end(), std::greater<>{});
  }
  [[gnu::noinline]] void pop_out_of_order() {  // else remove() saves registers for it
    std::pop_heap(out_of_order_.begin(), out_of_order_.end(), std::greater<>{});
    out_of_order_.pop_back();
  }
  /// A run that was removed from the middle left its entry behind.
  void drop_stale(const RunTable& runs) {
    while (!out_of_order_.empty()) {
      const auto [sequence, slot] = out_of_order_.front();
      const Run& run = runs[RunSlot{slot}];
      if (run.sequence == sequence && run.queue_id == id_) return;
      pop_out_of_order();
    }
  }

  RunSlot head_, tail_;
  std::uint32_t count_ = 0;
  std::uint32_t id_;
  std::vector<Entry> out_of_order_;
};

}  // namespace sluice
