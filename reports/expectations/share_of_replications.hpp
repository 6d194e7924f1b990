// In how many replications a sentence held, and between which bounds the share lies of all
// replications that there could be: of days, of weeks.
//
// The bounds are exact, whatever the share: Clopper and Pearson, "The use of confidence or fiducial
// limits illustrated in the case of the binomial", Biometrika 26 (1934). Threads: all functions are
// pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reports/figures/figure.hpp"

namespace sluice {

struct ShareOfReplications {
  std::uint32_t held = 0;
  std::uint32_t missed = 0;
  std::uint32_t undecided = 0;  ///< count for neither side: the bounds take them both ways
  /// At the report's confidence; where nothing is drawn, the share itself.
  Interval bounds{0, 1};
  std::uint32_t all() const { return held + missed + undecided; }
  bool operator==(const ShareOfReplications&) const = default;
};

/// Two-sided: either bound is wrong with probability (1 - confidence) / 2 at most. The lower one is
/// that of `least` successes in `trials`, the upper one that of `most`. REQUIRES least <= most <=
/// trials, trials > 0, and a confidence between 0 and 1.
Interval clopper_pearson(std::uint32_t least, std::uint32_t most, std::uint32_t trials,
                         double confidence);

/// The least number of replications, those counted included, at which the lower bound reaches
/// `wanted` if all further ones hold. None: no number does (`wanted` is 1), or only one above 10⁹.
std::optional<std::uint32_t> replications_to_pass(const ShareOfReplications& share, double wanted,
                                                  double confidence);

/// "18 of 20 held (68.3 to 98.8 %)", "14 of 20 held, 2 undecided (45.7 to 94.3 %)"; without bounds
/// where they are the share itself.
std::string share_text(const ShareOfReplications& share);

}  // namespace sluice
