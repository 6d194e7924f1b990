// Which figures of a load are held against the model: few, and such as an observer of the API can
// know.
//
// Waits, starvation and queue of each level, flow, and the mean wait of the busiest workspaces:
// enough to tell one rule of dispatch from another, not so many that the correction for their
// number hides a difference.
#pragma once

#include <cstdint>
#include <vector>

#include "reports/figures/figure.hpp"
#include "reports/report.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct ComparedFigure {
  FigureKey key;
  std::uint64_t least_samples = 0;  ///< with fewer measured it is not decided
  double tolerance = 0;             ///< differences up to it mean nothing; in the figure's unit
  double small = 0;                 ///< about which size counts as small; in the figure's unit
};

/// The figures of `measured` to compare, by (metric, subject). `resolution`: see
/// PredictionOptions.
std::vector<ComparedFigure> compared_figures(const Scenario& scenario, const Report& measured,
                                             Duration resolution);

/// Its value in a table; not a number if it is not there.
double read(const FigureTable& figures, const ComparedFigure& figure);

}  // namespace sluice
