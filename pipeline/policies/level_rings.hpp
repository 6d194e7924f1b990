// A ring of workspaces per level.
#pragma once

#include "pipeline/policies/level_order.hpp"
#include "pipeline/policies/turn_ring.hpp"

namespace sluice {

extern template class LevelOrderPolicy<TurnRing>;

/// Workspaces take turns: one joins at the tail, and goes there when a run of it got a worker.
using LevelRingsPolicy = LevelOrderPolicy<TurnRing>;

}  // namespace sluice
