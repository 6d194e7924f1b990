#include "sim/arrivals/batch_process.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "base/calendar/calendar.hpp"
#include "base/calendar/civil_date.hpp"
#include "base/random/random.hpp"
#include "sim/arrivals/added_runs.hpp"

namespace sluice {

BatchProcess::BatchProcess(const BatchArrivals& arrivals, std::uint64_t key,
                           const FactorCurve& factors, Time from, Time horizon)
    : arrivals_(&arrivals),
      key_(key),
      factors_(factors),
      horizon_(horizon),
      added_index_(kFirstAddedRun) {
  if (arrivals.calendar) first_day_ = arrivals.calendar->local_day(from);
  while (begin_of(next_batch_) < from) ++next_batch_;
}

Time BatchProcess::begin_of(std::uint64_t batch) const {
  const auto& at = arrivals_->at;
  if (arrivals_->calendar) {
    const Time of_day = at[batch % at.size()];
    const std::int64_t day = day_of(static_cast<std::int64_t>(batch / at.size()));
    return arrivals_->calendar->time_of(day, of_day - Time::zero());
  }
  if (arrivals_->period.ns <= 0) return batch < at.size() ? at[batch] : Time::never();
  const auto cycle = static_cast<std::int64_t>(batch / at.size());
  return at[batch % at.size()] + arrivals_->period * cycle;
}

std::int64_t BatchProcess::day_of(std::int64_t cycle) const {
  switch (arrivals_->every) {
    case Recurrence::day:
      return first_day_ + cycle;
    case Recurrence::week:
      return first_day_ + cycle * 7;
    case Recurrence::month:
      break;
  }
  return days_from_civil(plus_months(civil_from_days(first_day_), cycle));
}

Arrival BatchProcess::next() {
  for (;;) {
    open_batches();
    if (moments_.empty()) return {};
    Moment& moment = moments_.back();
    if (moment.kept > 0) {
      --moment.kept;
      return {moment.at, index_++};
    }
    index_ += std::exchange(moment.left_out, 0);
    if (moment.added > 0) {
      --moment.added;
      return {moment.at, added_index_++};
    }
    moments_.pop_back();
  }
}

/// Opens every batch that may hold the next run.
void BatchProcess::open_batches() {
  for (Time begin = begin_of(next_batch_); begin < horizon_; begin = begin_of(next_batch_)) {
    if (!moments_.empty() && moments_.back().at < begin) return;
    open(next_batch_++);
  }
}

void BatchProcess::open(std::uint64_t batch) {
  Stream stream(stream_key(stream_key(key_, "batch"), batch));
  const Time begin = begin_of(batch);
  const double size = arrivals_->size.sample(stream);
  const auto bounded = [](double count) {
    return static_cast<std::uint64_t>(std::clamp(std::floor(count), 0.0, 1e9));
  };
  const std::uint64_t own = bounded(size + 0.5);
  const double factor = factors_.at(begin).factor;
  std::uint64_t count = own;
  if (factor != 1) {
    Stream rounding(stream_key(stream_key(key_, "rounding"), batch));
    count = bounded(static_cast<double>(own) * factor + rounding.uniform());
  }
  if (arrivals_->spread.ns <= 0) {
    const std::uint64_t kept = std::min(own, count);
    if (own + count > 0) moments_.push_back({begin, batch, 0, kept, own - kept, count - kept});
  } else {
    for (std::uint64_t i = 0; i < std::max(own, count); ++i) {
      const double seconds = stream.uniform() * arrivals_->spread.seconds();
      moments_.push_back({begin + Duration::from_seconds(seconds), batch, i, i < own && i < count,
                          i < own && i >= count, i >= own});
    }
  }
  std::sort(moments_.begin(), moments_.end(), [](const Moment& a, const Moment& b) {
    return std::tie(a.at, a.batch, a.draw) > std::tie(b.at, b.batch, b.draw);
  });
}

}  // namespace sluice
