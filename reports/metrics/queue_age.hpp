// Queue age (S3): for how long the oldest waiting run of a level has been waiting, at every
// instant.
//
// A run's age counts from when it last joined the queue: its acceptance, or its latest requeue. To
// be told only when the oldest run changes: O(1), exact.
#pragma once

#include <algorithm>

#include "base/time.hpp"
#include "reports/instruments/integral.hpp"

namespace sluice {

struct QueueAgeTotals {
  Duration longest{};         ///< highest age
  Duration over_threshold{};  ///< time with an age above θ
  Int128 twice_area = 0;      ///< 2 ∫ age dt, ns²
};

class QueueAge {
 public:
  /// `oldest`: when the run that is the oldest from now on joined; Time::never(): nobody waits.
  void oldest_is(Time oldest, Time now, Duration threshold) {
    if (oldest_ != Time::never()) add(totals_, now, threshold);
    oldest_ = oldest;
    since_ = now;
  }
  QueueAgeTotals until(Time now, Duration threshold) const {
    QueueAgeTotals totals = totals_;
    if (oldest_ != Time::never()) add(totals, now, threshold);
    return totals;
  }
  void restart(Time now) {
    totals_ = {};
    since_ = now;
  }

 private:
  void add(QueueAgeTotals& totals, Time now, Duration threshold) const {
    const Int128 from = (since_ - oldest_).ns;
    const Int128 to = (now - oldest_).ns;
    totals.twice_area += to * to - from * from;
    totals.longest = std::max(totals.longest, now - oldest_);
    const Time passed = oldest_ + threshold;
    if (now > passed) totals.over_threshold += now - std::max(since_, passed);
  }

  Time oldest_ = Time::never();
  Time since_{};
  QueueAgeTotals totals_;
};

}  // namespace sluice
