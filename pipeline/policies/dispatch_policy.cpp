#include "pipeline/policies/dispatch_policy.hpp"

#include "pipeline/policies/policies.hpp"

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
  assert(!blocked_[index(run.queue_level)][workspace(run)]);
  blocked_[index(run.queue_level)][workspace(run)] = true;
  ++blocked_count_[index(run.queue_level)];
  ++blocked_total_;
}

void WorkspaceQueues::unblock(const Run& run) {
  assert(blocked_[index(run.queue_level)][workspace(run)]);
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

std::unique_ptr<DispatchPolicy> make_dispatch_policy(const ResourceGroupConfig& config,
                                                     RunTable& runs, std::size_t workspaces) {
  const bool block_lower = config.when_credential_busy == WhenCredentialBusy::block_level;
  WorkspaceQueues queues(runs, workspaces, block_lower);
  switch (config.dispatch.kind) {
    case DispatchPolicyKind::ageing:
      return std::make_unique<AgeingPolicy>(std::move(queues), workspaces,
                                            config.dispatch.promote_after,
                                            config.when_credential_busy);
    case DispatchPolicyKind::weighted:
      return std::make_unique<WeightedPolicy>(std::move(queues), workspaces,
                                              config.dispatch.weights);
    case DispatchPolicyKind::reserved:
      return std::make_unique<ReservedPolicy>(std::move(queues), workspaces,
                                              config.dispatch.reserved);
    case DispatchPolicyKind::fair_first:
      return std::make_unique<FairFirstPolicy>(std::move(queues), workspaces);
    case DispatchPolicyKind::fifo:
      return std::make_unique<FifoPolicy>(std::move(queues));
    case DispatchPolicyKind::workspace_cap:  // the cap is a wait point of the runs, not an order
    case DispatchPolicyKind::strict_priority:
      break;
  }
  return std::make_unique<StrictPriorityPolicy>(std::move(queues), workspaces);
}

}  // namespace sluice
