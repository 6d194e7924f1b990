// strict_priority: the rule of the real pipeline.
#pragma once

#include "pipeline/policies/level_rings.hpp"

namespace sluice {

/// The highest level that has a candidate.
class StrictPriorityPolicy final : public LevelRingsPolicy {
 public:
  using LevelRingsPolicy::LevelRingsPolicy;
  RunSlot choose(Time now, const WorkersInUse& workers) override;
  bool hears_of_only_candidate() const override { return false; }
};

}  // namespace sluice
