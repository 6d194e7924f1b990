// The clocks of this machine. Who is given one tells its parts what time it is; who else reads one
// is listed, with why (tests/project/tidy/clocks.txt).
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
