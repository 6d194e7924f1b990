#include "experiments/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "base/calendar/calendar.hpp"
#include "base/failure.hpp"
#include "experiments/planning/planner.hpp"
#include "experiments/planning/search_space.hpp"
#include "experiments/response.hpp"
#include "experiments/rounds/measures.hpp"
#include "reports/figures/figure_text.hpp"
#include "reports/summary/expectations.hpp"

namespace sluice {
namespace {

/// Measures within so much of the least relative room bind as well.
constexpr double kAlsoBinds = 0.02;

/// How much of the limit is left, relative to it; none: nothing was measured, or `==`.
std::optional<double> relative_room(const ExpectationResult& result) {
  const Expectation& e = result.expectation;
  const std::optional<double> room = margin(result);
  const double limit = e.in_replications.value_or(e.limit);
  if (!room || limit == 0) return std::nullopt;
  return *room / limit;
}

class Plan {
 public:
  Plan(const Variants& variants, std::vector<Choice> choices, const PlanOptions& options,
       TrialRunner& runner)
      : options_(options),
        space_(std::move(choices), variants, options.cost),
        measures_(measures_of(*variants.base().scenario)),
        runner_(runner),
        all_errors_((1 - variants.base().scenario->confidence) * options.share_of_error),
        planner_(space_, measures_, runner_, options.looks, variants.base().scenario->confidence,
                 all_errors_) {
    result_.header =
        experiment_header(variants, options.looks, space_.cost_text(), options.build_id);
    result_.measures = measures_.all;
    result_.expected = measures_.expected;
  }

  PlanResult run() {
    bool complete = planner_.search(options_.verified);
    if (complete && planner_.winner()) complete = look_around();
    result_.header.complete = complete;
    result_.header.waiting = runner_.end() == RunEnd::waiting;
    tell_status();
    tell_settings();
    if (planner_.winner()) tell_winner();
    tell_load();
    result_.spent = planner_.spent();
    result_.spent.replications += base_.results.size();
    result_.spent.runs += base_.runs;
    return std::move(result_);
  }

 private:
  /// Tests a step less and a step more of each choice, and the scenario as it is, so that the
  /// winner can be held against them. A step less that passes, against what was believed, is where
  /// the search goes on. False: see TrialRunner::end().
  bool look_around() {
    for (std::optional<std::size_t> around; around != planner_.winner();) {
      around = planner_.winner();
      if (!test_steps(*around) || !planner_.search(0)) return false;
    }
    Trial* const base = &base_;
    return runner_.run({&base, 1}, options_.looks[0], planner_.nominal());
  }

  bool test_steps(std::size_t around) {
    for (std::size_t d = 0; d < space_.dimensions(); ++d) {
      if (!space_.is_ordered(d)) continue;
      for (const int steps : {-1, +1})
        if (const auto moved = space_.moved(around, d, steps))
          if (!planner_.test(*moved)) return false;
    }
    return true;
  }

  void tell_status() {
    if (planner_.winner()) {
      result_.status = PlanStatus::found;
      return;
    }
    bool all_rejected = result_.header.complete;
    for (std::size_t i = 0; i < space_.size(); ++i)
      all_rejected &= planner_.standing(i) == SettingStanding::rejected ||
                      planner_.standing(i) == SettingStanding::presumed;
    result_.status = all_rejected ? PlanStatus::infeasible : PlanStatus::undecided;
    if (all_rejected) tell_unmet();
  }

  /// Which sentence holds nowhere; or else that they never hold together.
  void tell_unmet() {
    std::map<std::string, bool> met;
    for (const std::size_t number : planner_.tested())
      for (const ExpectationResult& result : planner_.trial(number)->judged.expectations)
        met[result.expectation.sentence] |= result.status == Status::passed;
    for (const auto& [sentence, anywhere] : met)
      if (!anywhere)
        result_.unmet.push_back(sentence + ": no setting that was tested meets it" +
                                best_of(sentence));
    if (result_.unmet.empty())
      result_.unmet.emplace_back("each expectation is met somewhere, but nowhere all of them");
  }

  std::string best_of(const std::string& sentence) const {
    const ExpectationResult* best = nullptr;
    std::size_t at = 0;
    for (const std::size_t number : planner_.tested())
      for (const ExpectationResult& result : planner_.trial(number)->judged.expectations) {
        if (result.expectation.sentence != sentence || !relative_room(result)) continue;
        if (best != nullptr && *relative_room(result) <= *relative_room(*best)) continue;
        best = &result;
        at = number;
      }
    if (best == nullptr) return {};
    return fmt::format("; nearest is {} with {}", space_.setting(at).text(), best->reason);
  }

  std::string why(std::size_t number) const {
    if (planner_.standing(number) == SettingStanding::presumed) {
      const Planner::Ground& ground = planner_.ground(number);
      return fmt::format("{} is no better than with {}", measures_.all[ground.measure].text,
                         space_.setting(ground.failed).text());
    }
    const Trial* trial = planner_.trial(number);
    if (trial == nullptr) return {};
    for (const ExpectationResult& result : trial->judged.expectations)
      if (result.status != Status::passed)
        return result.expectation.sentence + ": " + result.reason;
    return {};
  }

  PlannedSetting planned(std::size_t number) const {
    PlannedSetting planned;
    planned.setting = space_.setting(number);
    planned.cost = space_.cost(number);
    planned.standing = planner_.standing(number);
    planned.why = why(number);
    if (const Trial* trial = planner_.trial(number)) tell_trial(*trial, planned);
    return planned;
  }

  void tell_trial(const Trial& trial, PlannedSetting& planned) const {
    planned.replications = static_cast<std::uint32_t>(trial.results.size());
    planned.expectations = trial.judged.expectations;
    planned.figures.clear();
    for (const Measure& measure : measures_.all)
      planned.figures.push_back(figure_in(trial, measure));
  }

  void tell_settings() {
    std::vector<std::size_t> tested = planner_.tested();
    std::ranges::sort(tested);
    for (const std::size_t number : tested) result_.tested.push_back(planned(number));
    tell_frontier();
    tell_certificate();
  }

  void tell_frontier() {
    const auto has_passed = [](const PlannedSetting& setting) {
      return setting.standing == SettingStanding::passed ||
             setting.standing == SettingStanding::confirmed;
    };
    const auto burdens = [&](const PlannedSetting& setting) {
      return burdens_of(setting.cost, setting.figures, result_.measures, result_.expected);
    };
    for (const PlannedSetting& setting : result_.tested) {
      if (!has_passed(setting)) continue;
      const Burdens mine = burdens(setting);
      const auto beats_it = [&](const PlannedSetting& other) {
        return has_passed(other) && beats(burdens(other), mine);
      };
      if (std::ranges::none_of(result_.tested, beats_it)) result_.frontier.push_back(setting);
    }
  }

  void tell_certificate() {
    PlanCertificate& certificate = result_.certificate;
    certificate.all_errors = all_errors_;
    std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> rests;
    for (std::size_t i = 0; i < space_.size(); ++i) {
      if (planner_.winner() && space_.cost(i) >= space_.cost(*planner_.winner())) break;
      ++certificate.cheaper;
      switch (planner_.standing(i)) {
        case SettingStanding::rejected:
          ++certificate.rejected;
          break;
        case SettingStanding::presumed:
          ++certificate.presumed;
          note_ground(i, rests);
          break;
        case SettingStanding::untested:
          ++certificate.untested;
          if (result_.open.size() < kMostOpen) result_.open.push_back(planned(i));
          break;
        case SettingStanding::undecided:
        case SettingStanding::passed:
        case SettingStanding::confirmed:
          ++certificate.undecided;
          if (result_.open.size() < kMostOpen) result_.open.push_back(planned(i));
          break;
      }
    }
    for (const auto& [of, count] : rests) {
      const bool less = planner_.responses().of(of.first, of.second) != Response::worse;
      certificate.rests_on.push_back(
          {fmt::format("{} gets no better with {} {}", measures_.all[of.first].text,
                       less ? "less" : "more", space_.choice(of.second).name),
           planner_.responses().pairs(of.first, of.second), count});
    }
    for (std::size_t m = 0; m < measures_.all.size(); ++m)
      for (std::size_t d = 0; d < space_.dimensions(); ++d)
        if (const Response response = planner_.responses().of(m, d);
            response == Response::mixed || response == Response::worse)
          certificate.contradictions.push_back(
              fmt::format("{} {} with more {}", measures_.all[m].text,
                          response == Response::mixed ? "gets now better, now worse"
                          : m < measures_.expected    ? "gets farther from its limit"
                                                      : "gets worse",
                          space_.choice(d).name));
  }

  void note_ground(std::size_t number,
                   std::map<std::pair<std::size_t, std::size_t>, std::uint64_t>& rests) const {
    const Planner::Ground& ground = planner_.ground(number);
    for (std::size_t d = 0; d < space_.dimensions(); ++d)
      if (space_.rank(number, d) != space_.rank(ground.failed, d)) ++rests[{ground.measure, d}];
  }

  void tell_winner() {
    const std::size_t number = *planner_.winner();
    PlannedSetting winner = planned(number);
    // What it was confirmed with is what it is: the search chose it for its own replications.
    for (std::uint32_t k = 0; k < planner_.confirmations().size(); ++k) {
      const auto& [confirmed, trial] = planner_.confirmations()[k];
      if (confirmed != number) continue;
      tell_trial(trial, winner);
      result_.certificate.confirmation = k + 1;
      result_.certificate.error = planner_.error_of(k + 1);
    }
    result_.certificate.replications = winner.replications;
    winner.why.clear();
    tell_binding(winner);
    tell_steps(number);
    tell_worse(number);
    result_.winner = std::move(winner);
  }

  /// Of the winner, or else of the first setting that was tested.
  void tell_load() {
    const Trial* of = planner_.tested().empty() ? nullptr : planner_.trial(planner_.tested()[0]);
    if (planner_.winner()) of = planner_.trial(*planner_.winner());
    if (of == nullptr) return;
    double accepted = 0;
    double days = 0;
    for (const ReplicationResult& result : of->results) {
      const Figure* const count = result.figures.find(Metric::accepted_count, {});
      accepted += count == nullptr ? 0 : count->value;
      days += static_cast<double>((result.until - result.from).ns) / static_cast<double>(kNsPerDay);
    }
    result_.runs_per_day = accepted / days;
  }

  void tell_binding(const PlannedSetting& winner) {
    double least = std::numeric_limits<double>::infinity();
    for (const ExpectationResult& result : winner.expectations)
      if (const auto room = relative_room(result)) least = std::min(least, *room);
    for (const ExpectationResult& result : winner.expectations)
      if (const auto room = relative_room(result); room && *room <= least + kAlsoBinds)
        result_.binding.push_back(result.expectation.sentence);
  }

  void tell_steps(std::size_t winner) {
    for (std::size_t d = 0; d < space_.dimensions(); ++d) {
      if (!space_.is_ordered(d)) continue;
      // One that ended early may not have come to them.
      const auto is_tested = [&](std::optional<std::size_t> to) {
        return to && planner_.trial(*to) != nullptr;
      };
      if (const auto less = space_.moved(winner, d, -1); is_tested(less))
        result_.less.push_back(step(winner, d, *less));
      if (const auto more = space_.moved(winner, d, +1); is_tested(more))
        result_.more.push_back(step(winner, d, *more));
    }
  }

  PlanStep step(std::size_t winner, std::size_t dimension, std::size_t to) const {
    PlanStep step;
    step.choice = space_.choice(dimension).name;
    step.setting = planned(to);
    step.cost_difference = space_.cost(to) - space_.cost(winner);
    for (const ExpectationResult& result : step.setting.expectations)
      if (is_missed(result.status)) step.broken.push_back(result.expectation.sentence);
    for (const Measure& measure : measures_.all)
      step.differences.push_back(paired_difference(values_in(*planner_.trial(winner), measure),
                                                   values_in(*planner_.trial(to), measure),
                                                   planner_.nominal()));
    return step;
  }

  /// What nothing limits, and who pays for the winner against the scenario as it is.
  void tell_worse(std::size_t winner) {
    for (std::size_t m = measures_.expected; m < measures_.all.size(); ++m) {
      const Measure& measure = measures_.all[m];
      const std::vector<double> before = values_in(base_, measure);
      const std::vector<double> after = values_in(*planner_.trial(winner), measure);
      const PairedDifference difference = paired_difference(before, after, planner_.nominal());
      const bool known = difference.interval.has_value();
      const double low = known ? difference.interval->low : difference.mean;
      const double high = known ? difference.interval->high : difference.mean;
      if (measure.lower_is_better ? low <= 0 : high >= 0) continue;
      const Unit unit = info(measure.metric).unit;
      const auto was = figure_in(base_, measure);
      const auto is = figure_in(*planner_.trial(winner), measure);
      result_.got_worse.push_back(fmt::format("{} {} → {}", measure.text,
                                              was ? compact(was->value, unit) : "–",
                                              is ? compact(is->value, unit) : "–"));
    }
  }

  static constexpr std::size_t kMostOpen = 100;

  const PlanOptions& options_;
  SearchSpace space_;
  Measures measures_;
  TrialRunner& runner_;
  double all_errors_;
  Planner planner_;
  Trial base_;
  PlanResult result_;
};

}  // namespace

void require_plannable(const Variants& variants, const std::vector<Choice>& choices) {
  const Scenario& scenario = *variants.base().scenario;
  if (scenario.expectations.empty() && scenario.reaches.empty())
    throw bad_input(variants.file() +
                    " expects nothing, so that the cheapest setting would do: say what must hold "
                    "under `expect:`");
  if (choices.empty()) throw bad_input("give what is to be chosen, as in --choose workers=1..80");
}

TrialRunner plan_runner(const Variants& variants, const PlanOptions& options) {
  return {variants, further_of(measures_of(*variants.base().scenario)), options.trials};
}

PlanResult plan(const Variants& variants, std::vector<Choice> choices, const PlanOptions& options,
                TrialRunner& runner) {
  return Plan(variants, std::move(choices), options, runner).run();
}

PlanResult plan(const Variants& variants, std::vector<Choice> choices, const PlanOptions& options) {
  require_plannable(variants, choices);
  TrialRunner runner = plan_runner(variants, options);
  return plan(variants, std::move(choices), options, runner);
}

}  // namespace sluice
