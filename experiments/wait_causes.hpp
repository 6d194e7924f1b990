// What held runs that wait longer with one setting than with another: from the attribution of their
// waits, which a sweep does not record.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "experiments/rounds/trial.hpp"
#include "experiments/rounds/trial_runner.hpp"
#include "experiments/settings/variants.hpp"
#include "reports/settings/experiment.hpp"
#include "reports/settings/setting.hpp"

namespace sluice {

/// So many replications of each setting, the first ones, are simulated once more with attribution.
inline constexpr std::uint32_t kCauseReplications = 8;

class WaitCauses {
 public:
  /// `questions`: how many will be asked; the error is shared out over them and the parts of a
  /// wait. Keeps a reference to the variants.
  WaitCauses(const Variants& variants, const std::vector<Measure>& measures,
             const TrialOptions& options, std::size_t questions);

  /// "Runs of LOW wait longer there: on average 24m (12m before) with workers busy with HIGH
  /// runs": the parts of the mean wait that grow from `before` to `after` beyond chance, at most
  /// two. Empty: none does, the measure is no wait of all, a level or a workspace, or it was told
  /// to stop.
  std::string of(const Measure& measure, const Setting& before, const Setting& after);

 private:
  /// Null: told to stop.
  const Trial* attributed(const Setting& setting);

  TrialRunner runner_;
  std::map<std::string, Trial> trials_;  // by the setting's key
  std::vector<std::string> workspaces_;  // their names, by id
  double confidence_;
};

}  // namespace sluice
