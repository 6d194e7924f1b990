#include "pipeline/policies/make_dispatch_policy.hpp"

#include <utility>

#include "base/check.hpp"
#include "pipeline/policies/ageing.hpp"
#include "pipeline/policies/fair_first.hpp"
#include "pipeline/policies/fair_share.hpp"
#include "pipeline/policies/fifo.hpp"
#include "pipeline/policies/reserved.hpp"
#include "pipeline/policies/share_limit.hpp"
#include "pipeline/policies/strict_priority.hpp"
#include "pipeline/policies/weighted.hpp"
#include "pipeline/policies/workspace_queues.hpp"

namespace sluice {

std::unique_ptr<DispatchPolicy> make_dispatch_policy(const ResourceGroupConfig& config,
                                                     RunTable& runs, std::size_t workspaces) {
  const DispatchConfig& dispatch = config.dispatch;
  WorkspaceQueues queues(runs, workspaces,
                         config.when_credential_busy == WhenCredentialBusy::block_level);
  if (dispatch.make) {
    auto policy = dispatch.make(std::move(queues));
    SLUICE_REQUIRE(policy != nullptr, "a policy from outside was to be made");
    return policy;
  }
  switch (dispatch.kind) {
    case DispatchPolicyKind::ageing:
      return std::make_unique<AgeingPolicy>(std::move(queues), dispatch.promote_after,
                                            config.when_credential_busy);
    case DispatchPolicyKind::weighted:
      return std::make_unique<WeightedPolicy>(std::move(queues), dispatch.weights);
    case DispatchPolicyKind::reserved:
      return std::make_unique<ReservedPolicy>(std::move(queues), dispatch.reserved);
    case DispatchPolicyKind::fair_first:
      return std::make_unique<FairFirstPolicy>(std::move(queues));
    case DispatchPolicyKind::fifo:
      return std::make_unique<FifoPolicy>(std::move(queues));
    case DispatchPolicyKind::fair_share:
      return std::make_unique<FairSharePolicy>(std::move(queues), dispatch.share_weights);
    case DispatchPolicyKind::share_limit:
      return std::make_unique<ShareLimitPolicy>(std::move(queues), dispatch.share_millionths);
    case DispatchPolicyKind::workspace_cap:  // the cap is a wait point of the runs, not an order
    case DispatchPolicyKind::strict_priority:
      break;
  }
  return std::make_unique<StrictPriorityPolicy>(std::move(queues));
}

}  // namespace sluice
