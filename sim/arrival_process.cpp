#include "sim/arrival_process.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <variant>

#include "pipeline/random.hpp"
#include "sim/batch_process.hpp"
#include "sim/rate_cursor.hpp"
#include "sim/warped_clock.hpp"

namespace sluice {
namespace {

/// Poisson process of one rate: the common case, without any walking.
class HomogeneousPoisson final : public ArrivalProcess {
 public:
  HomogeneousPoisson(double per_second, std::uint64_t key, Time from)
      : mean_gap_(1 / per_second), stream_(key), next_(from), clock_(from) {}

  Time next() override {
    next_ = next_ + Duration::from_seconds(stream_.exponential() * mean_gap_);
    return clock_.simulated(next_);
  }
  Time set_factor(Time now, double factor) override {
    clock_.set_factor(now, factor);
    return clock_.simulated(next_);
  }

 private:
  double mean_gap_;
  Stream stream_;
  Time next_;
  WarpedClock clock_;
};

/// How far the integral of a changing rate has been taken, and how much of it is left to the next
/// arrival.
template <class Cursor>
struct Integration {
  Cursor cursor;  // on the piece that contains `position`
  Time position;
  double left = 0;
  double factor = 1;

  double rate_here() const {
    const RatePiece& piece = cursor.piece();
    return factor * (piece.rate + piece.slope * (position - piece.start).seconds());
  }
  /// Arrivals to be expected up to `end`, which lies in the same piece.
  double expected_until(Time end) const {
    const double seconds = (end - position).seconds();
    return seconds * (rate_here() + factor * cursor.piece().slope * seconds / 2);
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
    const double slope = factor * cursor.piece().slope;
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
  InvertedPoisson(Cursor cursor, std::uint64_t key, Time from, Time horizon)
      : done_{std::move(cursor), from}, stream_(key), horizon_(horizon), next_(from) {}

  Time next() override {
    done_.move(next_);
    done_.left = stream_.exponential();
    return next_ = find();
  }
  Time set_factor(Time now, double factor) override {
    if (now > done_.position) done_.move(now);
    done_.left = std::max(0.0, done_.left);
    done_.factor = factor;
    return next_ = find();
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
};

/// One arrival each interval; with jitter, each moved by itself.
class IntervalProcess final : public ArrivalProcess {
 public:
  IntervalProcess(Duration interval, double jitter, std::uint64_t key, Time from)
      : interval_(interval),
        most_(jitter * interval.seconds()),
        stream_(key),
        tick_(from),
        next_(from),
        clock_(from) {}

  Time next() override {
    tick_ = tick_ + interval_;
    next_ = most_ > 0 ? std::max(next_, tick_ + shift()) : tick_;
    return clock_.simulated(next_);
  }
  Time set_factor(Time now, double factor) override {
    clock_.set_factor(now, factor);
    return clock_.simulated(next_);
  }

 private:
  Duration shift() { return Duration::from_seconds(most_ * (2 * stream_.uniform() - 1)); }

  Duration interval_;
  double most_;  // seconds by which an arrival is moved at most
  Stream stream_;
  Time tick_;
  Time next_;
  WarpedClock clock_;
};

/// The recorded times from `from` on.
class TraceProcess final : public ArrivalProcess {
 public:
  TraceProcess(const std::vector<TraceRow>& rows, Time from)
      : rows_(&rows), row_(first_trace_row(rows, from)), clock_(from) {}

  Time next() override {
    next_ = row_ < rows_->size() ? (*rows_)[row_++].at : Time::never();
    return clock_.simulated(next_);
  }
  Time set_factor(Time now, double factor) override {
    clock_.set_factor(now, factor);
    return clock_.simulated(next_);
  }

 private:
  const std::vector<TraceRow>* rows_;
  std::size_t row_;
  Time next_;
  WarpedClock clock_;
};

struct Maker {
  using Process = std::unique_ptr<ArrivalProcess>;
  std::uint64_t key;
  Time from;
  Time horizon;

  Process operator()(const PoissonArrivals& a) const {
    const auto& points = a.rate.points;
    if (points.size() == 1 && points[0].per_second > 0)
      return std::make_unique<HomogeneousPoisson>(points[0].per_second, key, from);
    return std::make_unique<InvertedPoisson<CurveCursor>>(CurveCursor(a.rate, from), key, from,
                                                          horizon);
  }
  Process operator()(const ConstantArrivals& a) const {
    return std::make_unique<IntervalProcess>(a.interval, 0, key, from);
  }
  Process operator()(const JitteredArrivals& a) const {
    return std::make_unique<IntervalProcess>(a.interval, a.jitter, key, from);
  }
  Process operator()(const BurstArrivals& a) const {
    BurstCursor cursor(a, stream_key(key, "lengths"), from);
    return std::make_unique<InvertedPoisson<BurstCursor>>(std::move(cursor), key, from, horizon);
  }
  Process operator()(const BatchArrivals& a) const {
    return std::make_unique<BatchProcess>(a, key, from, horizon);
  }
  Process operator()(const TraceArrivals& a) const {
    return std::make_unique<TraceProcess>(*a.rows, from);
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
                                                     Time from, Time horizon) {
  return std::visit(Maker{key, from, horizon}, arrivals);
}

}  // namespace sluice
