// How figures respond to settings: what no other setting beats, and where more makes worse.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reports/settings/sweep.hpp"

namespace sluice {

/// Of each setting of a sweep, each measure, each replication; not a number: nothing was measured.
using SweptValues = std::vector<std::vector<std::vector<double>>>;

/// What is to be small: the cost, and each expected figure by its direction; endless where nothing
/// was measured.
using Burdens = std::vector<double>;
Burdens burdens_of(double cost, std::span<const std::optional<Figure>> figures,
                   std::span<const Measure> measures, std::size_t expected);
/// Whether `a` is as small in everything, and smaller in something. REQUIRES the same measures.
bool beats(const Burdens& a, const Burdens& b);

/// Sets `undominated`: no other setting costs as little and is as good in each expected measure,
/// and better in one of these. By means; O(n²) in the settings.
void mark_undominated(SweepResult& result);

/// Where more of a choice makes a measure worse.
struct Worsening {
  std::string text;         ///< "LOW.wait.p95 gets worse with more accounts: 8 → 2m, 12 → 24m"
  std::string elsewhere;    ///< "likewise in 2 other places"; empty: nowhere else
  std::size_t measure = 0;  ///< index in SweepResult::measures
  std::size_t less = 0, more = 0;  ///< settings: where it begins and ends
};
/// One for each choice whose values are sizes and each measure that gets worse from one value to a
/// greater one, everything else being equal: where the paired difference is not chance at
/// `confidence`, shared out over the pairs that are looked at.
std::vector<Worsening> worsenings(const SweepResult& result, const SweptValues& values,
                                  double confidence);

}  // namespace sluice
