// Walks along an arrival rate that changes over time, piece by piece.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/random/random.hpp"
#include "base/time.hpp"
#include "scenarios/scenario.hpp"
#include "sim/arrivals/factor_curve.hpp"

namespace sluice {

/// Arrivals per second over [start, end): `rate` at the start, changing by `slope` per second.
struct RatePiece {
  Time start;
  Time end;
  double rate = 0;
  double slope = 0;
};

/// Position on a rate curve. The linear form of a periodic curve leads from its last point back to
/// its first; without a period the last rate lasts. Steps by the clocks of a calendar are found day
/// by day: O(log changes of its clocks) each. A value: a copy walks on by itself. Keeps a pointer
/// to the curve.
class CurveCursor {
 public:
  /// On the piece that contains `at`.
  CurveCursor(const RateCurve& curve, Time at);
  const RatePiece& piece() const { return piece_; }
  void advance();

 private:
  void load();
  void next_point();
  void begin_day();
  Time clock_time() const;

  const RateCurve* curve_;
  std::size_t point_ = 0;
  Time cycle_;
  RatePiece piece_;
  // By the clocks: points [point_, day_end_) are those left of this local day, which begins so long
  // after the first point's zero.
  std::int64_t day_ = 0;
  std::size_t day_end_ = 0;
  Duration day_offset_{};
};

/// Position on the rate of a two-state Markov-modulated Poisson process, whose pieces are drawn as
/// it goes. A value, with its own copy of the stream: a copy walks the same pieces.
class BurstCursor {
 public:
  BurstCursor(const BurstArrivals& bursts, std::uint64_t key, Time from);
  const RatePiece& piece() const { return piece_; }
  void advance();

 private:
  const BurstArrivals* bursts_;
  Stream lengths_;
  bool on_ = true;
  RatePiece piece_;
};

/// Position on what a factor above 1 adds to a rate. A value, as the cursor on that rate is. Keeps
/// pointers to the factors.
template <class Cursor>
class AddedRate {
 public:
  /// `cursor` is on the piece that contains `at`.
  AddedRate(Cursor cursor, const FactorCurve& factors, Time at)
      : cursor_(std::move(cursor)), factor_(&factors.at(at)) {
    load(at);
  }
  const RatePiece& piece() const { return piece_; }
  void advance() {
    const Time at = piece_.end;
    if (cursor_.piece().end == at) cursor_.advance();
    if (factor_->end == at) ++factor_;
    load(at);
  }

 private:
  void load(Time at) {
    const RatePiece& rate = cursor_.piece();
    const double more = std::max(0.0, factor_->factor - 1);
    piece_.start = at;
    piece_.end = std::min(rate.end, factor_->end);
    piece_.rate = more * (rate.rate + rate.slope * (at - rate.start).seconds());
    piece_.slope = more * rate.slope;
  }

  Cursor cursor_;
  const FactorPiece* factor_;
  RatePiece piece_;
};

}  // namespace sluice
