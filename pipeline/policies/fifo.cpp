#include "pipeline/policies/fifo.hpp"

#include <algorithm>
#include <functional>

namespace sluice {

/// Enters the queue's first run into the order over queues. Earlier entries of the queue become
/// void by themselves.
void FifoPolicy::announce(std::uint32_t workspace, PriorityLevel level) {
  if (!queues_.open(workspace, level)) return;
  auto& heads = heads_[index(level)];
  heads.emplace_back(queues_.front(workspace, level).sequence, workspace);
  std::push_heap(heads.begin(), heads.end(), std::greater<>{});
}

const FifoPolicy::Head* FifoPolicy::first(PriorityLevel level) {
  auto& heads = heads_[index(level)];
  while (!heads.empty()) {
    const auto [sequence, workspace] = heads.front();
    if (queues_.open(workspace, level) && queues_.front(workspace, level).sequence == sequence)
      return &heads.front();
    std::pop_heap(heads.begin(), heads.end(), std::greater<>{});
    heads.pop_back();
  }
  return nullptr;
}

void FifoPolicy::add(Time /*now*/, Run& run) {
  run.queue_level = run.level();
  queues_.push(run);
  const std::uint32_t workspace = WorkspaceQueues::workspace(run);
  if (queues_.front(workspace, run.queue_level).slot == run.slot)
    announce(workspace, run.queue_level);
}

void FifoPolicy::dequeue(Run& run) {
  queues_.remove(run);
  announce(WorkspaceQueues::workspace(run), run.queue_level);
}

void FifoPolicy::remove(Run& run) { dequeue(run); }

RunSlot FifoPolicy::choose(Time /*now*/, const WorkersInUse& /*workers*/) {
  const Head* best = nullptr;
  PriorityLevel best_level = PriorityLevel::HIGH;
  const std::size_t levels = queues_.allowed_levels();
  for (std::size_t k = 0; k < levels; ++k) {
    const Head* head = first(kAllLevels[k]);
    if (head != nullptr && (best == nullptr || *head < *best))
      best = head, best_level = kAllLevels[k];
  }
  return best == nullptr ? RunSlot::none() : queues_.front(best->second, best_level).slot;
}

void FifoPolicy::dispatched(Time /*now*/, Run& run) { dequeue(run); }

void FifoPolicy::passed_over(Run& run, bool block) {
  if (block) queues_.block(run);
  dequeue(run);
}

void FifoPolicy::unblock(Time /*now*/, const Run& run) {
  queues_.unblock(run);
  announce(WorkspaceQueues::workspace(run), run.queue_level);
}

}  // namespace sluice
