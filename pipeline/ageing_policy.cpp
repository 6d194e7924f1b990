#include <algorithm>
#include <functional>

#include "pipeline/policies.hpp"

namespace sluice {

AgeingPolicy::AgeingPolicy(WorkspaceQueues queues, std::size_t workspaces, Duration promote_after)
    : LevelRingsPolicy(std::move(queues), workspaces), promote_after_(promote_after) {
  assert(promote_after.ns > 0);
}

/// A woken run gets the level that its whole time in the queue gives: it aged while it was parked.
void AgeingPolicy::add(Time now, Run& run) {
  const Time since = run.woken_by == UINT32_MAX ? now : run.queued_at;
  const auto steps = std::min<std::int64_t>((now - since).ns / promote_after_.ns,
                                            static_cast<std::int64_t>(index(run.level())));
  run.queue_level = kAllLevels[index(run.level()) - static_cast<std::size_t>(steps)];
  run.level_since = since + promote_after_ * steps;
  enqueue(run);
  expect_promotion(run);
}

RunSlot AgeingPolicy::choose(Time now, const WorkersInUse& /*workers*/) {
  promote_due(now);
  const std::size_t levels = allowed_levels();
  for (std::size_t k = 0; k < levels; ++k)
    if (!level_empty(k)) return first_of(k);
  return RunSlot::none();
}

/// Runs are woken by their own levels but blocked at those that they climbed to, so a woken run may
/// stand behind one that waits for the very same.
bool AgeingPolicy::held_back(const Run& run) const {
  return queues_.is_blocked(WorkspaceQueues::workspace(run), run.queue_level) ||
         index(run.queue_level) >= allowed_levels();
}

void AgeingPolicy::expect_promotion(const Run& run) {
  if (run.queue_level == PriorityLevel::HIGH) return;
  due_.push_back({run.level_since + promote_after_, run.sequence, run.slot});
  std::push_heap(due_.begin(), due_.end(), std::greater<>{});
}

void AgeingPolicy::promote_due(Time now) {
  while (!due_.empty() && due_.front().at <= now) {
    const Due due = due_.front();
    std::pop_heap(due_.begin(), due_.end(), std::greater<>{});
    due_.pop_back();
    Run& run = queues_.runs()[due.slot];
    if (run.state != RunState::queued || run.sequence != due.sequence ||
        run.queue_level == PriorityLevel::HIGH || run.level_since + promote_after_ != due.at)
      continue;
    run.level_since = due.at;
    const PriorityLevel above = kAllLevels[index(run.queue_level) - 1];
    if (!queues_.is_blocked(WorkspaceQueues::workspace(run), above)) {
      remove(run);
      run.queue_level = above;
      enqueue(run);
    }
    expect_promotion(run);
  }
}

}  // namespace sluice
