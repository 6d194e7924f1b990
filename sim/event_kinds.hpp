// Events of the simulator's own, next to the pipeline's in the same queue.
#pragma once

#include <cstdint>
#include <string_view>

#include "pipeline/pipeline.hpp"

namespace sluice {

enum SimulatorEvent : std::uint32_t {
  kArrival = kPipelineEventKinds,  ///< subject: submitter
  kRetry,                          ///< subject: slot of the waiting request
  kClientReady,                    ///< subject: client, counted over all closed-loop submitters
  kIncidentStart,                  ///< subject: incident
  kIncidentEnd,                    ///< subject: incident
};

/// What a kind of event is, one of the pipeline's as well, in words.
std::string_view event_name(std::uint32_t kind);

}  // namespace sluice
