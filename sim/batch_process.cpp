#include "sim/batch_process.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "pipeline/random.hpp"

namespace sluice {

BatchProcess::BatchProcess(const BatchArrivals& arrivals, std::uint64_t key, Time from,
                           Time horizon)
    : arrivals_(&arrivals), key_(key), horizon_(horizon) {
  while (begin_of(first_batch_) < from) ++first_batch_;
  next_batch_ = first_batch_;
}

Time BatchProcess::begin_of(std::uint64_t batch) const {
  const auto& at = arrivals_->at;
  if (arrivals_->period.ns <= 0) return batch < at.size() ? at[batch] : Time::never();
  const auto cycle = static_cast<std::int64_t>(batch / at.size());
  return at[batch % at.size()] + arrivals_->period * cycle;
}

Time BatchProcess::next() {
  if (returned_ && --moments_.back().count == 0) moments_.pop_back();
  return first();
}

Time BatchProcess::set_factor(Time now, double factor) {
  factor_ = factor;
  const auto still_to_begin = [&](const Moment& m) { return begin_of(m.batch) >= now; };
  std::erase_if(moments_, still_to_begin);
  while (next_batch_ > first_batch_ && begin_of(next_batch_ - 1) >= now) --next_batch_;
  return first();
}

/// Opens every batch that may hold the next run.
Time BatchProcess::first() {
  for (Time begin = begin_of(next_batch_); begin < horizon_; begin = begin_of(next_batch_)) {
    if (!moments_.empty() && moments_.back().at < begin) break;
    open(next_batch_++);
  }
  returned_ = !moments_.empty();
  return returned_ ? moments_.back().at : Time::never();
}

void BatchProcess::open(std::uint64_t batch) {
  Stream stream(stream_key(stream_key(key_, "batch"), batch));
  const double size = std::floor(arrivals_->size.sample(stream) * factor_ + 0.5);
  const auto count = static_cast<std::uint64_t>(std::clamp(size, 0.0, 1e9));
  const Time begin = begin_of(batch);
  if (count > 0 && arrivals_->spread.ns <= 0) {
    moments_.push_back({begin, batch, count});
  } else {
    for (std::uint64_t i = 0; i < count; ++i) {
      const double seconds = stream.uniform() * arrivals_->spread.seconds();
      moments_.push_back({begin + Duration::from_seconds(seconds), batch, 1});
    }
  }
  std::sort(moments_.begin(), moments_.end(), [](const Moment& a, const Moment& b) {
    return a.at != b.at ? a.at > b.at : a.batch > b.batch;
  });
}

}  // namespace sluice
