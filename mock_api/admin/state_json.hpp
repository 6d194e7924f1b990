// What GET /_sluice/state says: queues, workers, credentials and workflows as they are now.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "base/epoch.hpp"
#include "base/text/json.hpp"
#include "mock_api/runs/run_store.hpp"
#include "mock_api/served_pipeline/served_pipeline.hpp"

namespace sluice {

/// What the admin API has paused; kinds as in its paths.
struct Paused {
  const std::set<std::pair<std::string, std::size_t>>& things;  ///< kind and index
  const std::set<std::pair<std::string, std::string>>& names;   ///< kind and name
};

/// `now`: after catch_up(). O(slots of runs).
Json state_json(Time now, const Epoch& epoch, const RunStore& runs, const ServedPipeline& pipeline,
                const Paused& paused);

}  // namespace sluice
