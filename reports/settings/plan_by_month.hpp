// Plans of the months of a scenario: what is needed when.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/settings/experiment.hpp"
#include "reports/settings/plan.hpp"

namespace sluice {

struct PlannedMonth {
  std::string name;    ///< "2026-03", "month 3"
  std::string window;  ///< as the scenario's key `window` has it
  double days = 0;     ///< the first and the last may be parts of months
  PlanResult plan;     ///< of this window
};

struct PlanByMonth {
  ExperimentHeader header;           ///< of the scenario with all its time
  std::size_t planned = 0;           ///< months of the scenario
  std::vector<PlannedMonth> months;  ///< fewer than `planned`: it ended early
  Spent spent;

  /// Infeasible if a month is, else undecided if one is or was not reached.
  PlanStatus status() const;
  /// How many are so; those that were not reached are undecided.
  std::size_t count(PlanStatus status) const;
  /// Runs a day against the first month; none: nothing was tested, or the first has none.
  std::optional<double> load_of(const PlannedMonth& month) const;
  /// At most the probability that any winner does not meet its expectations.
  double all_errors() const { return 1 - header.confidence; }
};

}  // namespace sluice
