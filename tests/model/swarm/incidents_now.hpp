// Incidents by the letter of the scenario: which are under way, what they say, and the same as
// steps of a script for the naive reference.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scenarios/scenario.hpp"
#include "tests/model/reference/script.hpp"

namespace sluice::swarm {

/// Told of every start and end, in order. Cost: linear in the incidents for each question.
class IncidentsNow {
 public:
  explicit IncidentsNow(const Scenario& scenario)
      : scenario_(scenario), since_(scenario.incidents.size(), 0) {}

  void begin(std::size_t incident) { since_[incident] = ++begun_; }
  void end(std::size_t incident) { since_[incident] = 0; }

  bool group_paused(GroupId group) const;
  bool workflow_paused(WorkflowId workflow) const;
  /// What the set_workers says that began last and still holds.
  std::optional<std::uint32_t> set_workers(GroupId group) const;
  /// Of a credential's limit and expiry times each as the incident says that began last and still
  /// holds.
  CredentialOverride limits(CredentialId credential) const;

  template <class Change, class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < since_.size(); ++i)
      if (since_[i] > 0)
        if (const auto* change = std::get_if<Change>(&scenario_.incidents[i].change))
          visit(*change, since_[i]);
  }

 private:
  const Scenario& scenario_;
  std::vector<std::uint64_t> since_;  ///< 0: not under way
  std::uint64_t begun_ = 0;
};

/// What the incidents do to the pipeline up to the scenario's end, in the order in which the
/// simulator does it.
std::vector<reference::Step> steps_of_incidents(const Scenario& scenario);

}  // namespace sluice::swarm
