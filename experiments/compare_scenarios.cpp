#include "experiments/compare_scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/failure.hpp"
#include "experiments/compared_values.hpp"
#include "experiments/rounds/measures.hpp"

namespace sluice {
namespace {

TrialOptions with_store(TrialOptions options, const TrialStore* store) {
  options.store = store;
  return options;
}

class Side {
 public:
  Side(const ComparedSide& side, const TrialOptions& options)
      : name_(side.name),
        scenario_(*side.variants.base().scenario),
        further_(compared_figures(scenario_)),
        runner_(side.variants, further_, with_store(options, side.store)) {}

  const std::string& name() const { return name_; }
  const Scenario& scenario() const { return scenario_; }
  bool is_drawn() const { return trial_.judged.drawn; }

  bool advance_to(std::uint32_t count, double confidence) {
    Trial* const trials[] = {&trial_};
    return runner_.run(trials, count, confidence);
  }

  /// One of each replication; the same for each of `count`, where nothing is drawn.
  std::vector<ComparedReport> reports(std::uint32_t count) const {
    std::vector<ComparedReport> reports;
    for (const ReplicationResult& result : trial_.results) {
      ComparedReport& report = reports.emplace_back();
      report.scenario = scenario_.name;
      report.hash = trial_.hash;
      for (const Metric metric : further_.metrics) read(result, metric, report);
    }
    if (!is_drawn() && !reports.empty()) reports.resize(count, reports.front());
    return reports;
  }

 private:
  void read(const ReplicationResult& result, Metric metric, ComparedReport& report) const {
    put(result, {metric}, Subject::all(), report);
    for (const PriorityLevel level : kAllLevels)
      if (result.figures.find(Metric::accepted_count, Subject::of(level)) != nullptr)
        put(result, {metric, level}, Subject::of(level), report);
    for (const Subject& subject : further_.subjects) {
      if (subject.workspace.valid())
        put(result, {metric, {}, scenario_.pipeline.workspaces[subject.workspace.index()].name},
            subject, report);
      else
        put(result, {metric, {}, {}, scenario_.submitters[subject.submitter.index()].name}, subject,
            report);
    }
  }

  static void put(const ReplicationResult& result, const ComparedFigureKey& key,
                  const Subject& subject, ComparedReport& report) {
    const double value = value_in(result, {{}, key.metric, subject, std::nullopt});
    if (std::isfinite(value)) report.figures[key] = value;
  }

  std::string name_;
  const Scenario& scenario_;
  Further further_;
  TrialRunner runner_;
  Trial trial_;
};

}  // namespace

ReportComparison compare_scenarios(const ComparedSide& base_side, const ComparedSide& changed_side,
                                   const SideBySideOptions& options) {
  Side base(base_side, options.trials), changed(changed_side, options.trials);
  if (base.scenario().duration != changed.scenario().duration)
    throw bad_input(fmt::format("{} and {} last differently long", base.name(), changed.name()));
  ComparisonOptions comparing = options.comparison;
  comparing.pairs = true;
  comparing.all_subjects = true;
  comparing.confidence = options.looks.nominal(options.comparison.confidence);
  SimulatedSides sides{base.name(), changed.name(), options.comparison.confidence,
                       options.looks.count(), base.scenario().seed == changed.scenario().seed};
  ReportComparison comparison;
  comparison.scenario = base.scenario().name;
  comparison.verdict = ReportComparison::Verdict::inconclusive;
  for (std::size_t look = 0; look < options.looks.count(); ++look) {
    const std::uint32_t count = options.looks[look];
    sides.complete = base.advance_to(count, comparing.confidence) &&
                     changed.advance_to(count, comparing.confidence);
    comparing.exact = !base.is_drawn() && !changed.is_drawn();
    const std::uint32_t each = comparing.exact ? 1 : count;
    std::vector<ComparedReport> of_base = base.reports(each), of_changed = changed.reports(each);
    const std::size_t both = std::min(of_base.size(), of_changed.size());
    of_base.resize(both);
    of_changed.resize(both);
    if (both > 0) comparison = compare(of_base, of_changed, comparing);
    if (!sides.complete || comparing.exact || comparison.is_settled()) break;
  }
  comparison.simulated = std::move(sides);
  return comparison;
}

}  // namespace sluice
