#include "pipeline/policies/workspace_queues.hpp"

#include "base/check.hpp"

namespace sluice {

WorkspaceQueues::WorkspaceQueues(RunTable& runs, std::size_t workspaces, bool block_lower_levels)
    : runs_(runs), block_lower_levels_(block_lower_levels) {
  for (PriorityLevel level : kAllLevels) {
    for (std::size_t w = 0; w < workspaces; ++w)
      queues_[index(level)].emplace_back(static_cast<std::uint32_t>(index(level) * workspaces + w));
    blocked_[index(level)].assign(workspaces, false);
  }
}

void WorkspaceQueues::block(const Run& run) {
  SLUICE_REQUIRE(!blocked_[index(run.queue_level)][workspace(run)], "a queue is blocked once");
  blocked_[index(run.queue_level)][workspace(run)] = true;
  ++blocked_count_[index(run.queue_level)];
  ++blocked_total_;
}

void WorkspaceQueues::unblock(const Run& run) {
  SLUICE_REQUIRE(blocked_[index(run.queue_level)][workspace(run)], "only what is blocked opens");
  blocked_[index(run.queue_level)][workspace(run)] = false;
  --blocked_count_[index(run.queue_level)];
  --blocked_total_;
}

std::size_t WorkspaceQueues::allowed_levels() const {
  if (block_lower_levels_ && blocked_total_ != 0)
    for (std::size_t k = 0; k < kLevels; ++k)
      if (blocked_count_[k] != 0) return k + 1;
  return kLevels;
}

}  // namespace sluice
