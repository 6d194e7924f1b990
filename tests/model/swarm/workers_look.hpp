// The plain account of a pool: how many workers there should be, by the scenario alone.
//
// - without autoscaling and random failures: present and lost ones together are as many as the
//   target says; more only while all of them are busy, and none of them lost
// - a set_workers in force holds with autoscaling, too
// - the end of an incident gives back what that incident took
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/pipeline.hpp"
#include "scenarios/scenario.hpp"
#include "tests/model/swarm/faults.hpp"
#include "tests/model/swarm/incidents_now.hpp"

namespace sluice::swarm {

/// Keeps references.
class WorkersLook {
 public:
  WorkersLook(const Scenario& scenario, const Pipeline& pipeline, const IncidentsNow& incidents,
              Faults& faults);

  /// Before and after an incident starts or ends.
  void before_incident(std::size_t incident);
  void after_incident(Time now, std::size_t incident, bool begins);
  /// At the end of an instant.
  void look(Time now);

 private:
  void look_at_group(Time now, GroupId group);

  const Scenario& scenario_;
  const Pipeline& pipeline_;
  const IncidentsNow& incidents_;
  Faults& faults_;
  std::uint32_t down_before_ = 0;
  std::vector<std::uint32_t> took_;  ///< by incident
};

}  // namespace sluice::swarm
