// Which runs' event frames must wait, because the answer to their POST has not left long enough.
//
// Official clients drop the events of a session that they do not know yet; one that misses its
// terminal event waits for ever.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <unordered_map>

#include "base/clock.hpp"

namespace sluice {

/// Threads: all functions may be called from any. Cost: O(1) on average. Holds the runs whose
/// answer has not left, and those of the last hold-back.
class HeldRuns {
 public:
  explicit HeldRuns(SteadyDuration hold_back) : hold_back_(hold_back) {}

  /// The run exists, its answer has not left yet.
  void started(std::uint64_t run);
  /// The answer has left, or never will.
  void replied(std::uint64_t run, SteadyTime now);

  /// From when on frames of the run may be sent: in the past if they may now; SteadyTime::max()
  /// while the answer has not left: `wake` is called then when it has, from the thread that sent
  /// it, unless a later call for the same run names another.
  SteadyTime free_at(std::uint64_t run, SteadyTime now, const std::function<void()>& wake);

 private:
  struct Entry {
    SteadyTime free_at = SteadyTime::max();
    std::function<void()> wake;
  };
  void forget_free(SteadyTime now);

  const SteadyDuration hold_back_;
  std::mutex mutex_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::deque<std::pair<SteadyTime, std::uint64_t>> replied_;  // in order of time
};

}  // namespace sluice
