#include "pipeline/policies/ageing.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/check.hpp"

namespace sluice {

AgeingPolicy::AgeingPolicy(WorkspaceQueues queues, Duration promote_after,
                           WhenCredentialBusy when_credential_busy)
    : LevelRingsPolicy(std::move(queues)),
      promote_after_(promote_after),
      levels_block_(when_credential_busy == WhenCredentialBusy::block_level),
      queues_block_(levels_block_ || when_credential_busy == WhenCredentialBusy::block_workspace) {
  SLUICE_REQUIRE(promote_after.ns > 0, "candidates climb after some time");
}

/// A woken run gets the level that its whole time in the queue gives, as far as the queues on the
/// way are open: it aged while it was parked.
void AgeingPolicy::add(Time now, Run& run) {
  const bool woken = run.woken_by != UINT32_MAX;
  const Time since = woken ? run.queued_at : now;
  SLUICE_CHECK(since <= now, "a run ages from the past on", now, run.id);
  const auto steps = std::min<std::int64_t>((now - since).ns / promote_after_.ns,
                                            static_cast<std::int64_t>(index(run.level())));
  const std::size_t highest = index(run.level()) - static_cast<std::size_t>(steps);
  std::size_t level = index(woken ? run.queue_level : run.level());
  while (level > highest &&
         !queues_.is_blocked(WorkspaceQueues::workspace(run), kAllLevels[level - 1]))
    --level;
  run.queue_level = kAllLevels[level];
  run.level_since = since + promote_after_ * steps;
  enter(now, run);
  expect_promotion(run);
}

/// Only climbing brings a run before others of its queue or behind them, so nobody is overtaken
/// more often than somebody climbs.
void AgeingPolicy::enter(Time now, Run& run) {
  RunQueue& queue = queues_.queue(WorkspaceQueues::workspace(run), run.queue_level);
  if (!queues_block_ || queue.empty()) return enqueue(now, run);
  Run& first = queue.front(queues_.runs());
  SLUICE_REQUIRE(first.slot != run.slot, "who enters a queue was not in it");
  enqueue(now, run);
  const Run& behind = first.sequence < run.sequence ? run : first;
  if (behind.woken_by != UINT32_MAX) overtaken_.push_back(behind.slot);
}

RunSlot AgeingPolicy::take_overtaken() {
  if (overtaken_.empty()) return RunSlot::none();
  const RunSlot slot = overtaken_.front();
  overtaken_.erase(overtaken_.begin());
  return slot;
}

RunSlot AgeingPolicy::choose(Time now, const WorkersInUse& /*workers*/) {
  promote_due(now);
  const std::size_t levels = allowed_levels();
  for (std::size_t k = 0; k < levels; ++k)
    if (!level_empty(k)) return first_of(k);
  return RunSlot::none();
}

void AgeingPolicy::expect_promotion(const Run& run) {
  if (run.queue_level == PriorityLevel::HIGH) return;
  due_.push_back({run.level_since + promote_after_, run.sequence, run.slot});
  std::push_heap(due_.begin(), due_.end(), std::greater<>{});
}

bool AgeingPolicy::is_void(const Due& due) {
  const Run& run = queues_.runs()[due.slot];
  return run.state != RunState::queued || run.sequence != due.sequence ||
         run.queue_level == PriorityLevel::HIGH || run.level_since + promote_after_ != due.at;
}

void AgeingPolicy::drop_first_due() {
  std::pop_heap(due_.begin(), due_.end(), std::greater<>{});
  due_.pop_back();
}

Time AgeingPolicy::next_move() {
  while (!due_.empty() && is_void(due_.front())) drop_first_due();
  return due_.empty() ? Time::never() : due_.front().at;
}

void AgeingPolicy::promote_due(Time now) {
  while (!due_.empty() && due_.front().at <= now) {
    const Due due = due_.front();
    drop_first_due();
    if (is_void(due)) continue;
    Run& run = queues_.runs()[due.slot];
    run.level_since = due.at;
    const PriorityLevel above = kAllLevels[index(run.queue_level) - 1];
    if (!queues_.is_blocked(WorkspaceQueues::workspace(run), above)) {
      remove(run);
      run.queue_level = above;
      enter(now, run);
    }
    expect_promotion(run);
  }
}

}  // namespace sluice
