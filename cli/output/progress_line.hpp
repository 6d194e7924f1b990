// One line on standard error that says how far the work is.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "experiments/progress.hpp"
#include "experiments/rounds/trial_runner.hpp"

namespace sluice {

/// Shows and refreshes the line from a thread of its own while it exists, if standard error is a
/// terminal and `wanted`; erases it at the end. What its text is made from outlives it.
class ProgressLine {
 public:
  /// The text after so many seconds of wall time; called from a thread of its own.
  using Text = std::function<std::string(double wall_seconds)>;

  ProgressLine(Text text, bool wanted);
  ProgressLine(const ExperimentProgress& progress, bool wanted);
  ProgressLine(const TrialProgress& progress, bool wanted);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void show();

  Text text_;
  std::chrono::steady_clock::time_point begin_;
  std::jthread thread_;
};

/// "simulated 3 h 12 min of 8 h · 1 234 567 runs · 42 % · 2 100 000 runs/s · 12.0 s left".
std::string progress_text(const ExperimentProgress& progress, double wall_seconds);
/// "40 of 120 replications of this round and before · 1 234 567 runs · 2 100 000 runs/s · 3.2s left
/// of this round": rounds to come are not known.
std::string progress_text(const TrialProgress& progress, double wall_seconds);

}  // namespace sluice
