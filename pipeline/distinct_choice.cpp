#include "pipeline/distinct_choice.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace sluice {
namespace {

bool choose_from(std::span<const Offers> offers, std::size_t n, std::span<CredentialId> chosen) {
  if (n == offers.size()) return true;
  const auto taken = chosen.begin() + static_cast<std::ptrdiff_t>(n);
  for (std::size_t i = 0; i < offers[n].count; ++i) {
    chosen[n] = offers[n].credentials[i];
    if (std::find(chosen.begin(), taken, chosen[n]) == taken && choose_from(offers, n + 1, chosen))
      return true;
  }
  return false;
}

}  // namespace

bool choose_distinct(std::span<const Offers> offers, std::span<CredentialId> chosen) {
  SLUICE_REQUIRE(chosen.size() >= offers.size(), "there is a place for each choice");
  return choose_from(offers, 0, chosen);
}

bool can_be_met(std::span<const CredentialId> named,
                std::span<const std::span<const CredentialId>> pools) {
  std::array<Offers, kMaxNeeds> offers;
  std::array<CredentialId, kMaxNeeds> chosen;
  SLUICE_REQUIRE(pools.size() <= kMaxNeeds, "a run has few needs");
  for (std::size_t i = 0; i < pools.size(); ++i)
    for (const CredentialId member : pools[i])
      if (!offers[i].full() && std::find(named.begin(), named.end(), member) == named.end())
        offers[i].add(member);
  return choose_distinct(std::span(offers).first(pools.size()), chosen);
}

}  // namespace sluice
