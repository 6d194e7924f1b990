// Incidents: timed changes of the world, as commands to the pipeline.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/event_queue.hpp"
#include "pipeline/pipeline.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Incidents may overlap. Of the same kind and on the same thing, factors multiply; the error rate,
/// the limit and each expiry time of a credential set last (by the incident that began last of
/// those that hold) count; a pause lasts until the last one ends. The number of workers that was
/// set last and still holds overrides a pool's schedule and autoscaler, which go on underneath. An
/// incident gives back the workers that it took itself. Factors on arrivals are not commands:
/// submitters know them in advance (sim/arrivals/factor_curve.hpp). Not thread-safe. Keeps
/// references.
class Incidents {
 public:
  Incidents(const Scenario& scenario, Pipeline& pipeline, EventQueue& events);

  /// Schedules everything up to `end`.
  void start(Time end);
  /// Handles kIncidentStart and kIncidentEnd.
  void handle(Time now, const Event& event);

 private:
  struct Effect;

  void apply(Time now, std::size_t incident, bool begins);
  /// Visits the incidents of one kind that are under way, in order of their start.
  template <class Change, class Visit>
  void for_each_active(Visit visit) const;
  template <class Change, class Has>
  double factor_of(Has has) const;

  const Scenario& scenario_;
  Pipeline* pipeline_;
  EventQueue& events_;
  std::vector<bool> active_;
};

}  // namespace sluice
