#include "sim/submitters/weighted_choice.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"

namespace sluice {
namespace {

__extension__ typedef unsigned __int128 Wide;
constexpr std::uint32_t kLeastParts = 1024;
constexpr std::uint32_t kPartsPerThing = 4;

std::uint64_t fraction_of_range(double fraction) {
  return fraction >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(fraction * 0x1.0p64);
}

}  // namespace

WeightedChoice WeightedChoice::uniform(std::size_t count) {
  SLUICE_REQUIRE(count > 0, "a choice of something");
  WeightedChoice choice;
  choice.parts_ = static_cast<std::uint32_t>(count);
  choice.last_ = choice.parts_ - 1;
  return choice;
}

WeightedChoice WeightedChoice::weighted(std::span<const double> weights) {
  WeightedChoice choice = uniform(weights.size());
  if (std::all_of(weights.begin(), weights.end(), [&](double w) { return w == weights[0]; }))
    return choice;

  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  SLUICE_REQUIRE(total > 0, "something has weight");
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i];
    choice.ends_.push_back(fraction_of_range(sum / total));
    if (weights[i] > 0) choice.last_ = static_cast<std::uint32_t>(i);
  }

  choice.parts_ = std::max<std::uint32_t>(kLeastParts, choice.parts_ * kPartsPerThing);
  std::uint32_t thing = 0;
  for (std::uint32_t part = 0; part < choice.parts_; ++part) {
    // The smallest bits that scale to this part: rounded up, so that no draw starts too far along.
    const auto first = static_cast<std::uint64_t>(
        ((static_cast<Wide>(part) << 64) + choice.parts_ - 1) / choice.parts_);
    while (thing < choice.last_ && first >= choice.ends_[thing]) ++thing;
    choice.guide_.push_back(thing);
  }
  return choice;
}

}  // namespace sluice
