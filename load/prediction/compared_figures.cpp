#include "load/prediction/compared_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "reports/unseen_runs.hpp"

namespace sluice {
namespace {

constexpr std::size_t kMostGroups = 4;
constexpr std::size_t kMostWorkspaces = 4;

struct Choice {
  Metric metric;
  std::uint64_t least_samples;
};

// Of each level. A quantile needs ten runs or so beyond it to be more than the longest wait.
constexpr std::array kOfLevel{
    Choice{Metric::wait_mean, 5},          Choice{Metric::wait_p50, 5},
    Choice{Metric::wait_p90, 50},          Choice{Metric::wait_p99, 300},
    Choice{Metric::queue_age_max, 5},      Choice{Metric::starvation_count, 1},
    Choice{Metric::starvation_longest, 5}, Choice{Metric::queue_length_max, 5},
    Choice{Metric::dispatched_count, 1},   Choice{Metric::throughput_rate, 1},
    Choice{Metric::service_mean, 30},
};

// Of everything.
constexpr std::array kOfAll{
    Choice{Metric::wait_mean, 5},       Choice{Metric::wait_p90, 50},
    Choice{Metric::rejected_count, 1},  Choice{Metric::dispatched_count, 1},
    Choice{Metric::requeued_count, 1},  Choice{Metric::throughput_rate, 1},
    Choice{Metric::succeeded_count, 1}, Choice{Metric::failed_count, 1},
    Choice{Metric::stopped_count, 1},
};

/// What counts as small, in the unit: below it, differences of size matter little.
double small(Unit unit, double window_min) {
  switch (unit) {
    case Unit::seconds:
    case Unit::count:
      return 1;
    case Unit::per_minute:
      return window_min > 0 ? 1 / window_min : 1;
    case Unit::share:
    case Unit::ratio:
      return 0.01;
  }
  return 1;
}

/// A clock that reads `resolution` early or late moves one event in or out of the window.
double tolerance(Unit unit, Duration resolution, double window_min) {
  if (resolution.ns <= 0) return 0;
  return unit == Unit::seconds ? resolution.seconds() : small(unit, window_min);
}

class Chosen {
 public:
  Chosen(const Report& measured, Duration resolution)
      : measured_(measured),
        resolution_(resolution),
        window_min_((measured.header.until - measured.header.from).seconds() / 60) {}

  void add(const Choice& choice, const Subject& subject) {
    if (measured_.figures.find(choice.metric, subject) == nullptr) return;
    // What depends on runs that were not seen is no measurement.
    if (unseen_runs(measured_, subject).all() > 0) return;
    const Unit unit = info(choice.metric).unit;
    const double more = choice.metric == Metric::queue_length_max ? unseen_starts(subject) : 0;
    figures_.push_back({{choice.metric, subject},
                        choice.least_samples,
                        tolerance(unit, resolution_, window_min_) + more,
                        small(unit, window_min_)});
  }

  std::vector<ComparedFigure> take() {
    std::sort(figures_.begin(), figures_.end(),
              [](const auto& a, const auto& b) { return a.key < b.key; });
    return std::move(figures_);
  }

 private:
  /// A run that starts at once is seen to wait for as long as the resolution: how many may be seen
  /// so at one moment, at the most (three standard deviations of a Poisson number).
  double unseen_starts(const Subject& subject) const {
    const Figure* const arrivals = measured_.figures.find(Metric::accepted_rate, subject);
    if (arrivals == nullptr) return 0;
    const double mean = arrivals->value / 60 * resolution_.seconds();
    return std::ceil(mean + 3 * std::sqrt(mean));
  }

  const Report& measured_;
  Duration resolution_;
  double window_min_;
  std::vector<ComparedFigure> figures_;
};

/// Most accepted runs first; few enough that each has something to say.
std::vector<WorkspaceId> busiest_workspaces(const Report& measured) {
  std::vector<std::pair<double, WorkspaceId>> by_runs;
  for (const FigureEntry& entry : measured.figures.all(Metric::accepted_count))
    if (entry.key.subject.labels() == label::workspace)
      by_runs.emplace_back(-entry.figure.value, entry.key.subject.workspace);
  std::sort(by_runs.begin(), by_runs.end());
  if (by_runs.size() > kMostWorkspaces) by_runs.resize(kMostWorkspaces);
  std::vector<WorkspaceId> busiest;
  busiest.reserve(by_runs.size());
  for (const auto& [runs, workspace] : by_runs) busiest.push_back(workspace);
  return busiest;
}

}  // namespace

std::vector<ComparedFigure> compared_figures(const Scenario& scenario, const Report& measured,
                                             Duration resolution) {
  Chosen chosen(measured, resolution);
  for (const Choice& choice : kOfAll) chosen.add(choice, Subject::all());
  const std::size_t groups = scenario.pipeline.groups.size();
  for (const PriorityLevel level : kAllLevels)
    for (const Choice& choice : kOfLevel) {
      if (groups == 1) chosen.add(choice, Subject::of(level));
      for (std::size_t g = 0; groups > 1 && g < std::min(groups, kMostGroups); ++g)
        chosen.add(choice, Subject::of(GroupId::at(g), level));
    }
  const std::vector<WorkspaceId> busiest = busiest_workspaces(measured);
  if (busiest.size() > 1)
    for (const WorkspaceId workspace : busiest)
      chosen.add({Metric::wait_mean, 5}, Subject::of(workspace));
  return chosen.take();
}

double read(const FigureTable& figures, const ComparedFigure& figure) {
  const Figure* found = figures.find(figure.key.metric, figure.key.subject);
  return found == nullptr ? std::numeric_limits<double>::quiet_NaN() : found->value;
}

}  // namespace sluice
