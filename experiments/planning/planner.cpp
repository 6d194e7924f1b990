#include "experiments/planning/planner.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {
namespace {

/// Confirmations begin with this replication, each with a range of its own: the search never comes
/// so far.
constexpr std::uint32_t kFreshSeeds = 1'000'000;

/// Of so many candidates at most, the one that leaves the fewest is looked for.
constexpr std::size_t kMostWeighed = 1'500;

/// How sure a pair of settings has to be to count for a response. The pairs are many.
constexpr double kResponseConfidence = 0.999;

SettingStanding standing_of(Status status) {
  if (status == Status::failed) return SettingStanding::rejected;
  return status == Status::passed ? SettingStanding::passed : SettingStanding::undecided;
}

}  // namespace

Planner::Planner(const SearchSpace& space, const Measures& measures, TrialRunner& runner,
                 const Looks& looks, double confidence, double all_errors)
    : space_(space),
      measures_(measures),
      runner_(runner),
      looks_(looks),
      all_errors_(all_errors),
      nominal_(looks.nominal(confidence)),
      responses_(measures.all.size(), space.dimensions()),
      standings_(space.size(), SettingStanding::untested) {}

const Trial* Planner::trial(std::size_t number) const {
  const auto found = trials_.find(number);
  return found == trials_.end() ? nullptr : &found->second;
}

double Planner::error_of(std::uint32_t confirmation) const {
  return all_errors_ / std::pow(2.0, confirmation);
}

Spent Planner::spent() const {
  Spent spent;
  spent.settings = trials_.size();
  const auto add = [&](const Trial& trial) {
    spent.replications += trial.results.size();
    spent.runs += trial.runs;
  };
  for (const auto& [number, trial] : trials_) add(trial);
  for (const auto& [number, trial] : confirmations_) add(trial);
  return spent;
}

std::vector<std::size_t> Planner::failed_measures(const Trial& trial) const {
  std::vector<std::size_t> failed;
  for (const ExpectationResult& result : trial.judged.expectations)
    for (std::size_t m = 0; m < measures_.all.size(); ++m)
      if (result.status == Status::failed && is_about(measures_.all[m], result.expectation))
        failed.push_back(m);
  return failed;
}

bool Planner::run(Trial& trial, double nominal) {
  for (std::size_t look = 0; look < looks_.count(); ++look) {
    Trial* const one = &trial;
    if (!runner_.run({&one, 1}, looks_[look], nominal)) return false;
    if (trial.judged.is_decided()) return true;
  }
  return true;
}

bool Planner::test(std::size_t number) {
  if (trials_.contains(number)) return true;
  Trial trial;
  trial.setting = space_.setting(number);
  if (!run(trial, nominal_)) return false;
  standings_[number] = standing_of(trial.judged.status());
  tested_.push_back(number);
  trials_.emplace(number, std::move(trial));
  learn_from(number);
  return true;
}

void Planner::learn_from(std::size_t number) {
  const Trial& trial = trials_.at(number);
  if (standings_[number] == SettingStanding::passed)
    if (const auto ground = grounds_.find(number); ground != grounds_.end())
      for (std::size_t d = 0; d < space_.dimensions(); ++d)
        if (space_.rank(number, d) != space_.rank(ground->second.failed, d))
          responses_.contradict(ground->second.measure, d);
  for (const std::size_t other : tested_) {
    const std::optional<std::size_t> dimension = space_.only_difference(number, other);
    if (!dimension || !space_.is_ordered(*dimension)) continue;
    const bool more = space_.rank(number, *dimension) > space_.rank(other, *dimension);
    const Trial& low = more ? trials_.at(other) : trial;
    const Trial& high = more ? trial : trials_.at(other);
    for (std::size_t m = 0; m < measures_.all.size(); ++m)
      responses_.note(m, *dimension,
                      paired_difference(values_in(low, measures_.all[m]),
                                        values_in(high, measures_.all[m]), kResponseConfidence),
                      measures_.all[m].lower_is_better);
  }
  presume();
}

void Planner::presume() {
  grounds_.clear();
  for (std::size_t i = 0; i < space_.size(); ++i)
    if (standings_[i] == SettingStanding::presumed) standings_[i] = SettingStanding::untested;
  for (const std::size_t failed : tested_) {
    if (standings_[failed] != SettingStanding::rejected) continue;
    for (const std::size_t measure : failed_measures(trials_.at(failed)))
      for (std::size_t i = 0; i < space_.size(); ++i) {
        if (standings_[i] != SettingStanding::untested) continue;
        if (!responses_.follows(measure, space_, failed, i)) continue;
        standings_[i] = SettingStanding::presumed;
        grounds_[i] = {failed, measure};
      }
  }
}

std::optional<std::size_t> Planner::best() const {
  for (std::size_t i = 0; i < space_.size(); ++i)
    if (standings_[i] == SettingStanding::passed || standings_[i] == SettingStanding::confirmed)
      return i;
  return std::nullopt;
}

std::optional<std::size_t> Planner::winner() const {
  const std::optional<std::size_t> cheapest = best();
  return cheapest && standings_[*cheapest] == SettingStanding::confirmed ? cheapest : std::nullopt;
}

/// The candidate that leaves the fewest in its worse case. A candidate is cheaper than the best so
/// far; if it passes, those that cost as much or more go, if not, those with less of everything.
std::optional<std::size_t> Planner::next_test() const {
  const std::optional<std::size_t> cheapest = best();
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < space_.size(); ++i) {
    if (cheapest && space_.cost(i) >= space_.cost(*cheapest)) break;
    if (standings_[i] == SettingStanding::untested) candidates.push_back(i);
  }
  if (candidates.empty()) return std::nullopt;
  const std::size_t stride = 1 + candidates.size() / kMostWeighed;
  std::size_t chosen = candidates.front();
  double most = -1;
  for (std::size_t c = 0; c < candidates.size(); c += stride) {
    double below = 0;
    for (std::size_t o = 0; o < candidates.size(); o += stride) {
      bool all = true;
      for (std::size_t d = 0; d < space_.dimensions() && all; ++d) {
        const std::uint32_t mine = space_.rank(candidates[c], d);
        const std::uint32_t others = space_.rank(candidates[o], d);
        all = space_.is_ordered(d) ? others <= mine : others == mine;
      }
      below += all ? 1 : 0;
    }
    const auto dearer = static_cast<double>((candidates.size() - c + stride - 1) / stride);
    const double worth = std::min(below, dearer) + 1e-3 * (below + dearer);
    if (worth <= most) continue;
    most = worth;
    chosen = candidates[c];
  }
  return chosen;
}

std::optional<std::size_t> Planner::probe_of(std::size_t presumed) const {
  const Ground& ground = grounds_.at(presumed);
  for (std::size_t d = 0; d < space_.dimensions(); ++d) {
    if (space_.rank(presumed, d) == space_.rank(ground.failed, d)) continue;
    if (responses_.of(ground.measure, d) != Response::unseen) continue;
    // As far from the failed one as the belief reaches, in this choice alone.
    const int steps = static_cast<int>(space_.rank(presumed, d)) -
                      static_cast<int>(space_.rank(ground.failed, d));
    const std::optional<std::size_t> probe = space_.moved(ground.failed, d, steps);
    if (probe && !trials_.contains(*probe)) return probe;
  }
  return std::nullopt;
}

std::optional<std::size_t> Planner::next_verification() const {
  const std::size_t end = best().value_or(space_.size());
  for (std::size_t i = 0; i < end; ++i)
    if (standings_[i] == SettingStanding::presumed)
      if (const auto probe = probe_of(i)) return probe;
  for (std::size_t i = end; i-- > 0;)
    if (standings_[i] == SettingStanding::presumed) return i;
  return std::nullopt;
}

bool Planner::confirm(std::size_t number) {
  const auto confirmation = static_cast<std::uint32_t>(confirmations_.size()) + 1;
  Trial trial;
  trial.setting = space_.setting(number);
  trial.first = kFreshSeeds * confirmation;
  // One side of the interval is all that can let an infeasible setting pass.
  const double nominal = 1 - 2 * error_of(confirmation) / static_cast<double>(looks_.count());
  if (!run(trial, nominal)) return false;
  const SettingStanding standing = standing_of(trial.judged.status());
  standings_[number] = standing == SettingStanding::passed ? SettingStanding::confirmed : standing;
  confirmations_.emplace_back(number, std::move(trial));
  return true;
}

bool Planner::search(std::uint32_t verified) {
  for (;;) {
    if (const auto next = next_test()) {
      if (!test(*next)) return false;
      continue;
    }
    if (const auto next = verified > 0 ? next_verification() : std::nullopt) {
      --verified;
      if (!test(*next)) return false;
      continue;
    }
    const std::optional<std::size_t> cheapest = best();
    if (!cheapest || standings_[*cheapest] == SettingStanding::confirmed) return true;
    if (!confirm(*cheapest)) return false;
  }
}

}  // namespace sluice
