// Two scenarios held against each other: a rule or a limit as it is and as it might be. Both are
// simulated on common random numbers, look by look, until every compared metric has changed beyond
// tolerance and noise, or is shown to be alike.
#pragma once

#include <string>

#include "experiments/rounds/looks.hpp"
#include "experiments/rounds/trial_runner.hpp"
#include "experiments/settings/variants.hpp"
#include "reports/compare/comparison.hpp"

namespace sluice {

struct ComparedSide {
  const Variants& variants;
  std::string name;                   ///< for people
  const TrialStore* store = nullptr;  ///< of this side alone; may be null
};

struct SideBySideOptions {
  ComparisonOptions comparison;  ///< its confidence is that of all looks together
  Looks looks = Looks::up_to(kMostForMeans);
  TrialOptions trials;  ///< without a store: each side has its own
};

/// Throws bad_input: a side in which nobody starts a run, sides that last differently long. Told to
/// stop, it compares the replications that both have. REQUIRES that both could be loaded.
ReportComparison compare_scenarios(const ComparedSide& base, const ComparedSide& changed,
                                   const SideBySideOptions& options);

}  // namespace sluice
