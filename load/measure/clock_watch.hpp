// Whether the clocks of this machine can be believed.
#pragma once

#include <string>

#include "base/clock.hpp"

namespace sluice {

/// Notices a machine that slept, a process that stood still, and a time of day that was set, by two
/// seconds or more: what was measured then means nothing. Not thread-safe.
class ClockWatch {
 public:
  /// From now on; also after a pause that was meant. REQUIRED before next().
  void begin(SteadyTime now, SystemTime time_of_day);
  /// To be called several times a second.
  void next(SteadyTime now, SystemTime time_of_day);
  /// `the clock jumped by 1h`, the last of its jumps; "": it did not.
  const std::string& jump() const { return jump_; }

 private:
  SteadyTime last_;
  SystemTime last_time_of_day_;
  std::string jump_;
};

}  // namespace sluice
