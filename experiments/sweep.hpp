// A sweep: settings of a scenario side by side, each simulated until its expectations are decided.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/rounds/looks.hpp"
#include "experiments/rounds/trial_runner.hpp"
#include "experiments/settings/variants.hpp"
#include "reports/settings/sweep.hpp"

namespace sluice {

struct SweepOptions {
  std::string cost;  ///< an expression over params and the choices; empty: none
  /// Each setting stops at the first look where all is decided; nothing to decide: at the first.
  Looks looks = Looks::up_to(kMostForMeans);
  TrialOptions trials;
  std::string build_id;
};

/// Sweeps the settings, and the scenario as it is, which the others are held against: if it is none
/// of them it comes first. Memory: a row for each setting, and what its replications say of each
/// measure. Throws bad_input for a setting that cannot be loaded.
SweepResult sweep(const Variants& variants, std::vector<Setting> settings,
                  const SweepOptions& options);

}  // namespace sluice
