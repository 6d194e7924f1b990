// Who was dispatched while a run could have been: the part of a run's story that has no transition
// of its own.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// Counts the dispatches of others by level and workspace since the last begin().
class DispatchedAhead {
 public:
  void begin();
  void count(Time now, PriorityLevel level, WorkspaceId workspace);
  /// One line per level with dispatches, HIGH first: "passed over: 37 HIGH runs were dispatched
  /// between … and … (acme 30, tenant-3 7)". Clears the counts.
  std::vector<std::string> take_lines(const std::vector<WorkspaceConfig>& workspaces);

 private:
  struct Level {
    std::uint64_t dispatches = 0;
    Time first, last;
    std::unordered_map<std::uint32_t, std::uint64_t> by_workspace;
  };
  static std::string workspaces_text(const Level& level,
                                     const std::vector<WorkspaceConfig>& workspaces);

  std::array<Level, kLevels> levels_;
};

}  // namespace sluice
