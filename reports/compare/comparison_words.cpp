#include "reports/compare/comparison_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text/units.hpp"

namespace sluice {
namespace {

using ComparisonVerdict = ReportComparison::Verdict;

std::size_t changes(const ReportComparison& comparison, Change change) {
  return static_cast<std::size_t>(
      std::count_if(comparison.metrics.begin(), comparison.metrics.end(),
                    [change](const auto& metric) { return metric.change == change; }));
}

std::string_view repetitions_word(const ReportComparison& comparison) {
  switch (comparison.repetition) {
    case Repetition::report:
      return "reports";
    case Repetition::replication:
      return "replications";
    case Repetition::either:
      break;
  }
  return "reports and replications";
}

/// What was compared, and how many of each.
std::string sets_text(const ReportComparison& comparison) {
  const ComparisonOptions& options = comparison.options;
  if (comparison.simulated && options.exact)
    return "Nothing is drawn: one simulation of each tells";
  if (comparison.simulated)
    return fmt::format("{} replication{} of each, on {}", comparison.base,
                       comparison.base == 1 ? "" : "s",
                       comparison.simulated->same_seed ? "the same draws" : "draws of their own");
  const std::string_view what = repetitions_word(comparison);
  const bool seeds = comparison.shared_seeds.has_value();
  if (options.pairs)
    return fmt::format("{} pairs of {}{}", comparison.base, what, seeds ? " with one seed" : "");
  return comparison.base == comparison.changed
             ? fmt::format("{} {} in each set", comparison.base, what)
             : fmt::format("{} and {} {}", comparison.base, comparison.changed, what);
}

/// Where the seeds of replications agree, what came of it.
std::string seeds_text(const ReportComparison& comparison) {
  if (!comparison.shared_seeds) return {};
  const SharedSeeds& shared = *comparison.shared_seeds;
  std::string text;
  if (shared.left_out > 0)
    text += fmt::format(" {} more {} on one side only, and left out.", shared.left_out,
                        shared.left_out == 1 ? "replication is" : "replications are");
  if (shared.pairs_needed > 0)
    text += fmt::format(
        " The {} pairs with one seed are too few ({} are needed): compared without pairs.",
        shared.pairs, shared.pairs_needed);
  return text;
}

/// By whom it is not compared.
std::string left_out_text(const ReportComparison& comparison) {
  const std::size_t workspace = comparison.needed_by_workspace;
  const std::size_t submitter = comparison.needed_by_submitter;
  if (workspace == 0 && submitter == 0) return {};
  return fmt::format(" Too few to compare by {}: {} {} would be needed.",
                     workspace == 0   ? "submitter"
                     : submitter == 0 ? "workspace"
                                      : "workspace or submitter",
                     std::max(workspace, submitter),
                     comparison.options.pairs ? "pairs" : "of each");
}

/// What the last look left open.
std::string unsettled_text(const ReportComparison& comparison) {
  const std::size_t open = comparison.unsettled();
  if (!comparison.simulated || comparison.options.exact || open == 0) return {};
  return fmt::format(
      " {} {} not settled after {} replications, neither changed nor shown to be alike: {} as no "
      "change.",
      open, open == 1 ? "metric is" : "metrics are", comparison.base,
      open == 1 ? "it counts" : "they count");
}

}  // namespace

std::string_view comparison_word(ReportComparison::Verdict verdict) {
  switch (verdict) {
    case ComparisonVerdict::no_regression:
      return "PASS";
    case ComparisonVerdict::regression:
      return "REGRESSION";
    case ComparisonVerdict::inconclusive:
      return "INCONCLUSIVE";
  }
  return "";
}

std::string comparison_headline(const ReportComparison& comparison) {
  const std::size_t worse = changes(comparison, Change::worse);
  const std::size_t better = changes(comparison, Change::better);
  switch (comparison.verdict) {
    case ComparisonVerdict::no_regression:
      return fmt::format("no metric got worse beyond tolerance and noise{}",
                         better > 0 ? fmt::format("; {} got better", better) : "");
    case ComparisonVerdict::regression:
      return fmt::format("{} of {} metrics got worse{}", worse, comparison.metrics.size(),
                         better > 0 ? fmt::format(", {} better", better) : "");
    case ComparisonVerdict::inconclusive:
      if (comparison.metrics.empty() && comparison.simulated)
        return "ended before both had been simulated";
      if (comparison.metrics.empty()) return "the reports have no compared metric in common";
      return fmt::format(
          "too few repetitions to decide: with {} metrics, {} {} are needed, there are {} and {}",
          comparison.metrics.size(), comparison.needed,
          comparison.options.pairs ? "pairs" : "of each", comparison.base, comparison.changed);
  }
  return "";
}

std::string sides_text(const ReportComparison& comparison) {
  if (const auto& simulated = comparison.simulated)
    return fmt::format("base: {}; new: {}{}", simulated->base, simulated->changed,
                       simulated->complete ? "" : "; ended early");
  return comparison.same_hash ? "" : "The scenario itself differs between the sets.";
}

std::string comparison_basis(const ReportComparison& comparison) {
  const ComparisonOptions& options = comparison.options;
  std::string text = sets_text(comparison) + ". ";
  if (options.exact)
    return text + fmt::format(
                      "A metric is worse or better if the difference is more than {} of "
                      "the base.",
                      format_share(options.tolerance));
  text += fmt::format(
      "{} test of the difference of means, Holm's correction for {} metrics; a metric is worse "
      "or better if its corrected p is at most {} and the difference is more than {} of the base.",
      options.pairs ? "Sign-flip" : "Permutation", comparison.metrics.size(),
      format_number(1 - options.confidence), format_share(options.tolerance));
  if (comparison.simulated && comparison.simulated->looks > 1)
    text += fmt::format(" That p is {} spent over {} looks.",
                        format_number(1 - comparison.simulated->stated_confidence),
                        comparison.simulated->looks);
  if (comparison.equal > 0)
    text += fmt::format(" {} more {} the same in all {}.", comparison.equal,
                        comparison.equal == 1 ? "metric is" : "metrics are",
                        options.pairs ? "pairs" : "reports");
  return text + seeds_text(comparison) + left_out_text(comparison) + unsettled_text(comparison);
}

std::string signed_share(double share) {
  constexpr double kManyTimes = 9;
  if (!std::isfinite(share)) return share > 0 ? "from 0" : "–";
  if (share >= kManyTimes) return "×" + format_number(1 + share);
  const std::string text = format_share(std::abs(share));
  return (share > 0 ? "+" : share < 0 ? "−" : "") + text;
}

std::string_view change_word(const ComparedMetric& metric) {
  switch (metric.change) {
    case Change::worse:
      return "WORSE";
    case Change::better:
      return "better";
    case Change::none:
      break;
  }
  return metric.large ? "unsure" : "";
}

}  // namespace sluice
