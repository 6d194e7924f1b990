// Rate limits of the API: sliding windows per workspace. Rule 11.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/large_table.hpp"
#include "base/prefetch.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

/// What the windows leave: of the window with the least room (the one that is longest full).
struct RateRoom {
  std::uint8_t window = 0;
  std::uint32_t max = 0;
  std::uint32_t remaining = 0;
  Duration more_in{};  ///< until the oldest counted request leaves the window; zero: it is empty
};

/// One sliding log of request times per workspace, as long as the longest window. O(1) amortised;
/// memory follows the requests of the longest window. Not thread-safe.
class Admission {
 public:
  struct Refusal {
    std::uint8_t window = 0;  ///< index of the violated window with the longest wait
    Duration wait{};          ///< until this window has room
  };

  Admission(const ApiConfig& config, std::size_t workspaces);

  /// Counts a request at `now`, unless a window is full. Refused requests do not count.
  std::optional<Refusal> admit(Time now, WorkspaceId workspace);
  /// None without windows.
  std::optional<RateRoom> room(Time now, WorkspaceId workspace);
  /// More workspaces (or whatever else is counted).
  void grow(std::size_t workspaces) { logs_.resize(workspaces); }
  /// Begins to load what admit() will read.
  void prefetch(WorkspaceId workspace) const { fetch_ahead(&logs_[workspace.index()]); }

 private:
  struct Log {
    std::vector<Time> times;  // ring; capacity a power of two
    std::uint64_t head = 0;   // requests counted so far
    std::array<std::uint64_t, kMaxRateWindows>
        tail{};  // per window: requests known to have left it
    Time at(std::uint64_t i) const { return times[i & (times.size() - 1)]; }
  };
  std::uint64_t counted(Log& log, std::size_t window, Time now) const;
  std::optional<Refusal> check_windows(Log& log, Time now) const;
  void push(Log& log, Time now) const;

  std::vector<RateWindowConfig> windows_;
  std::uint64_t smallest_max_ = UINT64_MAX;
  std::size_t longest_ = 0;  // index of the longest window
  LargeTable<Log> logs_;
};

}  // namespace sluice
