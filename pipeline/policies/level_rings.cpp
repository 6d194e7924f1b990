#include "pipeline/policies/level_rings.hpp"

namespace sluice {

template class LevelOrderPolicy<TurnRing>;

}  // namespace sluice
