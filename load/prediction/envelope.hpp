// Is one vector of figures like the others? A Monte Carlo test with an interval for each figure.
//
// The measured figures and those of R replications are R + 1 vectors; if the model is right they
// are exchangeable. Each value gets a continuous rank within its figure: how many of the values are
// as extreme as it or more (the nearer end counts); a value that is the only one at its end gets
// exp(-gap to the next / range of the others) instead of 1, so that how far out it is matters. A
// vector is as extreme as its lowest rank. The share of vectors that are as extreme as the measured
// one is its p: exact whatever the distributions and their dependence, a little large with ties.
// The interval of a figure is where a value would have a rank above the critical one, so: the
// measured vector is among the 1 - confidence most extreme ones if and only if one of its figures
// is outside.
//
// Sources: Barnard 1963 (Monte Carlo tests); Myllymäki and Mrkvička, "GET: Global envelopes in R",
// Journal of Statistical Software 111(3), 2024 (global envelopes; measure "cont").
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "reports/figures/figure.hpp"

namespace sluice {

/// One column of an envelope: what all replications say of one figure.
struct EnvelopeColumn {
  std::vector<double> replications;  ///< finite
  double measured = 0;               ///< finite
  double tolerance = 0;              ///< values this near to each other count as equal
  double small = 1;                  ///< > 0; gaps are measured by log(value + small)
};

struct EnvelopeResult {
  std::vector<Interval> intervals;  ///< by column; endless where nothing can be said
  std::vector<double> p;            ///< by column: two-sided, by rank, of this figure alone
  std::vector<double> rank;         ///< by column: continuous rank of the measured value
  double p_all = 1;                 ///< of all columns together
  /// A value at or below this rank is outside; negative: too few replications for the confidence.
  double critical = -1;

  bool outside(std::size_t column) const { return rank[column] <= critical; }
  std::size_t outside() const;
};

/// All columns of the same number of replications, values >= 0. O(columns × replications × log).
EnvelopeResult envelope(std::span<const EnvelopeColumn> columns, double confidence);

}  // namespace sluice
