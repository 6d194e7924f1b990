// Ctrl-C and SIGTERM as flags.
#pragma once

#include <atomic>

namespace sluice {

/// While one exists, the first SIGINT or SIGTERM says stop, the second says at once, and the third
/// ends the process without a report, with 128 + its number and no temporary files left. SIGPIPE is
/// ignored, so that a reader who left shows as an error of the write. One at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const std::atomic<bool>& stop() const;
  /// Nothing is to be waited for any more: what is known so far is to be reported.
  const std::atomic<bool>& at_once() const;
  /// The first signal that came, or 0.
  int signal() const;
};

}  // namespace sluice
