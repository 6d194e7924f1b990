// Clocks that split a candidate's wait by what the workers of its group did meanwhile (S6).
//
// At each instant something holds a group's candidates: a pause of the group; else a rule, while a
// worker is idle; else that no worker is there; else what the workers do, of which each clock tells
// one: it runs at the share of present workers that do it, and stands still at all other times. The
// part of a wait [u, v) is clock(v) - clock(u). O(1) per change and O(levels) per reading, whatever
// the number of waiting runs.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/instruments/integral.hpp"

namespace sluice {

/// Readings of the clocks at one instant, in ns.
struct ClockReading {
  std::array<double, kLevels> busy{};  ///< workers busy with runs of each level
  double own = 0;                      ///< … of the run's own level and workspace
  double start_up = 0;                 ///< workers starting or cooling
  std::int64_t policy = 0;             ///< a worker idle
};

inline ClockReading operator-(const ClockReading& to, const ClockReading& from) {
  ClockReading spent;
  for (std::size_t k = 0; k < kLevels; ++k) spent.busy[k] = to.busy[k] - from.busy[k];
  spent.own = to.own - from.own;
  spent.start_up = to.start_up - from.start_up;
  spent.policy = to.policy - from.policy;
  return spent;
}

/// For how long none of the clocks ran.
struct Standstill {
  Duration paused{};
  Duration no_worker{};
};

class WorkerClocks {
 public:
  std::uint32_t present() const { return present_; }
  std::uint32_t starting() const { return starting_.count(); }
  std::uint32_t cooling() const { return cooling_.count(); }
  std::uint32_t busy(PriorityLevel level) const { return busy_[index(level)].count(); }
  std::uint32_t busy() const { return busy_count_; }
  /// Never negative, also in the middle of a transition.
  std::uint32_t idle() const { return serving_ > busy_count_ ? serving_ - busy_count_ : 0; }

  /// What is so now was so since the last call. To be called before the first change of an instant,
  /// and before a reading. `candidates`: whether there are any.
  void advance(Time now, bool candidates) {
    const std::size_t state = standstill_ != 0 ? standstill_ : idle() > 0;
    spent_[state] += now.ns - at_.ns;
    if (standstill_ != 0) [[unlikely]]
      stand_still(now, candidates);
    at_ = now;
  }
  void set_workers(Time now, std::uint32_t present, std::uint32_t starting, std::uint32_t cooling);
  void set_paused(bool paused);
  void take(Time now, PriorityLevel level) {
    busy_[index(level)].add(now);
    ticks_[index(level)] -= split_ns();
    ++busy_count_;
  }
  void give_back(Time now, PriorityLevel level) {
    busy_[index(level)].remove(now);
    ticks_[index(level)] += split_ns();
    --busy_count_;
  }
  /// Call now and then, at least once in 2^63 worker × ns: keeps differences of the integrals
  /// exact.
  void rebase(Time now);
  Time rebase_due() const { return rebase_due_; }

  // -- of the instant of the last advance()
  /// Z(t) = ∫ dt / present while the clocks run: a workspace's own clock runs at (its busy workers)
  /// × Z.
  double normalised() const {
    return normalised_base_ + static_cast<double>(spent_[kSplit] - base_ns_) * per_worker_;
  }
  void read(ClockReading& reading) const {
    for (std::size_t k = 0; k < kLevels; ++k) {
      const auto since = static_cast<std::int64_t>(ticks_until_now(k) - ticks_base_[k]);
      reading.busy[k] = busy_base_[k] + static_cast<double>(since) * per_worker_;
    }
    reading.start_up =
        start_up_base_ + static_cast<double>(spent_[kSplit] - base_ns_) * start_up_rate_;
    reading.policy = spent_[kIdle];
  }
  /// Whether the clocks stood still at some time since `from`. O(1).
  bool stood_still_since(Time from) const {
    return !standstills_.empty() && standstills_.back().until > from;
  }
  /// For how long since `from`, at which there was a candidate and has been since. O(log pauses).
  Standstill stood_still(Time from) const;

  const CountIntegral& busy_integral(std::size_t level) const { return busy_[level]; }
  const CountIntegral& present_integral() const { return present_integral_; }
  const CountIntegral& starting_integral() const { return starting_; }
  const CountIntegral& cooling_integral() const { return cooling_; }
  /// The integrals begin anew; the clocks go on, for candidates hold readings of them.
  void restart(Time now);

 private:
  /// What holds the candidates: what the workers do, a rule, a pause, that there is none.
  enum State : std::size_t { kSplit, kIdle, kPaused, kNoWorker };

  /// One time without a break in which the clocks stood still, while there were candidates.
  struct Stop {
    Time from, until;
    std::size_t state = kPaused;
    Standstill before;  ///< of all time before it
  };

  std::uint64_t split_ns() const { return static_cast<std::uint64_t>(spent_[kSplit]); }
  std::uint64_t ticks_until_now(std::size_t k) const {
    return ticks_[k] + busy_[k].count() * split_ns();
  }
  [[gnu::cold]] void stand_still(Time now, bool candidates);
  void find_standstill() { standstill_ = paused_ ? kPaused : present_ == 0 ? kNoWorker : kSplit; }

  std::array<CountIntegral, kLevels> busy_{};
  /// ∫ busy over the time in which the clocks run, in worker × ns modulo 2^64.
  std::array<std::uint64_t, kLevels> ticks_{};
  std::array<std::int64_t, 4> spent_{};  ///< ns in each State until at_
  std::size_t standstill_ = kNoWorker;   ///< kSplit: none
  Time at_{};
  std::uint32_t present_ = 0;
  std::uint32_t serving_ = 0;  ///< present, neither starting nor cooling
  std::uint32_t busy_count_ = 0;
  bool paused_ = false;
  double per_worker_ = 0;  ///< 1 / present, 0 with none
  double start_up_rate_ = 0;
  std::int64_t base_ns_ = 0;  ///< of spent_[kSplit]
  double normalised_base_ = 0;
  double start_up_base_ = 0;
  std::array<double, kLevels> busy_base_{};
  std::array<std::uint64_t, kLevels> ticks_base_{};
  Time rebase_due_ = Time::never();
  CountIntegral present_integral_;
  CountIntegral starting_;
  CountIntegral cooling_;
  std::vector<Stop> standstills_;  ///< since there last was no candidate
};

/// `ns` to the nearest whole one, a half down; never negative.
inline std::int64_t whole_ns(double ns) {
  // Short of a half by more than the clocks' error, so that their halves go down as well.
  constexpr double kBelowHalf = 0.496;
  return ns > 0 ? static_cast<std::int64_t>(ns + kBelowHalf) : 0;
}

/// The length `wait` of a candidate's segment split by how much each clock advanced in it, in whole
/// ns that add up to it exactly. What rounding leaves goes to the largest part that was rounded.
WaitAttribution split_candidate_wait(Duration wait, PriorityLevel own_level,
                                     const ClockReading& spent, const Standstill& stood = {});

}  // namespace sluice
