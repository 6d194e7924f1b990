#include "pipeline/policies/strict_priority.hpp"

namespace sluice {

RunSlot StrictPriorityPolicy::choose(Time /*now*/, const WorkersInUse& /*workers*/) {
  const std::size_t levels = allowed_levels();
  for (std::size_t k = 0; k < levels; ++k)
    if (!level_empty(k)) return first_of(k);
  return RunSlot::none();
}

}  // namespace sluice
