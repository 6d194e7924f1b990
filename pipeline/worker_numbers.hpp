// The workers of a group that have a run, by number.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/ids.hpp"

namespace sluice {

/// Gives out numbers from 0: the one freed last first, a new one if none is free. Free places hold
/// the list of free numbers. O(1) but for what goes through all of them.
class WorkerNumbers {
 public:
  std::uint32_t take(RunSlot slot) {
    if (free_ == kNone) {
      places_.push_back(slot.value);
      return static_cast<std::uint32_t>(places_.size() - 1);
    }
    const std::uint32_t number = free_;
    free_ = places_[number] & ~kFree;
    places_[number] = slot.value;
    return number;
  }
  /// REQUIRES: taken.
  void give_back(std::uint32_t number) {
    places_[number] = free_ | kFree;
    free_ = number;
  }
  /// Numbers given out so far, free ones included.
  std::uint32_t count() const { return static_cast<std::uint32_t>(places_.size()); }
  /// The run that has it; none if it is free.
  RunSlot run(std::uint32_t number) const {
    return (places_[number] & kFree) == 0 ? RunSlot{places_[number]} : RunSlot::none();
  }
  /// Whether it is that of this run. REQUIRES: a number given out so far.
  bool is_of(RunSlot slot, std::uint32_t number) const { return places_[number] == slot.value; }
  /// The n-th run that has a worker, in order of the numbers; none if there are fewer. O(workers).
  RunSlot nth(std::uint32_t n) const {
    for (std::uint32_t number = 0; number < count(); ++number)
      if (run(number).valid() && n-- == 0) return run(number);
    return RunSlot::none();
  }

 private:
  static constexpr std::uint32_t kFree = 0x80000000;  // marks a free place
  static constexpr std::uint32_t kNone = ~kFree;      // end of the list

  std::vector<std::uint32_t> places_;  // slot of a run, or the next free number
  std::uint32_t free_ = kNone;         // the first
};

}  // namespace sluice
