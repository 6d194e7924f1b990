// How many workers one pool ought to have: its plain arithmetic, event by event.
//
// Knows the scenario, the clock and the counts before and after an event, and nothing of how the
// pipeline arrives at them. What a pool without autoscaling ought to have is a function of time and
// of who is busy; with autoscaling it follows what was seen at the last look.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/observer.hpp"
#include "scenarios/scenario.hpp"

namespace sluice::test {

/// REQUIRES: one group; no two incidents begin or end at one instant, nor with a step of the
/// schedule or a look; repairs of constant length.
class IntendedWorkers {
 public:
  explicit IntendedWorkers(const Scenario& scenario);

  void incident(Time now, std::size_t which, bool begins, const WorkerCounts& before,
                const WorkerCounts& after);
  /// Any event of the pipeline's own. `waiting`: candidates by level, before it.
  void own_event(Time now, const std::array<std::uint32_t, kLevels>& waiting,
                 const std::array<std::uint32_t, kLevels>& busy, const WorkerCounts& before,
                 const WorkerCounts& after);
  /// An arrival, or a dispatch: nobody comes or goes.
  void nobody_comes_or_goes(Time now, const WorkerCounts& before, const WorkerCounts& after);

  const std::string& violations() const { return violations_; }

 private:
  struct Lost {
    std::optional<std::size_t> incident;  ///< none: a failure
    Time back;                            ///< of a failure
  };
  enum class Hands : std::uint8_t { plan, autoscaler, set_on_autoscaler };

  const WorkerPoolConfig& pool() const { return scenario_.pipeline.groups[0].workers; }
  /// The incident whose number counts.
  std::optional<std::size_t> number_set(Time now) const;
  std::uint32_t scheduled(Time now) const;
  Hands hands(Time now) const;
  std::uint32_t wanted(Time now) const;
  std::uint32_t counted(Time now, const WorkerCounts& counts) const;

  void look(Time now, const std::array<std::uint32_t, kLevels>& waiting,
            const std::array<std::uint32_t, kLevels>& busy, const WorkerCounts& before);
  void adjusted(const WorkerCounts& before, const WorkerCounts& after);
  void came_back(std::uint32_t count, const WorkerCounts& before, const WorkerCounts& after);
  void gone(std::uint32_t count, const WorkerCounts& before, const WorkerCounts& after);
  void restarted(const WorkerCounts& before, const WorkerCounts& after);
  void unchanged(const WorkerCounts& before, const WorkerCounts& after);
  void one_worker_changed(const WorkerCounts& before, const WorkerCounts& after);
  /// Lost ones leave first: those that are too many beside `present` others.
  void lost_leave(std::uint32_t present);
  void at_all_times(const WorkerCounts& after);
  void expect(bool holds, const char* what, const WorkerCounts& before, const WorkerCounts& after);

  const Scenario& scenario_;
  Time now_;
  std::vector<Lost> lost_;
  std::uint32_t planned_;  ///< by the autoscaler
  std::uint32_t kept_ = 0;
  std::optional<Time> wants_more_since_, wants_fewer_since_;
  std::string violations_;
};

}  // namespace sluice::test
