#include "reports/csv/episodes.hpp"

#include <array>
#include <string>
#include <utility>

namespace sluice {
namespace {

void add_episode(const Report& report, const Episode& episode, CsvTable& table) {
  const Names& names = report.names;
  const auto workspace = [&](WorkspaceId id) {
    return id.valid() ? names.workspaces.at(id.index()) : std::string();
  };
  std::array<std::uint64_t, kLevels> by_level{};
  for (const Episode::Dispatched& part : episode.dispatched)
    by_level[index(part.level)] += part.dispatches;
  std::vector<std::string> row{
      names.groups.at(episode.group.index()), std::string(name(episode.level)),
      workspace(episode.workspace),           std::to_string(episode.replication),
      csv_number(episode.from.seconds()),     csv_number(episode.until.seconds()),
      csv_number(episode.length().seconds()), episode.censored ? "1" : "0",
      std::to_string(episode.runs),           std::to_string(episode.workspaces)};
  for (const std::uint64_t dispatches : by_level) row.push_back(std::to_string(dispatches));
  const bool told = !episode.dispatched.empty() && episode.dispatched[0].workspace.valid();
  row.push_back(told ? std::string(name(episode.dispatched[0].level)) : "");
  row.push_back(told ? workspace(episode.dispatched[0].workspace) : "");
  row.push_back(told ? std::to_string(episode.dispatched[0].dispatches) : "");
  table.rows.push_back(std::move(row));
}

}  // namespace

CsvTable episodes_table(const Report& report) {
  CsvTable table{"episodes.csv",
                 {"group", "level", "workspace", "replication", "from_s", "to_s", "length_s",
                  "censored", "runs", "workspaces", "dispatched_high", "dispatched_medium",
                  "dispatched_low", "most_level", "most_workspace", "most_dispatched"},
                 {}};
  for (const EpisodeList* list : {&report.starved.levels, &report.starved.workspaces})
    for (const Episode& episode : list->episodes) add_episode(report, episode, table);
  return table;
}

}  // namespace sluice
