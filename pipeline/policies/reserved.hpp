// reserved: a floor of workers for each level.
#pragma once

#include <array>
#include <cstdint>

#include "pipeline/policies/level_rings.hpp"

namespace sluice {

/// Strict, but the last idle workers are kept for levels that run fewer than their reserved number.
class ReservedPolicy final : public LevelRingsPolicy {
 public:
  ReservedPolicy(WorkspaceQueues queues, std::array<std::uint32_t, kLevels> reserved);
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  std::uint32_t kept_idle(const WorkersInUse& workers) const override;
  bool wakes_each_level() const override { return true; }

 private:
  std::array<std::uint32_t, kLevels> reserved_;
};

}  // namespace sluice
