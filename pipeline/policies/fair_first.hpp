// fair_first: workspaces in turn first, level second.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pipeline/policies/dispatch_policy.hpp"
#include "pipeline/policies/turn_ring.hpp"
#include "pipeline/policies/workspace_queues.hpp"

namespace sluice {

/// Workspaces in turn; inside the workspace the highest level.
class FairFirstPolicy final : public DispatchPolicy {
 public:
  explicit FairFirstPolicy(WorkspaceQueues queues);
  void add(Time now, Run& run) override;
  void remove(Run& run) override;
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  void dispatched(Time now, Run& run) override;
  void passed_over(Run& run, bool block) override;
  void unblock(Time now, const Run& run) override;

 private:
  bool open(std::uint32_t workspace, std::size_t levels) const;
  void dequeue(Run& run);

  WorkspaceQueues queues_;
  TurnRing ring_;
};

}  // namespace sluice
