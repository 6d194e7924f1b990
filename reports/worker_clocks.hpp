// Clocks that split a candidate's wait by what the workers of its group did meanwhile (S6).
//
// Each clock runs at the share of present workers that do one thing: the part of a wait [u, v) is
// clock(v) - clock(u). O(1) per change and O(levels) per reading, whatever the number of waiting
// runs. With no worker present the start-up clock runs at 1.
#pragma once

#include <array>
#include <cstdint>

#include "pipeline/ids.hpp"
#include "pipeline/time.hpp"
#include "reports/integral.hpp"
#include "reports/wait_part.hpp"

namespace sluice {

/// Readings of the clocks at one instant, in ns.
struct ClockReading {
  std::array<double, kLevels> busy{};  ///< workers busy with runs of each level
  double own = 0;                      ///< … of the run's own level and workspace
  double start_up = 0;                 ///< workers starting or cooling
};

inline ClockReading operator-(const ClockReading& to, const ClockReading& from) {
  ClockReading spent;
  for (std::size_t k = 0; k < kLevels; ++k) spent.busy[k] = to.busy[k] - from.busy[k];
  spent.own = to.own - from.own;
  spent.start_up = to.start_up - from.start_up;
  return spent;
}

class WorkerClocks {
 public:
  std::uint32_t present() const { return present_; }
  std::uint32_t starting() const { return starting_.count(); }
  std::uint32_t cooling() const { return cooling_.count(); }
  std::uint32_t busy(PriorityLevel level) const { return busy_[index(level)].count(); }
  std::uint32_t busy() const { return busy_count_; }
  /// Never negative, also in the middle of a transition.
  std::uint32_t idle() const { return serving_ > busy_count_ ? serving_ - busy_count_ : 0; }

  void set_workers(Time now, std::uint32_t present, std::uint32_t starting, std::uint32_t cooling);
  void take(Time now, PriorityLevel level) {
    busy_[index(level)].add(now);
    ++busy_count_;
  }
  void give_back(Time now, PriorityLevel level) {
    busy_[index(level)].remove(now);
    --busy_count_;
  }
  /// Call now and then, at least once in 2^63 worker × ns: keeps differences of the integrals
  /// exact.
  void rebase(Time now);
  Time rebase_due() const { return rebase_due_; }

  /// Z(t) = ∫ dt / present: a workspace's own clock runs at (its busy workers) × Z.
  double normalised(Time now) const {
    return normalised_base_ + static_cast<double>(now.ns - base_.ns) * per_worker_;
  }
  void read(Time now, ClockReading& reading) const {
    for (std::size_t k = 0; k < kLevels; ++k) {
      const auto since =
          static_cast<std::int64_t>(busy_[k].low_bits_until(now) - busy_low_base_[k]);
      reading.busy[k] = busy_base_[k] + static_cast<double>(since) * per_worker_;
    }
    reading.start_up = start_up_base_ + static_cast<double>(now.ns - base_.ns) * start_up_rate_;
  }

  const CountIntegral& busy_integral(std::size_t level) const { return busy_[level]; }
  const CountIntegral& present_integral() const { return present_integral_; }
  const CountIntegral& starting_integral() const { return starting_; }
  const CountIntegral& cooling_integral() const { return cooling_; }
  void restart(Time now);

 private:
  std::array<CountIntegral, kLevels> busy_{};
  Time base_{};
  double per_worker_ = 0;  ///< 1 / present, 0 with none
  double start_up_rate_ = 1;
  double normalised_base_ = 0;
  double start_up_base_ = 0;
  std::array<double, kLevels> busy_base_{};
  std::array<std::uint64_t, kLevels> busy_low_base_{};
  Time rebase_due_ = Time::never();
  std::uint32_t present_ = 0;
  std::uint32_t serving_ = 0;  ///< present, neither starting nor cooling
  std::uint32_t busy_count_ = 0;
  CountIntegral present_integral_;
  CountIntegral starting_;
  CountIntegral cooling_;
};

/// The length `wait` of a candidate's segment split by how much each clock advanced in it, in whole
/// ns that add up to it exactly. Rounding goes to the largest part; what no worker was busy for is
/// `held_by_policy`.
WaitAttribution split_candidate_wait(Duration wait, PriorityLevel own_level,
                                     const ClockReading& spent);

}  // namespace sluice
