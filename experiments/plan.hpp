// A plan: the cheapest setting of a scenario that meets all expectations, found by tests that are
// guided by how figures respond, and confirmed with fresh seeds.
//
// 1. Search. A setting is tested in looks until its expectations are decided; the next one is that
//    which leaves the fewest settings whatever it comes to. A rejected setting rejects those that
//    are on the worse side of it in every choice, as far as responses are known or taken for what
//    is usual (more is better); a setting that passes leaves only cheaper ones.
// 2. What rests on responses that no pair of tested settings shows is tested; and of the settings
//    that were passed over the dearest, where the belief is most likely to fail. A setting that
//    passes against it takes the belief away, and the search goes on.
// 3. The cheapest that passed is confirmed with replications that the search did not use. The error
//    of the k-th confirmation is (1 - confidence) / 2^k, so that of all of them together at most
//    1 - confidence. One that fails is rejected, and the search goes on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/rounds/looks.hpp"
#include "experiments/rounds/trial_runner.hpp"
#include "experiments/settings/choice.hpp"
#include "experiments/settings/variants.hpp"
#include "reports/settings/plan.hpp"

namespace sluice {

struct PlanOptions {
  std::string cost;  ///< see SearchSpace
  Looks looks = Looks::up_to(kMostForMeans);
  std::uint32_t verified = 12;  ///< at most so many tests of what the search believed
  double share_of_error = 1;    ///< of 1 - confidence, for all confirmations together
  TrialOptions trials;
  std::string build_id;
};

/// Throws bad_input: nothing is expected, there is no cost, a setting cannot be loaded.
PlanResult plan(const Variants& variants, std::vector<Choice> choices, const PlanOptions& options);

/// The first two mistakes of these.
void require_plannable(const Variants& variants, const std::vector<Choice>& choices);
/// For one or several plans of the scenario; keeps a reference to the variants.
TrialRunner plan_runner(const Variants& variants, const PlanOptions& options);
/// A plan whose trials are run by a runner of its scenario.
PlanResult plan(const Variants& variants, std::vector<Choice> choices, const PlanOptions& options,
                TrialRunner& runner);

}  // namespace sluice
