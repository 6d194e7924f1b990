// The clocks of this machine. Only the outermost object of a thread has one, and is given it; its
// parts are told what time it is.
#pragma once

#include <chrono>

namespace sluice {

using SteadyTime = std::chrono::steady_clock::time_point;
using SteadyDuration = std::chrono::steady_clock::duration;
using SystemTime = std::chrono::system_clock::time_point;

/// Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Never goes back; stands still while the machine sleeps.
  virtual SteadyTime now() const = 0;
  /// The time of day, which somebody may set.
  virtual SystemTime time_of_day() const = 0;
};

/// Those of this machine.
const Clock& machine_clock();

}  // namespace sluice
