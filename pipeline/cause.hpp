// Who changes a pool of workers from outside, so that each change can be taken back by itself.
#pragma once

#include "pipeline/ids.hpp"

namespace sluice {

/// An incident of a scenario, by its index; or a hand.
using CauseId = Id<struct CauseTag>;

/// Not an incident: a person through the admin API, a test.
inline constexpr CauseId kByHand{UINT32_MAX - 1};

}  // namespace sluice
