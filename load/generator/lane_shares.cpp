#include "load/generator/lane_shares.hpp"

#include <variant>

namespace sluice {

std::uint32_t LaneShares::client_of(SubmitterId submitter, std::uint64_t index) const {
  const Arrivals& arrivals = scenario.submitters[submitter.index()].arrivals;
  // Index i of a closed loop is client i mod clients: see Submitters.
  if (const auto* loop = std::get_if<ClosedLoop>(&arrivals)) index %= loop->clients;
  return static_cast<std::uint32_t>(index % clients);
}

}  // namespace sluice
