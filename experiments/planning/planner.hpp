// The search of a plan: which settings were tested, which are passed over, which is next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "experiments/planning/responses.hpp"
#include "experiments/planning/search_space.hpp"
#include "experiments/rounds/looks.hpp"
#include "experiments/rounds/measures.hpp"
#include "experiments/rounds/trial.hpp"
#include "experiments/rounds/trial_runner.hpp"
#include "reports/settings/plan.hpp"

namespace sluice {

/// One thread; the runner has its own.
class Planner {
 public:
  /// `all_errors`: of all confirmations together. Keeps references.
  Planner(const SearchSpace& space, const Measures& measures, TrialRunner& runner,
          const Looks& looks, double confidence, double all_errors);

  /// Finds the cheapest setting that is confirmed; of those that were passed over at most
  /// `verified` are tested. May be called again when tests have shown a cheaper one. False: see
  /// TrialRunner::end().
  bool search(std::uint32_t verified);

  /// The confirmed setting, unless a cheaper one has passed since.
  std::optional<std::size_t> winner() const;
  SettingStanding standing(std::size_t number) const { return standings_[number]; }
  /// Null: not tested.
  const Trial* trial(std::size_t number) const;
  /// Settings and the trials of their confirmations, in order; the k-th, from 1, has error_of(k).
  using Confirmation = std::pair<std::size_t, Trial>;
  const std::vector<Confirmation>& confirmations() const { return confirmations_; }
  /// At most the probability with which an infeasible setting passes it.
  double error_of(std::uint32_t confirmation) const;
  /// The rejected setting that a presumed one follows from, and by which measure.
  struct Ground {
    std::size_t failed = 0;
    std::size_t measure = 0;
  };
  const Ground& ground(std::size_t number) const { return grounds_.at(number); }
  const Responses& responses() const { return responses_; }
  /// Tests a setting, if it was not, to the last look that decides; at least the first. False:
  /// see TrialRunner::end().
  bool test(std::size_t number);
  const std::vector<std::size_t>& tested() const { return tested_; }
  Spent spent() const;
  double nominal() const { return nominal_; }

 private:
  /// Measures whose expectations fail in the trial.
  std::vector<std::size_t> failed_measures(const Trial& trial) const;
  std::optional<std::size_t> next_test() const;
  /// The cheapest that passed or is confirmed.
  std::optional<std::size_t> best() const;
  /// Presumed settings whose belief no tested pair shows yet, or that are to be verified.
  std::optional<std::size_t> next_verification() const;
  /// A test that would show the response by which a setting is presumed.
  std::optional<std::size_t> probe_of(std::size_t presumed) const;
  bool confirm(std::size_t number);
  void learn_from(std::size_t number);
  void presume();
  bool run(Trial& trial, double nominal);

  const SearchSpace& space_;
  const Measures& measures_;
  TrialRunner& runner_;
  const Looks& looks_;
  double all_errors_;
  double nominal_;
  Responses responses_;
  std::vector<SettingStanding> standings_;
  std::map<std::size_t, Trial> trials_;
  std::vector<std::size_t> tested_;  // in the order of the tests
  std::map<std::size_t, Ground> grounds_;
  std::vector<Confirmation> confirmations_;
};

}  // namespace sluice
