#include "reports/runs/dispatched_ahead.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/runs/run_words.hpp"

namespace sluice {
namespace {

constexpr std::size_t kNamedWorkspaces = 5;

}  // namespace

void DispatchedAhead::begin() { levels_ = {}; }

void DispatchedAhead::count(Time now, PriorityLevel level, WorkspaceId workspace) {
  Level& counts = levels_[index(level)];
  if (counts.dispatches++ == 0) counts.first = now;
  counts.last = now;
  ++counts.by_workspace[workspace.value];
}

std::vector<std::string> DispatchedAhead::take_lines(
    const std::vector<WorkspaceConfig>& workspaces) {
  std::vector<std::string> lines;
  for (const PriorityLevel level : kAllLevels) {
    const Level& counts = levels_[index(level)];
    if (counts.dispatches == 0) continue;
    const bool one = counts.dispatches == 1;
    const std::string when =
        one ? fmt::format("at {}", clock_text(counts.first))
            : fmt::format("between {} and {}", clock_text(counts.first), clock_text(counts.last));
    lines.push_back(fmt::format("passed over: {} {} {} dispatched {} ({})", counts.dispatches,
                                name(level), one ? "run was" : "runs were", when,
                                workspaces_text(counts, workspaces)));
  }
  begin();
  return lines;
}

/// The workspaces that got most, most first; by id where they got the same.
std::string DispatchedAhead::workspaces_text(const Level& level,
                                             const std::vector<WorkspaceConfig>& workspaces) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> most;
  for (const auto& [workspace, dispatches] : level.by_workspace)
    most.emplace_back(dispatches, workspace);
  std::sort(most.begin(), most.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });

  std::string text;
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < most.size(); ++i) {
    if (i >= kNamedWorkspaces) {
      others += most[i].first;
      continue;
    }
    const std::string& workspace = workspaces[most[i].second].name;
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", workspace, most[i].first);
  }
  if (others > 0) text += fmt::format(", {} more {}", most.size() - kNamedWorkspaces, others);
  return text;
}

}  // namespace sluice
