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
/// Of several sentences: fails before undecided before ok.
Status status_of(const std::vector<ExpectationResult>& expectations,
                 const std::vector<ReachResult>& reaches);

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

/// Settings, cost, what each expectation came to, replications; `*`: undominated.
SettingsTable sweep_table(const SweepResult& sweep);
/// What each other setting changes against the base, in all measures. No rows: nothing to compare.
SettingsTable difference_table(const SweepResult& sweep);
/// "5 of 12 settings hold all expectations, 6 do not, 1 is undecided".
std::string sweep_headline(const SweepResult& sweep);
/// "Each interval holds at 95 % at whichever look its setting ended …; 80 replications …".
std::string basis_text(const ExperimentHeader& header, const Spent& spent);

}  // namespace sluice
