// Events of the served pipeline's own, next to the pipeline's and the incidents' in one queue.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/event_kinds.hpp"

namespace sluice {

/// Clear of the simulator's kinds, whose incidents are served too. All are about a slot, and void
/// when its generation has moved on.
enum ServedEvent : std::uint32_t {
  kStepDue = kPipelineEventKinds + 32,
  kInteractionDue,
};

inline std::string_view served_event_name(std::uint32_t kind) {
  if (kind < kStepDue) return event_name(kind);
  return kind == kStepDue ? "step of a run" : "begin of an interaction";
}

}  // namespace sluice
