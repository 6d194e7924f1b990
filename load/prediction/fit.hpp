// How well a model explains one vector of figures, judged by replications of the model.
//
// Synthetic likelihood: the figures, on a logarithmic scale, are taken as jointly normal with the
// mean and covariance of the replications; correlations are shrunk towards zero so that few
// replications suffice for many figures. Half of the replications make the distribution, the other
// half say which distances are usual, so `p` holds whatever the true distribution.
//
// Sources: Wood, "Statistical inference for noisy nonlinear ecological dynamic systems", Nature
// 466, 2010 (synthetic likelihood); Schäfer and Strimmer, "A shrinkage approach to large-scale
// covariance matrix estimation", Stat. Appl. Genet. Mol. Biol. 4(1), 2005 (shrinkage of
// correlations).
#pragma once

#include <span>
#include <vector>

namespace sluice {

struct Fit {
  double log_likelihood = 0;  ///< larger explains better; of models compared on the same figures
  double distance = 0;        ///< squared Mahalanobis distance ÷ figures; about 1 is usual
  double p = 0;               ///< share of the held-out replications as far off or further
};

/// `replications`: at least 8, by replication and then figure, as many figures as `measured`, all
/// finite. `least_sd`: by figure, > 0; smaller standard deviations are taken for this.
/// O(figures² × replications + figures³).
Fit fit(std::span<const std::vector<double>> replications, std::span<const double> measured,
        std::span<const double> least_sd);

}  // namespace sluice
