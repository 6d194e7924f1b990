// What the families are given when figures are written: the records, the end of the window, and
// what is open at it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/time.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/instruments/flow.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/instruments/submitting_runs.hpp"
#include "reports/instruments/wait_record.hpp"
#include "reports/metrics/starvation.hpp"

namespace sluice {

struct Records;

/// A run that still waits at the end.
struct WaitingRun {
  std::uint32_t queue = 0;
  std::uint32_t slot = 0;
  Duration wait{};
  WaitAttribution parts;
};

/// One look at all runs that have not ended. O(runs in the system).
class AtEnd {
 public:
  /// REQUIRES that the window has begun, and that `end` is not before the last transition.
  AtEnd(const Records& records, Time end);

  const Records& records;
  Time end;
  double length_s;                  ///< of the window
  std::vector<WaitingRun> waiting;  ///< by queue, then slot

  std::span<const WaitingRun> waiting_in(std::size_t queue) const {
    return {waiting.data() + first_[queue], waiting.data() + first_[queue + 1]};
  }
  /// Time as a candidate, and blocked, of segments under way, in ns.
  struct OpenTime {
    double candidate_ns = 0;
    double blocked_ns = 0;
  };
  const OpenTime& open_time(std::size_t queue) const { return open_[queue]; }
  /// Time as a candidate of segments under way, in ns.
  Int128 open_candidate_ns(std::size_t group, std::size_t level) const {
    return open_candidate_ns_[group][level];
  }
  /// Whether anything of the queue happened, or was open, in the window.
  bool is_used(std::size_t queue) const;
  /// Something of this level waited, ran, came or was dispatched in the window.
  bool is_used(std::size_t group, std::size_t level) const { return used_[group][level]; }
  /// Accepted in the window.
  std::uint64_t accepted(std::size_t group, std::size_t level) const {
    return accepted_[group][level];
  }

 private:
  bool level_is_used(std::size_t group, std::size_t level) const;

  std::vector<std::uint32_t> first_;  ///< by queue: in `waiting`
  std::vector<OpenTime> open_;        ///< by queue
  std::vector<std::array<Int128, kLevels>> open_candidate_ns_;
  std::vector<std::array<bool, kLevels>> used_;
  std::vector<std::array<std::uint64_t, kLevels>> accepted_;
  std::vector<std::array<std::uint64_t, kLevels>> running_;
};

/// Sums over a set of queues, or what a slice has of the same.
struct QueueSums {
  /// How much is said of it: of one queue, of one workspace, of levels and groups, of a slice.
  enum class Of : std::uint8_t { queue, workspace, wide, slice };

  explicit QueueSums(bool exact) : waits(exact) {}
  void clear();

  Of of = Of::wide;
  Flow<std::uint64_t> flow;
  TooLong too_long;
  SubmittingRuns submitting;
  WaitSummary waits;
  std::array<double, kWaitParts> parts{};  ///< ns
  EpisodeTotals episodes;
  AtEnd::OpenTime time;    ///< finished segments too
  double running_ns = 0;   ///< of one workspace, or of a slice
  std::uint64_t runs = 0;  ///< of which there is anything to say
};

}  // namespace sluice
