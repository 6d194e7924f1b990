// By what settings are compared: the figures that expectations are about, and what is watched
// besides, so that nobody pays for a decision without being named.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "experiments/rounds/trial.hpp"
#include "reports/recorder.hpp"
#include "reports/settings/experiment.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// Workspaces are watched one by one where there are no more than so many.
inline constexpr std::size_t kMostWatched = 16;

struct Measures {
  std::vector<Measure> all;  ///< those of expectations first, in their order
  std::size_t expected = 0;  ///< how many those are
};
/// Of the scenario as it is. Watched: the p95 wait of each level and of each workspace, throughput,
/// and load that was lost.
Measures measures_of(const Scenario& scenario);
/// What has to be recorded for them.
Further further_of(const Measures& measures);

/// The measure of an expectation.
Measure measure_of(const Expectation& expectation, const Names& names);

/// Whether more of the metric is better for those who run and wait, whatever an expectation says.
bool more_is_better(Metric metric);

/// In one replication; not a number: nothing was measured.
double value_in(const ReplicationResult& result, const Measure& measure);
/// Of each of a trial's replications.
std::vector<double> values_in(const Trial& trial, const Measure& measure);
/// Over a trial's replications, as it was judged; none: nothing was measured.
std::optional<Figure> figure_in(const Trial& trial, const Measure& measure);

/// Of `other` minus `base` over the first replications that both have, without those in which one
/// has nothing.
PairedDifference paired_difference(std::span<const double> base, std::span<const double> other,
                                   double confidence);

}  // namespace sluice
