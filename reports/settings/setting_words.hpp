// Settings and their figures in words and columns that all formats for people share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/settings/experiment.hpp"
#include "reports/settings/sweep.hpp"

namespace sluice {

enum class Standing : std::uint8_t { plain, faint, good, bad, open };

struct SettingsCell {
  std::string text;
  Standing standing = Standing::plain;
};

/// A table before any format.
struct SettingsTable {
  std::vector<std::string> headings;
  std::size_t left = 1;  ///< so many columns are aligned to the left
  std::vector<std::vector<SettingsCell>> rows;
};

/// "ok", "fails", "undecided".
std::string_view standing_word(Status status);
Standing standing_of(Status status);

/// "12m ±2m", "18 of 20 held": what an expectation was held against.
std::string outcome_text(const ExpectationResult& result);
/// "12m ±2m"; "–" where nothing was measured.
std::string value_text(const std::optional<Figure>& figure, Metric metric);
/// "−18m ±3m"; "±" only with an interval.
std::string difference_text(const PairedDifference& difference, Metric metric);
/// Whether the difference is on the good or the bad side for certain.
Standing standing_of(const PairedDifference& difference, bool lower_is_better);
/// At most two digits behind the point.
std::string cost_text(double cost);

/// Names of what is varied, in order of their first appearance.
std::vector<std::string> varied_names(const SweepResult& sweep);
/// Settings, cost, what each expectation came to, replications; `*`: undominated.
SettingsTable sweep_table(const SweepResult& sweep);
/// What each other setting changes against the base: in what is expected, and in what changes for
/// certain somewhere. No rows: nothing to compare.
SettingsTable difference_table(const SweepResult& sweep);
/// "5 of 12 settings hold what is expected, 6 do not, 1 undecided".
std::string sweep_headline(const SweepResult& sweep);
/// "9 settings, 115 replications of common random numbers … Intervals hold with 95 % at whichever
/// look …".
std::string basis_text(const ExperimentHeader& header, const Spent& spent);

}  // namespace sluice
