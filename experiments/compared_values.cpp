#include "experiments/compared_values.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "experiments/rounds/measures.hpp"
#include "reports/compare/comparison.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/summary/rows.hpp"
#include "sim/simulation.hpp"

namespace sluice {
namespace {

template <class Id>
void add_if_few(std::size_t count, std::vector<Subject>& subjects) {
  static_assert(kMostToldApart == kMostWatched);
  if (count < 2 || count > kMostToldApart) return;
  for (std::size_t i = 0; i < count; ++i) subjects.push_back(Subject::of(Id::at(i)));
}

/// Of whom figures are compared, besides everything and the levels.
std::vector<Subject> few_subjects(const Scenario& scenario) {
  std::vector<Subject> subjects;
  add_if_few<WorkspaceId>(scenario.pipeline.workspaces.size(), subjects);
  add_if_few<SubmitterId>(scenario.submitters.size(), subjects);
  return subjects;
}

bool is_compared_of(const MetricOfComparison& metric, const Subject& subject) {
  if (subject.level) return metric.of_levels;
  if (subject.workspace.valid()) return metric.of_workspaces;
  return subject.submitter.valid() ? metric.of_submitters : metric.of_all;
}

}  // namespace

Further compared_figures(const Scenario& scenario) {
  Further further;
  for (const MetricOfComparison& compared : metrics_of_comparison())
    further.metrics.push_back(compared.metric);
  for (std::size_t i = 0; i < kWaitParts; ++i)
    further.metrics.push_back(attribution_metric(static_cast<WaitPart>(i)));
  further.subjects = few_subjects(scenario);
  return further;
}

ReplicationValues compared_values(const Scenario& scenario,
                                  std::span<const ReplicationResult> results) {
  std::vector<Subject> subjects{Subject::all()};
  for (const PriorityLevel level : kAllLevels)
    if (std::ranges::any_of(results, [level](const ReplicationResult& result) {
          return result.figures.find(Metric::accepted_count, Subject::of(level)) != nullptr;
        }))
      subjects.push_back(Subject::of(level));
  std::ranges::copy(few_subjects(scenario), std::back_inserter(subjects));

  ReplicationValues values;
  for (std::uint32_t i = 0; i < results.size(); ++i)
    values.seeds.push_back(replication_seed(scenario.seed, i));
  for (const MetricOfComparison& metric : metrics_of_comparison())
    for (const Subject& subject : subjects) {
      if (!is_compared_of(metric, subject)) continue;
      ReplicationLine line{metric.metric, subject, {}};
      for (const ReplicationResult& result : results)
        line.values.push_back(value_in(result, {{}, metric.metric, subject, std::nullopt}));
      if (std::ranges::any_of(line.values, [](double value) { return std::isfinite(value); }))
        values.lines.push_back(std::move(line));
    }
  return values;
}

}  // namespace sluice
