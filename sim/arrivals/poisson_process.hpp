// Poisson processes: of one rate, of a changing rate, and of a rate that a factor multiplies.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/random/random.hpp"
#include "sim/arrivals/arrival_process.hpp"
#include "sim/arrivals/factor_curve.hpp"
#include "sim/arrivals/rate_cursor.hpp"

namespace sluice {

/// Poisson process of one rate: the common case, without any walking.
class HomogeneousPoisson final : public ArrivalProcess {
 public:
  HomogeneousPoisson(double per_second, std::uint64_t key, Time from)
      : mean_gap_(1 / per_second), stream_(key), next_(from) {}

  Arrival next() override {
    next_ = next_ + Duration::from_seconds(stream_.exponential() * mean_gap_);
    return {next_, index_++};
  }

 private:
  double mean_gap_;
  Stream stream_;
  Time next_;
  std::uint64_t index_ = 0;
};

/// How far the integral of a changing rate has been taken, and how much of it is left to the next
/// arrival.
template <class Cursor>
struct Integration {
  Cursor cursor;  // on the piece that contains `position`
  Time position;
  double left = 0;

  double rate_here() const {
    const RatePiece& piece = cursor.piece();
    return piece.rate + piece.slope * (position - piece.start).seconds();
  }
  /// Arrivals to be expected up to `end`, which lies in the same piece.
  double expected_until(Time end) const {
    const double seconds = (end - position).seconds();
    return seconds * (rate_here() + cursor.piece().slope * seconds / 2);
  }
  void move_in_piece(Time to) {
    left -= expected_until(to);
    position = to;
  }
  void move(Time to) {
    while (cursor.piece().end <= to) {
      move_in_piece(cursor.piece().end);
      cursor.advance();
    }
    move_in_piece(to);
  }
  /// Where the integral is used up, if that is in this piece.
  Time end_in_piece() const {
    const double rate = rate_here();
    const double slope = cursor.piece().slope;
    if (rate <= 0 && slope <= 0) return Time::never();
    const double root = std::sqrt(std::max(0.0, rate * rate + 2 * slope * left));
    return position + Duration::from_seconds(2 * left / (rate + root));
  }
};

/// Poisson process of a changing rate: each arrival comes when the integral of the rate has grown
/// by an exponential draw since the one before.
template <class Cursor>
class InvertedPoisson final : public ArrivalProcess {
 public:
  InvertedPoisson(Cursor cursor, std::uint64_t key, Time from, Time horizon,
                  std::uint64_t first_index = 0)
      : done_{std::move(cursor), from},
        stream_(key),
        horizon_(horizon),
        next_(from),
        index_(first_index) {}

  Arrival next() override {
    done_.move(next_);
    done_.left = stream_.exponential();
    next_ = find();
    return {next_, index_++};
  }

 private:
  Time find() const {
    Integration<Cursor> ahead = done_;
    for (;;) {
      const Time end = ahead.cursor.piece().end;
      if (end == Time::never()) return ahead.end_in_piece();
      if (ahead.expected_until(end) >= ahead.left) return std::min(ahead.end_in_piece(), end);
      ahead.move_in_piece(end);
      if (end >= horizon_) return Time::never();
      ahead.cursor.advance();
    }
  }

  Integration<Cursor> done_;
  Stream stream_;
  Time horizon_;
  Time next_;
  std::uint64_t index_;
};

/// A Poisson process whose rate is multiplied by a factor: its own arrivals, of which a factor
/// below 1 keeps each by a draw of its own, and those of a process of what a factor above 1 adds to
/// the rate.
class FactoredPoisson final : public ArrivalProcess {
 public:
  FactoredPoisson(std::unique_ptr<ArrivalProcess> own, std::unique_ptr<ArrivalProcess> added,
                  std::uint64_t key, const FactorCurve& factors, Time horizon)
      : own_(std::move(own)),
        added_(std::move(added)),
        thinning_(stream_key(key, "thinning")),
        factors_(factors),
        horizon_(horizon),
        next_own_(own_->next()),
        next_added_(added_->next()) {}

  Arrival next() override {
    for (;;) {
      if (std::min(next_own_.at, next_added_.at) >= horizon_) return {};
      if (next_added_.at < next_own_.at) return std::exchange(next_added_, added_->next());
      const Arrival arrival = std::exchange(next_own_, own_->next());
      const double factor = factors_.at(arrival.at).factor;
      if (factor >= 1 || Stream(thinning_[arrival.index]).chance(factor)) return arrival;
    }
  }

 private:
  std::unique_ptr<ArrivalProcess> own_, added_;
  StreamKeys thinning_;  // by arrival
  const FactorCurve& factors_;
  Time horizon_;
  Arrival next_own_, next_added_;
};

}  // namespace sluice
