// fifo: by acceptance, whatever the level.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "pipeline/policies/dispatch_policy.hpp"
#include "pipeline/policies/workspace_queues.hpp"

namespace sluice {

/// The smallest sequence of all.
class FifoPolicy final : public DispatchPolicy {
 public:
  explicit FifoPolicy(WorkspaceQueues queues) : queues_(std::move(queues)) {}
  void add(Time now, Run& run) override;
  void remove(Run& run) override;
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  void dispatched(Time now, Run& run) override;
  void passed_over(Run& run, bool block) override;
  void unblock(Time now, const Run& run) override;

 private:
  /// Sequence of a queue's first run, workspace.
  using Head = std::pair<std::uint64_t, std::uint32_t>;

  void announce(std::uint32_t workspace, PriorityLevel level);
  void dequeue(Run& run);
  const Head* first(PriorityLevel level);

  WorkspaceQueues queues_;
  /// Min-heaps; entries that are no queue's head are void.
  std::array<std::vector<Head>, kLevels> heads_;
};

}  // namespace sluice
