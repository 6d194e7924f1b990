// When the replications of a setting are looked at, and how sure an interval has to be there.
//
// Who looks again and again until an interval decides, and stops then, sees a wrong one more often
// than 1 - confidence says. So the error is spent over the looks, evenly: that any of the intervals
// of a setting misses has at most that probability (Bonferroni), whichever look ends it and however
// the values depend on each other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "scenarios/scenario.hpp"

namespace sluice {

/// Replications at each look: half as many again as before.
inline constexpr std::array<std::uint32_t, 14> kLooks{5,  8,   12,  18,  27,  40,  60,
                                                      90, 135, 200, 300, 450, 675, 1000};
/// Of means this is as far as is gone; a share of the replications takes more of them.
inline constexpr std::uint32_t kMostForMeans = 200;
inline constexpr std::uint32_t kMostForShares = 1000;

/// The looks of an experiment that takes at most so many replications of a setting; one number
/// alone is one look.
class Looks {
 public:
  /// By rounds up to `most`. REQUIRES most > 0. Below the first look: one look, at `most`.
  static Looks up_to(std::uint32_t most);
  /// One look, at `count`. REQUIRES count > 0.
  static Looks at(std::uint32_t count);

  std::size_t count() const { return count_; }
  /// Replications at look `number`, from 0.
  std::uint32_t operator[](std::size_t number) const { return at_[number]; }
  std::uint32_t last() const { return at_[count_ - 1]; }
  /// Of the interval at each look, so that all of them hold together with `confidence`.
  double nominal(double confidence) const;

 private:
  std::array<std::uint32_t, kLooks.size() + 1> at_{};
  std::size_t count_ = 0;
};

/// Of a scenario that is judged by itself: one look, if the number of replications is given.
Looks looks_of(const Scenario& scenario);

}  // namespace sluice
