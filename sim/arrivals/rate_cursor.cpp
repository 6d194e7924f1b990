#include "sim/arrivals/rate_cursor.hpp"

#include "base/calendar/calendar.hpp"
#include "base/check.hpp"

namespace sluice {

CurveCursor::CurveCursor(const RateCurve& curve, Time at) : curve_(&curve) {
  if (curve.calendar) {
    day_ = curve.calendar->local_day(at);
    begin_day();
  } else if (curve.period.ns > 0) {
    cycle_ = Time{at.ns / curve.period.ns * curve.period.ns};
  }
  load();
  while (piece_.end <= at) advance();
}

void CurveCursor::advance() {
  // Where clocks are put forward steps may be skipped: they have no length.
  do {
    next_point();
    load();
  } while (curve_->calendar && piece_.end <= piece_.start);
}

void CurveCursor::next_point() {
  ++point_;
  if (curve_->calendar) {
    if (point_ < day_end_) return;
    ++day_;
    begin_day();
  } else if (point_ == curve_->points.size()) {
    point_ = 0;
    cycle_ = cycle_ + curve_->period;
  }
}

void CurveCursor::begin_day() {
  const auto& points = curve_->points;
  const bool weekly = curve_->period.ns > kNsPerDay;
  day_offset_ = Duration{weekly ? kNsPerDay * curve_->calendar->weekday(day_) : 0};
  const auto before = [](const RateCurve::Point& point, Time time) { return point.at < time; };
  const auto find = [&](Time time) {
    return static_cast<std::size_t>(std::lower_bound(points.begin(), points.end(), time, before) -
                                    points.begin());
  };
  point_ = find(Time::zero() + day_offset_);
  day_end_ = find(Time::zero() + day_offset_ + Duration{kNsPerDay});
  SLUICE_CHECK(point_ < day_end_, "each day has a step from 00:00 on", piece_.start, kNoRun);
}

Time CurveCursor::clock_time() const {
  return curve_->calendar->time_of(day_, curve_->points[point_].at - Time::zero() - day_offset_);
}

void CurveCursor::load() {
  const auto& points = curve_->points;
  if (curve_->calendar) {
    CurveCursor next = *this;
    next.next_point();
    piece_ = {clock_time(), next.clock_time(), points[point_].per_second, 0};
    return;
  }
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
