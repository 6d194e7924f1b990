// What monitoring is told of the served pipeline: runs by what they do, workers, waits, outcomes.
#pragma once

#include <vector>

#include "base/time.hpp"
#include "mock_api/served_pipeline/served_pipeline.hpp"
#include "mock_api/service_figure.hpp"

namespace sluice {

/// `now`: the service's, after advance(). O(slots of runs).
void add_pipeline_figures(const ServedPipeline& pipeline, Time now,
                          std::vector<ServiceFigure>& figures);

}  // namespace sluice
