#include "experiments/rounds/looks.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace sluice {

Looks Looks::up_to(std::uint32_t most) {
  SLUICE_REQUIRE(most > 0, "an experiment has a replication");
  Looks looks;
  for (const std::uint32_t look : kLooks)
    if (look <= most) looks.at_[looks.count_++] = look;
  if (looks.count_ == 0 || looks.last() < most) looks.at_[looks.count_++] = most;
  return looks;
}

Looks Looks::at(std::uint32_t count) {
  SLUICE_REQUIRE(count > 0, "an experiment has a replication");
  Looks looks;
  looks.at_[looks.count_++] = count;
  return looks;
}

double Looks::nominal(double confidence) const {
  return 1 - (1 - confidence) / static_cast<double>(count_);
}

Looks looks_of(const Scenario& scenario) {
  if (scenario.replications) return Looks::at(*scenario.replications);
  const bool far = std::ranges::any_of(
      scenario.expectations, [](const Expectation& e) { return e.in_replications || e.precision; });
  return Looks::up_to(far ? kMostForShares : kMostForMeans);
}

}  // namespace sluice
