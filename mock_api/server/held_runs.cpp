#include "mock_api/server/held_runs.hpp"

#include <utility>

namespace sluice {

void HeldRuns::started(std::uint64_t run) {
  if (hold_back_ <= SteadyDuration::zero()) return;
  const std::lock_guard lock(mutex_);
  entries_.try_emplace(run);
}

void HeldRuns::replied(std::uint64_t run, SteadyTime now) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    forget_free(now);
    const auto entry = entries_.find(run);
    if (entry == entries_.end()) return;
    entry->second.free_at = now + hold_back_;
    wake = std::exchange(entry->second.wake, nullptr);
    replied_.emplace_back(entry->second.free_at, run);
  }
  if (wake) wake();
}

SteadyTime HeldRuns::free_at(std::uint64_t run, SteadyTime now, const std::function<void()>& wake) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(run);
  if (entry == entries_.end()) return now;
  if (entry->second.free_at == SteadyTime::max()) entry->second.wake = wake;
  return entry->second.free_at;
}

void HeldRuns::forget_free(SteadyTime now) {
  while (!replied_.empty() && replied_.front().first <= now) {
    entries_.erase(replied_.front().second);
    replied_.pop_front();
  }
}

}  // namespace sluice
