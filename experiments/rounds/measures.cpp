#include "experiments/rounds/measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "reports/figures/names.hpp"
#include "reports/statistics.hpp"
#include "sim/scenario_report.hpp"

namespace sluice {
namespace {

std::string measure_text(Metric metric, const Subject& subject, const Names& names) {
  Subject rest = subject;
  rest.level.reset();
  std::string text = subject.level ? std::string(name(*subject.level)) + "." : std::string();
  return text.append(info(metric).name).append(labels_text(rest, names));
}

bool has_level(const Scenario& scenario, PriorityLevel level) {
  return std::ranges::any_of(scenario.submitters, [level](const SubmitterConfig& submitter) {
    return std::ranges::any_of(submitter.priority, [level](const auto& share) {
      return share.second == level && share.first > 0;
    });
  });
}

void add_once(std::vector<Measure>& measures, Measure measure) {
  if (std::ranges::find(measures, measure) == measures.end())
    measures.push_back(std::move(measure));
}

std::vector<Subject> watched_subjects(const Scenario& scenario) {
  std::vector<Subject> subjects;
  for (const PriorityLevel level : kAllLevels)
    if (has_level(scenario, level)) subjects.push_back(Subject::of(level));
  const std::size_t workspaces = scenario.pipeline.workspaces.size();
  if (workspaces > 1 && workspaces <= kMostWatched)
    for (std::size_t i = 0; i < workspaces; ++i)
      subjects.push_back(Subject::of(WorkspaceId::at(i)));
  return subjects;
}

}  // namespace

Measure measure_of(const Expectation& e, const Names& names) {
  return {measure_text(e.metric, e.subject, names), e.metric, e.subject, e.over,
          !wants_more(e.comparison)};
}

bool more_is_better(Metric metric) {
  switch (metric) {
    case Metric::fairness_jain:
    case Metric::fairness_jain_dispatches:
    case Metric::fairness_received:
    case Metric::slo_attainment:
    case Metric::stability_headroom:
    case Metric::accepted_rate:
    case Metric::dispatched_rate:
    case Metric::throughput_rate:
    case Metric::succeeded_count:
    case Metric::succeeded_rate:
    case Metric::goodput_rate:
    case Metric::goodput_share:
      return true;
    default:
      return false;
  }
}

Measures measures_of(const Scenario& scenario) {
  const Names names = names_of(scenario.pipeline, submitter_names(scenario));
  Measures measures;
  for (const Expectation& e : scenario.expectations) add_once(measures.all, measure_of(e, names));
  measures.expected = measures.all.size();
  const auto watch = [&](Metric metric, const Subject& subject, bool lower) {
    add_once(measures.all,
             {measure_text(metric, subject, names), metric, subject, std::nullopt, lower});
  };
  for (const Subject& subject : watched_subjects(scenario)) watch(Metric::wait_p95, subject, true);
  watch(Metric::throughput_rate, {}, false);
  watch(Metric::lost_load_count, {}, true);
  return measures;
}

Further further_of(const Measures& measures) {
  Further further;
  for (std::size_t i = measures.expected; i < measures.all.size(); ++i) {
    const Measure& measure = measures.all[i];
    if (std::ranges::find(further.metrics, measure.metric) == further.metrics.end())
      further.metrics.push_back(measure.metric);
    if (measure.subject.workspace.valid()) further.subjects.push_back(measure.subject);
  }
  return further;
}

double value_in(const ReplicationResult& result, const Measure& measure) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (measure.over) {
    for (const WindowFigure& window : result.windows)
      if (window.metric == measure.metric && window.subject == measure.subject &&
          window.over == *measure.over)
        return measure.lower_is_better ? window.highest.value : window.lowest.value;
    return kNone;
  }
  if (const Figure* figure = result.figures.find(measure.metric, measure.subject))
    return figure->value;
  return zero_if_absent(measure.metric) ? 0 : kNone;
}

std::vector<double> values_in(const Trial& trial, const Measure& measure) {
  std::vector<double> values;
  for (const ReplicationResult& result : trial.results) values.push_back(value_in(result, measure));
  return values;
}

std::optional<Figure> figure_in(const Trial& trial, const Measure& measure) {
  for (const ExpectationResult& result : trial.judged.expectations)
    if (is_about(measure, result.expectation)) return result.figure;
  if (const Figure* figure = trial.judged.figures.find(measure.metric, measure.subject))
    return *figure;
  return std::nullopt;
}

PairedDifference paired_difference(std::span<const double> base, std::span<const double> other,
                                   double confidence) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < std::min(base.size(), other.size()); ++i)
    if (const double difference = other[i] - base[i]; std::isfinite(difference))
      differences.push_back(difference);
  PairedDifference result;
  result.pairs = static_cast<std::uint32_t>(differences.size());
  if (differences.empty()) return result;
  result.mean = std::accumulate(differences.begin(), differences.end(), 0.0) /
                static_cast<double>(differences.size());
  result.interval = student_t_interval(differences, confidence);
  return result;
}

}  // namespace sluice
