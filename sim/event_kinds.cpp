#include "sim/event_kinds.hpp"

namespace sluice {

std::string_view event_name(std::uint32_t kind) {
  if (kind < kPipelineEventKinds) return Pipeline::event_name(kind);
  switch (kind) {
    case kArrival:
      return "arrival of a run";
    case kRetry:
      return "further attempt to submit";
    case kClientReady:
      return "end of a client's think time";
    case kIncidentStart:
      return "begin of an incident";
    case kIncidentEnd:
      return "end of an incident";
    default:
      return "";
  }
}

}  // namespace sluice
