// What a report says in words: the answer to "who starves, for how long, because of whom", and the
// rows that are worth showing first. Shared by the renderers for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/figures/wait_part.hpp"
#include "reports/report.hpp"

namespace sluice {

/// One level of one resource group that runs waited at. `subject` finds its figures.
struct LevelRow {
  GroupId group;  ///< none: figures are over all groups
  PriorityLevel level = PriorityLevel::HIGH;
  Subject subject;
  std::string label;  ///< "LOW", with several groups "main LOW"
};
/// A user's name for a sentence or the first column of a table: harmless, at most 32 columns.
std::string short_name(std::string_view name);

/// Groups in order (the one that starves longest first if there are several), HIGH first.
std::vector<LevelRow> level_rows(const Report& report);
/// The figure of a row; in a report of one group also if it is kept under the level alone. Null:
/// none.
const Figure* figure_of(const Report& report, Metric metric, const LevelRow& row);

/// A part of the wait and its share of it.
struct PartShare {
  WaitPart part{};
  double share = 0;
};
/// Parts of the wait of `subject`, largest first, those above zero; without `api`. None where it is
/// not known what held the runs.
std::vector<PartShare> wait_shares(const Report& report, const LevelRow& row);
Metric attribution_metric(WaitPart part);
/// "workers busy with HIGH", "credential at its limit": what held a run of `level`.
std::string phrase(WaitPart part, PriorityLevel level);

/// "HIGH runs", "credential limit": the same for a narrow column.
std::string short_phrase(WaitPart part, PriorityLevel level);

/// The largest of them, at most `most` and each at least 1 %, with `phrase_of(part, level)` for
/// each: "HIGH runs 71 % · own workspace 6 % · rest 5 %". Empty: no run waited.
std::string shares_text(const std::vector<PartShare>& shares, PriorityLevel level, std::size_t most,
                        std::string (*phrase_of)(WaitPart, PriorityLevel));

/// What one level had of the dispatches during episodes of starvation.
struct LevelShare {
  PriorityLevel level = PriorityLevel::HIGH;
  double share = 0;
  std::size_t workspaces = 0;
  DispatchedMeanwhile::Share most;  ///< of the workspace that had most
};
/// HIGH first; levels without any are left out.
std::vector<LevelShare> shares_by_level(const DispatchedMeanwhile& meanwhile);
/// By level, with the workspace that had most: "HIGH 82 % (acme 82 %) · MEDIUM 18 % (tenant-6 2 %,
/// 19 more)".
std::string meanwhile_text(const Report& report, const DispatchedMeanwhile& meanwhile);

/// Mean time between first request and acceptance, "mean HIGH 60ms · LOW 12.3s"; empty:
/// none.
std::string before_acceptance_text(const Report& report, const std::vector<LevelRow>& rows);

/// The episodes' dispatches of a row; null: none.
const DispatchedMeanwhile* dispatched_meanwhile(const Report& report, const LevelRow& row);
const StabilityLine* stability_of(const Report& report, const LevelRow& row);
/// "0.64", "≥1.54"; what is left beside it: "36 %", "≤−54 %"; workers or slots for σ ≤ 0.8.
std::string sigma_text(const StabilityLine& line);
std::string headroom_text(const StabilityLine& line);
std::string needed_text(const StabilityLine& line);
/// "429", "server errors", "429 and server errors": how the API refused requests; empty: it did
/// not.
std::string refusals_text(const Report& report);

/// Utilisation of each group, busiest first, and over all groups if there are several.
std::vector<FigureEntry> worker_figures(const Report& report);
/// Credentials that have figures, those that held runs longest first, then those that were at their
/// limit longest.
std::vector<CredentialId> worst_credentials(const Report& report);
/// Pools that have figures, those that held runs longest first.
std::vector<PoolId> worst_pools(const Report& report);
/// Limit and kCredentialColumns of a pool: sums over its members, but what it held is its own.
std::vector<std::string> pool_cells(const Report& report, PoolId pool);
/// "4", "∞".
std::string limit_text(const Report& report, CredentialId credential);
/// "10m", or "θ (HIGH 1m, MEDIUM 5m, LOW 10m)".
std::string threshold_text(const ReportHeader& header);

/// "PASS", "FAIL", "INCONCLUSIVE", "NO EXPECTATIONS".
std::string_view verdict_word(Verdict verdict);
/// "1 of 3 expectations failed, 1 inconclusive"; counts `reaches` too. Runs that the API refused
/// and that are still being submitted are in it as well. Empty: nothing was expected, and none is.
std::string verdict_summary(const Report& report);
/// Two to four plain sentences. Names are as the user wrote them.
std::string answer(const Report& report);
/// One line each: incomplete, figures that some replications lack.
std::vector<std::string> warnings(const Report& report);
/// "seed 42 · 10 replications, 95 % intervals · window 30m to 8h (…)".
std::string provenance(const Report& report);

}  // namespace sluice
