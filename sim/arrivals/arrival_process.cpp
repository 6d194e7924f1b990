#include "sim/arrivals/arrival_process.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "base/random/random.hpp"
#include "sim/arrivals/added_runs.hpp"
#include "sim/arrivals/batch_process.hpp"
#include "sim/arrivals/rate_cursor.hpp"
#include "sim/arrivals/trace_process.hpp"

namespace sluice {
namespace {

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
      if (Stream(thinning_[arrival.index]).chance(factors_.at(arrival.at).factor)) return arrival;
    }
  }

 private:
  std::unique_ptr<ArrivalProcess> own_, added_;
  StreamKeys thinning_;  // by arrival
  const FactorCurve& factors_;
  Time horizon_;
  Arrival next_own_, next_added_;
};

/// The own time of something that starts at `from` and goes faster by a factor. Both times agree
/// exactly while the factor is 1 and always was since then.
class OwnTime {
 public:
  OwnTime(const FactorCurve& factors, Time from)
      : piece_(&factors.at(from)), begun_(from), own_begun_(from) {}

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
        time_(factors, from) {}

  Arrival next() override {
    tick_ = tick_ + interval_;
    next_ = most_ > 0 ? std::max(next_, tick_ + shift()) : tick_;
    return {time_.simulated(next_), index_++};
  }

 private:
  Duration shift() { return Duration::from_seconds(most_ * (2 * stream_.uniform() - 1)); }

  Duration interval_;
  double most_;  // seconds by which an arrival is moved at most
  Stream stream_;
  Time tick_;
  Time next_;
  OwnTime time_;
  std::uint64_t index_ = 0;
};

struct Maker {
  using Process = std::unique_ptr<ArrivalProcess>;
  std::uint64_t key;
  const FactorCurve& factors;
  Time from;
  Time horizon;

  template <class Cursor>
  Process inverted(Cursor cursor) const {
    return std::make_unique<InvertedPoisson<Cursor>>(std::move(cursor), key, from, horizon);
  }
  template <class Cursor>
  Process factored(Process own, const Cursor& cursor) const {
    if (factors.is_always_one()) return own;
    using Added = InvertedPoisson<AddedRate<Cursor>>;
    auto added = std::make_unique<Added>(AddedRate<Cursor>(cursor, factors, from),
                                         stream_key(key, "added"), from, horizon, kFirstAddedRun);
    return std::make_unique<FactoredPoisson>(std::move(own), std::move(added), key, factors,
                                             horizon);
  }

  Process operator()(const PoissonArrivals& a) const {
    const auto& points = a.rate.points;
    const CurveCursor cursor(a.rate, from);
    if (points.size() == 1 && points[0].per_second > 0)
      return factored(std::make_unique<HomogeneousPoisson>(points[0].per_second, key, from),
                      cursor);
    return factored(inverted(cursor), cursor);
  }
  Process operator()(const ConstantArrivals& a) const {
    return std::make_unique<IntervalProcess>(a.interval, 0, key, factors, from);
  }
  Process operator()(const JitteredArrivals& a) const {
    return std::make_unique<IntervalProcess>(a.interval, a.jitter, key, factors, from);
  }
  Process operator()(const BurstArrivals& a) const {
    const BurstCursor cursor(a, stream_key(key, "lengths"), from);
    return factored(inverted(cursor), cursor);
  }
  Process operator()(const BatchArrivals& a) const {
    return std::make_unique<BatchProcess>(a, key, factors, from, horizon);
  }
  Process operator()(const TraceArrivals& a) const {
    if (factors.is_always_one()) return std::make_unique<TraceProcess>(*a.rows, from);
    return std::make_unique<FactoredTrace>(*a.rows, key, factors, from, horizon);
  }
  Process operator()(const ClosedLoop&) const { return nullptr; }
};

}  // namespace

std::size_t first_trace_row(const std::vector<TraceRow>& rows, Time from) {
  const auto before = [](const TraceRow& row, Time time) { return row.at < time; };
  return static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), from, before) -
                                  rows.begin());
}

std::unique_ptr<ArrivalProcess> make_arrival_process(const Arrivals& arrivals, std::uint64_t key,
                                                     const FactorCurve& factors, Time from,
                                                     Time horizon) {
  return std::visit(Maker{key, factors, from, horizon}, arrivals);
}

}  // namespace sluice
