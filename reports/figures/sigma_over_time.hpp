// σ over sliding windows (T1): what a replication tells of a level of a group, of a credential or
// of a pool, beside its figures.
#pragma once

#include <vector>

#include "base/time.hpp"
#include "reports/figures/figure.hpp"

namespace sluice {

/// σ of one level of a group over all sliding windows, in order of their beginnings.
struct SigmaOverTime {
  static constexpr float kNoCapacity = -1;  ///< no worker was there in the window

  Subject subject;             ///< (group, level)
  Time from;                   ///< the first window begins
  Time until;                  ///< the last one ends
  Duration window{};           ///< length of each
  Duration step{};             ///< from one beginning to the next
  std::vector<float> windows;  ///< σ, or kNoCapacity; the largest of several where they are many
  Time peak_from;              ///< the window with the highest σ; nothing if none had any capacity
  Time peak_until;
};

/// When the demand for a credential or pool was highest.
struct ResourcePeak {
  Subject subject;
  Time from;
  Time until;
};

/// σ >= 1 without a break (of less than a window), as windows see it that have their middle there.
struct OverloadedStretch {
  Time from;
  Time until;
  double sigma = 0;  ///< the highest
};

}  // namespace sluice
