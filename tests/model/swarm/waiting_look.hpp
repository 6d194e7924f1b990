// Looks at the whole pipeline at the end of each instant: does anybody wait beside what it needs?
//
// - no run that its policy would start waits beside a worker that it may have
// - with autoscaling nobody who could start waits longer than a new worker takes to come, while
//   fewer than `max` are there and nothing else happens in the group
#pragma once

#include <span>
#include <vector>

#include "pipeline/pipeline.hpp"
#include "scenarios/scenario.hpp"
#include "tests/model/swarm/faults.hpp"
#include "tests/model/swarm/incidents_now.hpp"
#include "tests/model/swarm/pools_seen.hpp"

namespace sluice::swarm {

/// Keeps references. Cost of a look: quadratic in the runs in the pipeline.
class WaitingLook final : public PipelineObserver {
 public:
  WaitingLook(const Scenario& scenario, const Pipeline& pipeline, const PoolsSeen& pools,
              const IncidentsNow& incidents, Faults& faults);

  void look(Time now);

  // What a waiting run may owe its wait to begins anew.
  void dispatched(Time now, const Run& run) override { begin_anew(now, run.group); }
  void holding(Time now, const Run& run, const Blocker&) override { begin_anew(now, run.group); }
  void workers_changed(Time now, GroupId group, const WorkerCounts& counts) override;

 private:
  struct Group {
    Time since;  ///< nothing has happened that explains a wait
    std::uint32_t down = 0;
  };

  void begin_anew(Time now, GroupId group) { groups_[group.index()].since = now; }
  void look_at_group(Time now, GroupId group);
  void check_scaling(Time now, GroupId group, const Run* waiting);
  bool could_take_credentials(const Run& run) const;
  bool could_take_from(std::span<const Need> pools, std::vector<CredentialId>& taken) const;
  bool available(CredentialId credential) const;
  bool may_have_worker(const Run& run) const;
  std::uint32_t at_work(GroupId group, PriorityLevel level) const;
  std::uint32_t at_work(WorkspaceId workspace) const;
  template <class Holds>
  std::uint32_t count_at_work(Holds holds) const;

  const Scenario& scenario_;
  const Pipeline& pipeline_;
  const PoolsSeen& pools_;
  const IncidentsNow& incidents_;
  Faults& faults_;
  std::vector<Group> groups_;
};

}  // namespace sluice::swarm
