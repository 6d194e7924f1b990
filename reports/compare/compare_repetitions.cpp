#include "reports/compare/compare_repetitions.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace sluice {
namespace {

using Repetitions = std::span<const ComparedReport>;

struct Partners {
  std::vector<ComparedReport> base, changed;  ///< those with the same seed at the same place
};

std::map<std::uint64_t, const ComparedReport*> by_seed(Repetitions set) {
  std::map<std::uint64_t, const ComparedReport*> found;
  for (const ComparedReport& one : set) found[one.seed] = &one;
  return found;
}

/// None: one of the smaller set has no partner, or a seed that is not its own.
std::optional<Partners> partners_of(Repetitions base, Repetitions changed) {
  const auto is_replication = [](const ComparedReport& one) { return one.is_replication; };
  if (!std::ranges::all_of(base, is_replication) || !std::ranges::all_of(changed, is_replication))
    return std::nullopt;
  const std::map others = by_seed(changed);
  Partners partners;
  for (const ComparedReport& one : base) {
    const auto other = others.find(one.seed);
    if (other == others.end()) continue;
    partners.base.push_back(one);
    partners.changed.push_back(*other->second);
  }
  if (partners.base.size() < std::min(base.size(), changed.size())) return std::nullopt;
  return partners;
}

}  // namespace

ReportComparison compare_repetitions(Repetitions base, Repetitions changed,
                                     const ComparisonOptions& options) {
  if (options.pairs) return compare(base, changed, options);
  const std::optional<Partners> partners = partners_of(base, changed);
  if (!partners) return compare(base, changed, options);
  ComparisonOptions with_pairs = options;
  with_pairs.pairs = true;
  ReportComparison comparison = compare(partners->base, partners->changed, with_pairs);
  SharedSeeds shared{partners->base.size(),
                     std::max(base.size(), changed.size()) - partners->base.size()};
  if (comparison.verdict == ReportComparison::Verdict::inconclusive &&
      !comparison.metrics.empty()) {
    shared = {shared.pairs, 0, comparison.needed};
    comparison = compare(base, changed, options);
  }
  comparison.shared_seeds = shared;
  return comparison;
}

}  // namespace sluice
