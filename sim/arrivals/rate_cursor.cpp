#include "sim/arrivals/rate_cursor.hpp"

namespace sluice {

CurveCursor::CurveCursor(const RateCurve& curve, Time at) : curve_(&curve) {
  if (curve.period.ns > 0) cycle_ = Time{at.ns / curve.period.ns * curve.period.ns};
  load();
  while (piece_.end <= at) advance();
}

void CurveCursor::advance() {
  if (++point_ == curve_->points.size()) {
    point_ = 0;
    cycle_ = cycle_ + curve_->period;
  }
  load();
}

void CurveCursor::load() {
  const auto& points = curve_->points;
  const bool last = point_ + 1 == points.size();
  const bool periodic = curve_->period.ns > 0;
  piece_.start = cycle_ + (points[point_].at - Time::zero());
  piece_.end = !last      ? cycle_ + (points[point_ + 1].at - Time::zero())
               : periodic ? cycle_ + curve_->period
                          : Time::never();
  piece_.rate = points[point_].per_second;
  piece_.slope = 0;
  if (curve_->linear && piece_.end != Time::never() && piece_.end > piece_.start) {
    const double next = points[last ? 0 : point_ + 1].per_second;
    piece_.slope = (next - piece_.rate) / (piece_.end - piece_.start).seconds();
  }
}

BurstCursor::BurstCursor(const BurstArrivals& bursts, std::uint64_t key, Time from)
    : bursts_(&bursts), lengths_(key) {
  piece_.end = from;
  advance();
}

void BurstCursor::advance() {
  on_ = !on_;
  const Duration mean = on_ ? bursts_->mean_on : bursts_->mean_off;
  piece_.start = piece_.end;
  piece_.end = piece_.start + Duration::from_seconds(lengths_.exponential() * mean.seconds());
  piece_.rate = on_ ? bursts_->on_per_second : bursts_->off_per_second;
}

}  // namespace sluice
