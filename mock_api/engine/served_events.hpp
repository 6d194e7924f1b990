// Events of the served pipeline's own, next to the pipeline's and the incidents' in one queue.
#pragma once

#include <cstdint>

#include "pipeline/pipeline.hpp"

namespace sluice {

/// Clear of the simulator's kinds, whose incidents are served too. All are about a slot, and void
/// when its generation has moved on.
enum ServedEvent : std::uint32_t {
  kStepDue = kPipelineEventKinds + 32,
  kInteractionDue,
};

}  // namespace sluice
