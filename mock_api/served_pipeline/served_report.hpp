// The report on what was served so far: the simulator's, of the time until now.
#pragma once

#include <string>

#include "mock_api/served_pipeline/served_pipeline.hpp"
#include "reports/report.hpp"

namespace sluice {

/// As run_experiment() would report the scenario's first replication, ended at `now`; complete once
/// the scenario's duration is over. Recording goes on. `now`: after advance().
Report served_report(ServedPipeline& pipeline, Time now, Engine engine, std::string build_id);

}  // namespace sluice
