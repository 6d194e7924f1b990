// Runs in the making (T2, S1): submitted, and neither accepted nor given up. They wait for another
// attempt after a refusal, or for an answer.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.hpp"
#include "reports/instruments/integral.hpp"

namespace sluice {

/// How many there are, and the time that they have had. O(1), whatever their number.
class SubmittingRuns {
 public:
  std::uint64_t count() const { return count_; }
  /// Of these, those that the API refused at least once.
  std::uint64_t refused() const { return std::min(refused_, count_); }
  /// Σ over them of the time since their first request, in ns.
  Int128 until(Time t) const { return static_cast<Int128>(count_) * t.ns - since_; }

  void begin(Time submitted) {
    ++count_;
    since_ += submitted.ns;
  }
  void refuse() { ++refused_; }
  /// Of a run that nobody told of before, nothing changes.
  void end(Time submitted, bool refused) {
    if (count_ == 0) return;
    --count_;
    since_ -= submitted.ns;
    if (refused && refused_ > 0) --refused_;
  }
  SubmittingRuns& operator+=(const SubmittingRuns& o) {
    count_ += o.count_;
    refused_ += o.refused_;
    since_ += o.since_;
    return *this;
  }

 private:
  std::uint64_t count_ = 0;
  std::uint64_t refused_ = 0;
  Int128 since_ = 0;  ///< Σ of their first requests
};

}  // namespace sluice
