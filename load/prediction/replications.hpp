// The figures of many replications of one load in virtual time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "load/prediction/compared_figures.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// How a load is repeated: the seed of its submitters, its window, and how it was seen.
struct LoadRepetition {
  std::uint64_t seed = 0;  ///< of the scenario
  Time from;
  Time until;
  bool from_outside = true;  ///< as a live target is seen
  unsigned threads = 0;
  const std::atomic<bool>* stop = nullptr;
  /// Told after each replication, from any thread; may be empty.
  std::function<void()> one_is_over;
};

/// By replication, then by figure; not a number where a replication lacks a figure. Replications
/// that were stopped are left out. Those of different scenarios with the same number share their
/// draws.
std::vector<std::vector<double>> replicate(const Scenario& scenario, std::uint32_t replications,
                                           const std::vector<ComparedFigure>& figures,
                                           const LoadRepetition& load);

}  // namespace sluice
