#include "reports/expectations/share_of_replications.hpp"

#include <boost/math/distributions/binomial.hpp>

#include "base/check.hpp"
#include "base/text/units.hpp"

namespace sluice {
namespace {

using Binomial = boost::math::binomial_distribution<>;

double lower_bound(std::uint32_t successes, std::uint32_t trials, double confidence) {
  return Binomial::find_lower_bound_on_p(trials, successes, (1 - confidence) / 2);
}
double upper_bound(std::uint32_t successes, std::uint32_t trials, double confidence) {
  return Binomial::find_upper_bound_on_p(trials, successes, (1 - confidence) / 2);
}

std::string percent(double share) {
  const std::string text = format_share(share);
  return text.substr(0, text.rfind(' '));
}

}  // namespace

Interval clopper_pearson(std::uint32_t least, std::uint32_t most, std::uint32_t trials,
                         double confidence) {
  SLUICE_REQUIRE(least <= most && most <= trials && trials > 0, "successes are trials");
  SLUICE_REQUIRE(confidence > 0 && confidence < 1, "a confidence is between 0 and 1");
  return {lower_bound(least, trials, confidence), upper_bound(most, trials, confidence)};
}

std::optional<std::uint32_t> replications_to_pass(const ShareOfReplications& share, double wanted,
                                                  double confidence) {
  constexpr std::uint32_t kMost = 1'000'000'000;
  const std::uint32_t misses = share.missed + share.undecided;
  const auto passes = [&](std::uint32_t trials) {
    return trials > misses && lower_bound(trials - misses, trials, confidence) >= wanted;
  };
  if (wanted >= 1) return std::nullopt;
  std::uint32_t too_few = share.all();
  if (passes(too_few)) return too_few;
  std::uint32_t enough = too_few + 1;
  while (!passes(enough)) {
    if (enough > kMost / 2) return std::nullopt;
    too_few = enough;
    enough *= 2;
  }
  while (enough - too_few > 1) {
    const std::uint32_t middle = too_few + (enough - too_few) / 2;
    (passes(middle) ? enough : too_few) = middle;
  }
  return enough;
}

std::string share_text(const ShareOfReplications& share) {
  std::string text = std::to_string(share.held) + " of " + std::to_string(share.all()) + " held";
  if (share.undecided > 0) text += ", " + std::to_string(share.undecided) + " undecided";
  const auto [low, high] = share.bounds;
  return low < high ? text + " (" + percent(low) + " to " + percent(high) + " %)" : text;
}

}  // namespace sluice
