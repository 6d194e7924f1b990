// Time as it passes for a server and its clients, whatever is simulated.
#pragma once

#include <chrono>

namespace sluice {

/// Never goes back; without meaning outside of this process.
using WallTime = std::chrono::steady_clock::time_point;
using WallDuration = std::chrono::steady_clock::duration;

}  // namespace sluice
