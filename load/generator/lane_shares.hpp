// How the runs of a load are divided among its lanes.
//
// Run i of an open-loop submitter and client i of a closed-loop one belong to client id
// (i mod clients) of their workspace, and that to lane (client id mod lanes), with everything that
// happens to them: lanes share nothing but the ids that the target gave before.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/ids.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Whether runs of a workspace are submitted, by WorkspaceId. Cost: O(rows of traces).
std::vector<bool> used_workspaces(const Scenario& scenario);

/// The reference outlives it. Any thread; O(1).
struct LaneShares {
  const Scenario& scenario;
  unsigned lanes = 1;
  std::uint32_t clients = 1;  ///< ids per workspace, at least `lanes`

  /// Of run `index` of a submitter: the number of its client id, and its lane.
  std::uint32_t client_of(SubmitterId submitter, std::uint64_t index) const;
  unsigned lane_of(SubmitterId submitter, std::uint64_t index) const {
    return client_of(submitter, index) % lanes;
  }
};

}  // namespace sluice
