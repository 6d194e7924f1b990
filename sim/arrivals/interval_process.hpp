// Arrivals at intervals, whose own time a factor makes pass faster.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/random/random.hpp"
#include "sim/arrivals/arrival_process.hpp"
#include "sim/arrivals/factor_curve.hpp"

namespace sluice {

/// The own time of something that starts at `from` and goes faster by a factor. Both times agree
/// exactly while the factor is 1 and always was since then.
class OwnTime {
 public:
  OwnTime(const FactorCurve& factors, Time from)
      : piece_(&factors.at_if_open(from)), begun_(from), own_begun_(from) {}

  /// Time::never() if that comes to no end. REQUIRES: not before the own time asked for last.
  Time simulated(Time own) {
    for (;;) {
      const Time at = std::max(begun_, simulated_here(own));
      if (at < piece_->end || piece_->end == Time::never()) return at;
      const Duration passed = piece_->end - begun_;
      own_begun_ = own_begun_ + (piece_->factor == 1
                                     ? passed
                                     : Duration::from_seconds(passed.seconds() * piece_->factor));
      begun_ = piece_->end;
      ++piece_;
    }
  }

 private:
  /// As if this piece never ended.
  Time simulated_here(Time own) const {
    if (piece_->factor == 1) return begun_ + (own - own_begun_);
    if (piece_->factor <= 0) return Time::never();
    return begun_ + Duration::from_seconds((own - own_begun_).seconds() / piece_->factor);
  }

  const FactorPiece* piece_;
  Time begun_;      // in this piece
  Time own_begun_;  // own time then
};

/// One arrival each interval; with jitter, each moved by itself.
class IntervalProcess final : public ArrivalProcess {
 public:
  IntervalProcess(Duration interval, double jitter, std::uint64_t key, const FactorCurve& factors,
                  Time from)
      : interval_(interval),
        most_(jitter * interval.seconds()),
        stream_(key),
        tick_(from),
        next_(from),
        time_(factors, from),
        open_from_(factors.open_from()) {}

  Arrival next() override {
    for (;;) {
      tick_ = tick_ + interval_;
      next_ = most_ > 0 ? std::max(next_, tick_ + shift()) : tick_;
      const Time at = time_.simulated(next_);
      if (at >= open_from_) return {at, index_++};
    }
  }

 private:
  Duration shift() { return Duration::from_seconds(most_ * (2 * stream_.uniform() - 1)); }

  Duration interval_;
  double most_;  // seconds by which an arrival is moved at most
  Stream stream_;
  Time tick_;
  Time next_;
  OwnTime time_;
  Time open_from_;
  std::uint64_t index_ = 0;
};

}  // namespace sluice
