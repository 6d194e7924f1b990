// Incidents: timed changes of the world, as commands to the pipeline and to the submitters.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/event_queue.hpp"
#include "pipeline/pipeline.hpp"
#include "scenarios/scenario.hpp"
#include "sim/submitter.hpp"

namespace sluice {

/// Incidents may overlap. Of the same kind and on the same thing, factors multiply; the error rate,
/// the number of workers, the limit and each expiry time of a credential set last (by the incident
/// that began last of those that hold) count; a pause lasts until the last one ends. A step of a
/// pool's schedule takes effect during an incident too; when a number of workers no longer holds,
/// the pool goes back to what its schedule says at that time. Not thread-safe. Keeps references.
class Incidents {
 public:
  /// Without `submitters` (null), changes of their rates change nothing; without `pipeline` (null),
  /// only those do something.
  Incidents(const Scenario& scenario, Pipeline* pipeline, Submitters* submitters,
            EventQueue& events);

  /// Schedules everything up to `end`.
  void start(Time end);
  /// Handles kIncidentStart and kIncidentEnd.
  void handle(Time now, const Event& event);

 private:
  struct Effect;

  void apply(Time now, const Incident& incident, bool begins);
  /// Visits the incidents of one kind that are under way, in order of their start.
  template <class Change, class Visit>
  void for_each_active(Visit visit) const;
  template <class Change, class Has>
  double factor_of(Has has) const;
  template <class Change, class Has>
  bool first_or_last(Has has, bool begins) const;

  const Scenario& scenario_;
  Pipeline* pipeline_;
  Submitters* submitters_;
  EventQueue& events_;
  std::vector<bool> active_;
};

/// The number of workers that a pool's configuration asks for at a time: its schedule, or else its
/// count.
std::uint32_t scheduled_workers(const WorkerPoolConfig& pool, Time at);

}  // namespace sluice
