#include "experiments/rounds/trial.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "experiments/store/point.hpp"

namespace sluice {
namespace {

/// What expectations of any kind are judged with.
constexpr std::array kAlways{Metric::accepted_count, Metric::workers_mean,
                             Metric::credential_in_use_mean, Metric::lost_load_count};

/// By group and level only.
bool is_plain(const Subject& subject) {
  return (subject.labels() & ~(label::group | label::level)) == 0;
}

/// Whether an expectation about `of` looks at a figure of `subject`: it may be of another level.
bool concerns(const Subject& of, const Subject& subject) {
  return of.workspace == subject.workspace && of.workflow == subject.workflow &&
         of.credential == subject.credential && of.submitter == subject.submitter;
}

}  // namespace

ReplicationResult asked_for(ReplicationResult result, const Scenario& scenario,
                            const Further& further) {
  const auto is_wanted = [&](Metric metric) {
    return std::ranges::find(further.metrics, metric) != further.metrics.end() ||
           std::ranges::find(kAlways, metric) != kAlways.end();
  };
  const auto is_of_further = [&](const Subject& subject) {
    return is_plain(subject) ||
           std::ranges::find(further.subjects, subject) != further.subjects.end();
  };
  const auto is_named = [&](const FigureKey& key) {
    return std::ranges::any_of(scenario.expectations, [&](const Expectation& e) {
      const bool same = e.metric == key.metric || is_wanted(key.metric);
      return same && (is_plain(key.subject) || concerns(e.subject, key.subject));
    });
  };
  ReplicationResult asked = recorded_part(std::move(result));
  const FigureTable all = std::exchange(asked.figures, {});
  for (const FigureEntry& entry : all.entries())
    if ((is_of_further(entry.key.subject) && is_wanted(entry.key.metric)) || is_named(entry.key))
      asked.figures.add(entry.key.metric, entry.key.subject, entry.figure);
  asked.figures.seal();
  return asked;
}

}  // namespace sluice
