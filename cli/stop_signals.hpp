// Ctrl-C and SIGTERM as a flag.
#pragma once

#include <atomic>

namespace sluice {

/// While one exists, the first SIGINT or SIGTERM sets the flag and the second ends the process at
/// once, with 128 + its number. SIGPIPE is ignored, so that a reader who left shows as an error of
/// the write. One at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const std::atomic<bool>& stop() const;
  /// The signal that came, or 0.
  int signal() const;
};

}  // namespace sluice
