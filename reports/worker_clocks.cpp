#include "reports/worker_clocks.hpp"

#include <algorithm>

namespace sluice {

namespace {

// What is left after rounding five clocks is noise up to a few ns and a relative error of doubles.
constexpr double kNoiseNs = 64;
constexpr double kRelativeNoise = 1e-9;

std::int64_t whole(double ns) { return ns > 0 ? static_cast<std::int64_t>(ns + 0.5) : 0; }

}  // namespace

void WorkerClocks::rebase(Time now) {
  ClockReading reading;
  read(now, reading);
  busy_base_ = reading.busy;
  start_up_base_ = reading.start_up;
  normalised_base_ = normalised(now);
  for (std::size_t k = 0; k < kLevels; ++k) busy_low_base_[k] = busy_[k].low_bits_until(now);
  base_ = now;
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
  start_up_rate_ = present == 0 ? 1 : static_cast<double>(starting + cooling) * per_worker_;
}

void WorkerClocks::restart(Time now) {
  rebase(now);
  for (CountIntegral& integral : busy_) integral.restart(now);
  for (std::size_t k = 0; k < kLevels; ++k) busy_low_base_[k] = busy_[k].low_bits_until(now);
  present_integral_.restart(now);
  starting_.restart(now);
  cooling_.restart(now);
}

WaitAttribution split_candidate_wait(Duration wait, PriorityLevel own_level,
                                     const ClockReading& spent) {
  std::array<double, kLevels> busy = spent.busy;
  const double own = std::min(spent.own, busy[index(own_level)]);
  busy[index(own_level)] -= own;

  WaitAttribution split;
  for (std::size_t k = 0; k < kLevels; ++k) split.parts[k] = {whole(busy[k])};
  split[WaitPart::own_workspace] = {whole(own)};
  split[WaitPart::worker_start_up] = {whole(spent.start_up)};
  const Duration rest = wait - split.wait();
  const double noise = std::max(kNoiseNs, kRelativeNoise * static_cast<double>(wait.ns));
  if (static_cast<double>(rest.ns) > noise)
    split[WaitPart::held_by_policy] = rest;
  else
    *std::max_element(split.parts.begin(), split.parts.end()) += rest;
  return split;
}

}  // namespace sluice
