// Did it get worse? Two sets of reports, several repetitions of a scenario each: against two builds
// of a server, or with two versions of anything.
//
// Each metric of a fixed list is tested for a difference between the sets (permutation.hpp), and
// the tests are corrected for their number (Holm), so that with nothing
// changed at most 1 - confidence of all comparisons name any metric. A difference counts only if it
// is supported and larger than the tolerance. Where the repetitions are too few for so many tests,
// those by submitter are left out, then those by workspace.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/compare/compared_report.hpp"
#include "reports/figures/figure.hpp"

namespace sluice {

struct ComparisonOptions {
  bool pairs = false;  ///< the i-th reports of both sets share a seed
  double confidence = 0.95;
  double tolerance = 0.05;   ///< share of the base's mean; smaller differences do not count
  std::vector<Metric> only;  ///< of the compared metrics; empty: all
  bool exact = false;        ///< nothing is drawn: what differs does so surely
  /// By workspace and submitter even where that leaves too few repetitions for anything.
  bool all_subjects = false;
};

enum class Change : std::uint8_t {
  none,    ///< no difference that is supported and large enough
  better,  ///< supported, larger than the tolerance
  worse,
};
std::string_view name(Change change);

struct ComparedMetric {
  ComparedFigureKey key;
  bool lower_is_better = true;
  double base = 0, changed = 0;  ///< means over the repetitions
  double relative = 0;           ///< (changed - base) / base; infinite if base is 0
  double p = 1;                  ///< two-sided, of this metric alone
  double adjusted_p = 1;         ///< Holm
  Change change = Change::none;
  bool large = false;  ///< beyond the tolerance, supported or not
  /// Of pairs: of the mean difference, all metrics' together at the confidence (Bonferroni).
  std::optional<Interval> interval = {};
  bool alike = false;  ///< of pairs: the whole interval is within the tolerance
};

/// How the reports came to be, if they were simulated for the comparison.
struct SimulatedSides {
  std::string base, changed;     ///< what each is, in words
  double stated_confidence = 0;  ///< over all looks; the comparison's own is that of one look
  std::size_t looks = 1;         ///< at most
  bool same_seed = true;         ///< replication i of both draws the same
  bool complete = true;          ///< false: ended early
};

/// What a repetition is.
enum class Repetition : std::uint8_t { report, replication, either };

/// Of replications with the same seeds on both sides.
struct SharedSeeds {
  std::size_t pairs = 0;     ///< so many are on both
  std::size_t left_out = 0;  ///< replications of one side that have no partner
  /// Of so few pairs no difference could be supported, this many could: compared without pairs.
  /// 0: compared as pairs.
  std::size_t pairs_needed = 0;
};

struct ReportComparison {
  enum class Verdict : std::uint8_t {
    no_regression,
    regression,   ///< some metric got worse
    inconclusive  ///< too few repetitions: no difference, however large, could be supported
  };
  std::string scenario;
  bool same_hash = true;              ///< of both sets' scenarios
  std::size_t base = 0, changed = 0;  ///< repetitions
  ComparisonOptions options;
  /// Tested: those that all reports have and that vary; what got worse first, then what got better,
  /// each the largest changes first.
  std::vector<ComparedMetric> metrics;
  std::size_t equal = 0;   ///< metrics with one value in all reports, or without a differing pair
  std::size_t needed = 0;  ///< repetitions in each set that could support a difference
  /// So many would be needed to compare by workspace, and by submitter, as well; 0: it was done.
  std::size_t needed_by_workspace = 0, needed_by_submitter = 0;
  Repetition repetition = Repetition::report;
  std::optional<SharedSeeds> shared_seeds = {};  ///< none: not of replications, or too few share
  Verdict verdict = Verdict::no_regression;
  /// Of the first change of a wait: which parts of it became longer or shorter; empty: none did.
  std::string cause;
  std::optional<SimulatedSides> simulated = {};

  /// Each metric has changed, or is shown to be alike.
  bool is_settled() const;
  /// How many have not, and are not.
  std::size_t unsettled() const;
};
std::string_view name(ReportComparison::Verdict verdict);

/// The metrics that are compared, for help and documentation: name, of what, and the better
/// direction.
struct MetricOfComparison {
  Metric metric;
  bool lower_is_better;
  bool of_levels, of_all, of_workspaces, of_submitters;
  double trifle;  ///< a smaller difference does not count, in the metric's unit
};
std::span<const MetricOfComparison> metrics_of_comparison();
bool is_compared(Metric metric);

/// Of what a figure is, in a word: "LOW", "claims", "submitter nightly", "all".
std::string subject_text(const ComparedFigureKey& key);

/// A mistake in the sets of reports: an empty or mixed one, a report that is incomplete, the same
/// simulation twice, pairs without the same seed. Empty: none.
std::string mistake_in(std::span<const ComparedReport> base,
                       std::span<const ComparedReport> changed, const ComparisonOptions& options);

/// REQUIRES no mistake.
ReportComparison compare(std::span<const ComparedReport> base,
                         std::span<const ComparedReport> changed,
                         const ComparisonOptions& options = {});

}  // namespace sluice
