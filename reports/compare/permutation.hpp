// Are two sets of values alike? Permutation tests of the difference of their means: exact levels
// without assumptions about distributions.
//
// If nothing but chance tells the sets apart, every way to deal the values out to them is as likely
// as the one that was seen; with pairs, every choice of signs of the differences is. p is the share
// of those ways in which the means differ as much or more, two-sided. Up to a million ways all are
// looked at; otherwise 99 999 are drawn from a fixed seed and the seen one counts as one more, so p
// is never too small. Source: Ernst, "Permutation methods: a basis for exact inference",
// Statistical Science 19(4), 2004.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sluice {

/// Neither set empty, all values finite.
double permutation_p(std::span<const double> base, std::span<const double> changed);
/// Of the differences within pairs; not empty.
double sign_flip_p(std::span<const double> differences);

/// The smallest p that sets of these sizes (so many pairs) can have, whatever their values.
double smallest_permutation_p(std::size_t base, std::size_t changed);
double smallest_sign_flip_p(std::size_t pairs);

/// Holm's step-down adjustment for having tested all of `p`: values at or below α stand together at
/// level α. In the order given. Source: Holm, Scandinavian Journal of Statistics 6, 1979.
std::vector<double> holm(std::span<const double> p);

}  // namespace sluice
