#include "reports/instruments/worker_clocks.hpp"

#include <algorithm>

namespace sluice {

void WorkerClocks::rebase(Time now) {
  ClockReading reading;
  read(reading);
  busy_base_ = reading.busy;
  start_up_base_ = reading.start_up;
  normalised_base_ = normalised();
  for (std::size_t k = 0; k < kLevels; ++k) ticks_base_[k] = ticks_until_now(k);
  base_ns_ = spent_[kSplit];
  rebase_due_ = now + Duration{(std::int64_t{1} << 61) / std::max<std::int64_t>(1, present_)};
}

void WorkerClocks::set_workers(Time now, std::uint32_t present, std::uint32_t starting,
                               std::uint32_t cooling) {
  present_ = present;
  serving_ = present - std::min(present, starting + cooling);
  rebase(now);
  present_integral_.set(now, present);
  starting_.set(now, starting);
  cooling_.set(now, cooling);
  per_worker_ = present == 0 ? 0 : 1.0 / present;
  start_up_rate_ = static_cast<double>(starting + cooling) * per_worker_;
  find_standstill();
}

void WorkerClocks::set_paused(bool paused) {
  paused_ = paused;
  find_standstill();
}

void WorkerClocks::stand_still(Time now, bool candidates) {
  if (!candidates) return standstills_.clear();
  const Duration lasted = now - at_;
  if (lasted.ns == 0) return;
  Standstill before{{spent_[kPaused]}, {spent_[kNoWorker]}};
  (standstill_ == kPaused ? before.paused : before.no_worker) =
      Duration{spent_[standstill_] - lasted.ns};
  const bool goes_on = !standstills_.empty() && standstills_.back().until == at_ &&
                       standstills_.back().state == standstill_;
  if (goes_on)
    standstills_.back().until = now;
  else
    standstills_.push_back({at_, now, standstill_, before});
}

Standstill WorkerClocks::stood_still(Time from) const {
  const auto first = std::upper_bound(standstills_.begin(), standstills_.end(), from,
                                      [](Time t, const Stop& stop) { return t < stop.until; });
  if (first == standstills_.end()) return {};
  Standstill until_from = first->before;
  (first->state == kPaused ? until_from.paused : until_from.no_worker) +=
      std::max(Duration{}, from - first->from);
  return {Duration{spent_[kPaused]} - until_from.paused,
          Duration{spent_[kNoWorker]} - until_from.no_worker};
}

void WorkerClocks::restart(Time now) {
  for (CountIntegral& integral : busy_) integral.restart(now);
  present_integral_.restart(now);
  starting_.restart(now);
  cooling_.restart(now);
}

WaitAttribution split_candidate_wait(Duration wait, PriorityLevel own_level,
                                     const ClockReading& spent, const Standstill& stood) {
  std::array<double, kLevels> busy = spent.busy;
  const double own = std::min(spent.own, busy[index(own_level)]);
  busy[index(own_level)] -= own;

  WaitAttribution split;
  for (std::size_t k = 0; k < kLevels; ++k) split.parts[k] = {whole_ns(busy[k])};
  split[WaitPart::own_workspace] = {whole_ns(own)};
  split[WaitPart::worker_start_up] = {whole_ns(spent.start_up)};
  const Duration exact = Duration{spent.policy} + stood.paused + stood.no_worker;
  const Duration rest = wait - split.wait() - exact;
  *std::max_element(split.parts.begin(), split.parts.end()) += rest;
  split[WaitPart::held_by_policy] = {spent.policy};
  split[WaitPart::pause] = stood.paused;
  split[WaitPart::no_worker] = stood.no_worker;
  return split;
}

}  // namespace sluice
