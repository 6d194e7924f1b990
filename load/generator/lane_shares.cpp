#include "load/generator/lane_shares.hpp"

#include <variant>

namespace sluice {

std::vector<bool> used_workspaces(const Scenario& scenario) {
  std::vector<bool> used(scenario.pipeline.workspaces.size());
  for (const SubmitterConfig& submitter : scenario.submitters) {
    for (const WorkspaceId workspace : submitter.workspaces) used[workspace.index()] = true;
    if (const auto* trace = std::get_if<TraceArrivals>(&submitter.arrivals))
      for (const TraceRow& row : *trace->rows)
        if (row.workspace.valid()) used[row.workspace.index()] = true;
  }
  return used;
}

std::uint32_t LaneShares::client_of(SubmitterId submitter, std::uint64_t index) const {
  const Arrivals& arrivals = scenario.submitters[submitter.index()].arrivals;
  // Index i of a closed loop is client i mod clients: see Submitters.
  if (const auto* loop = std::get_if<ClosedLoop>(&arrivals)) index %= loop->clients;
  return static_cast<std::uint32_t>(index % clients);
}

}  // namespace sluice
