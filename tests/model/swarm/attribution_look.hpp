// Bounds of S6 for every run that ended, from what is seen at the end of each instant:
//
// - the parts add up to the time in which the run waited
// - busy, starting and missing workers hold nobody while one is idle, or the group is paused
// - a limit or a login holds nobody whose workflow is paused, or all of whose credentials are
#pragma once

#include <vector>

#include "pipeline/pipeline.hpp"
#include "reports/recorder.hpp"
#include "scenarios/scenario.hpp"
#include "tests/model/swarm/faults.hpp"
#include "tests/model/swarm/incidents_now.hpp"
#include "tests/model/swarm/pools_seen.hpp"

namespace sluice::swarm {

/// Listens after the recorder. Keeps references. Cost of a look: linear in the runs.
class AttributionLook final : public PipelineObserver {
 public:
  AttributionLook(const Pipeline& pipeline, const Recorder& recorder, const PoolsSeen& pools,
                  const IncidentsNow& incidents, Faults& faults)
      : pipeline_(pipeline),
        recorder_(recorder),
        pools_(pools),
        incidents_(incidents),
        faults_(faults) {}

  /// At the beginning of an instant: what was seen last was so until now.
  void pass(Time now);
  /// At the end of an instant.
  void look(Time now);

  void accepted(Time now, const Run& run) override;
  void ended(Time now, const Run& run, Outcome outcome, EndReason reason) override;

 private:
  /// How long it waited, and how long of that under what.
  struct Waited {
    bool waits = false, worker_idle = false, group_paused = false, workflow_paused = false,
         credentials_paused = false;  ///< as seen last
    Duration all{}, beside_idle{}, in_paused_group{}, in_paused_workflow{}, on_paused{};
  };

  void check(Time now, const Run& run);

  const Pipeline& pipeline_;
  const Recorder& recorder_;
  const PoolsSeen& pools_;
  const IncidentsNow& incidents_;
  Faults& faults_;
  Time seen_;
  std::vector<Waited> waited_;  ///< by slot
};

}  // namespace sluice::swarm
