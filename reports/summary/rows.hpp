// What a report is about, in the order in which it is worth showing, and which of its figures
// belong to it. Shared by the renderers for people; no words yet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/figures/wait_part.hpp"
#include "reports/report.hpp"

namespace sluice {

/// "LOW"; where there are several groups "main LOW".
std::string level_label(const Report& report, GroupId group, PriorityLevel level);
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

/// The level that starved longest in an episode of at least θ; null: none did.
const LevelRow* worst_starved(const Report& report, const std::vector<LevelRow>& rows);
/// The level with the longest p95 wait; of those without any, the one with the longest wait. Null:
/// there are no rows.
const LevelRow* slowest(const Report& report, const std::vector<LevelRow>& rows);

/// Whether the report knows what held the runs while they waited.
bool attribution_known(const Report& report);
Metric attribution_metric(WaitPart part);
/// A part of the wait and its share of it.
struct PartShare {
  WaitPart part{};
  double share = 0;
};
/// Parts of the wait of `subject`, largest first, those above zero; without `api`. None where it is
/// not known what held the runs.
std::vector<PartShare> wait_shares(const Report& report, const LevelRow& row);

/// What one level had of the dispatches during episodes of starvation.
struct LevelShare {
  PriorityLevel level = PriorityLevel::HIGH;
  double share = 0;
  std::size_t workspaces = 0;
  DispatchedMeanwhile::Share most;  ///< of the workspace that had most
};
/// HIGH first; levels without any are left out.
std::vector<LevelShare> shares_by_level(const DispatchedMeanwhile& meanwhile);
/// The episodes' dispatches of a row; null: none.
const DispatchedMeanwhile* dispatched_meanwhile(const Report& report, const LevelRow& row);
const StabilityLine* stability_of(const Report& report, const LevelRow& row);

/// Utilisation of each group, busiest first, and over all groups if there are several.
std::vector<FigureEntry> worker_figures(const Report& report);
/// Credentials that have figures, those that held runs longest first, then those that were at their
/// limit longest.
std::vector<CredentialId> worst_credentials(const Report& report);
/// Pools that have figures, those that held runs longest first.
std::vector<PoolId> worst_pools(const Report& report);
/// Takes the members of these pools out: a pool stands for them.
void leave_out_members(const Report& report, const std::vector<PoolId>& pools,
                       std::vector<CredentialId>& credentials);

}  // namespace sluice
