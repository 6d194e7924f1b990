// What can be asked to have happened at least once, so that no expectation passes for want of
// events: sentences, parsed, and how often each happened.
//
//   a LOW run waited while a HIGH run was dispatched (any two levels) · a run was rate limited ·
//   a run was parked on a credential · a login failed · a sibling was stopped · a worker was lost ·
//   a run was requeued · a pool skipped an unavailable member · the queue emptied after a backlog ·
//   a run timed out · a run expired · a run was cancelled
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/units.hpp"
#include "pipeline/ids.hpp"

namespace sluice {

enum class ReachKind : std::uint8_t {
  waited_while_dispatched,  ///< a run of `waiting` was a candidate when a run of `dispatched` was
                            ///< dispatched in its group
  rate_limited,
  parked_on_credential,
  login_failed,
  sibling_stopped,
  worker_lost,
  requeued,
  pool_skipped_member,  ///< inferred: a dispatch through a pool that did not use the member next in
                        ///< rotation
  queue_emptied,        ///< a group's queue became empty after at least one run had waited
  timed_out,            ///< an attempt, whether the run is requeued or not
  expired,
  cancelled,
};
inline constexpr std::size_t kReachKinds = static_cast<std::size_t>(ReachKind::cancelled) + 1;

struct Reach {
  ReachKind kind{};
  PriorityLevel waiting = PriorityLevel::LOW;      ///< waited_while_dispatched only
  PriorityLevel dispatched = PriorityLevel::HIGH;  ///< waited_while_dispatched only
  bool operator==(const Reach&) const = default;
};

/// How often each happened in the observation window (all groups).
struct ReachCounts {
  std::array<std::uint64_t, kReachKinds> by_kind{};  ///< of waited_while_dispatched: unused
  std::array<std::array<std::uint64_t, kLevels>, kLevels>
      waited_while_dispatched{};  ///< [waiting][dispatched]

  std::uint64_t of(const Reach& reach) const {
    if (reach.kind == ReachKind::waited_while_dispatched)
      return waited_while_dispatched[index(reach.waiting)][index(reach.dispatched)];
    return by_kind[static_cast<std::size_t>(reach.kind)];
  }
  ReachCounts& operator+=(const ReachCounts& other);
  bool operator==(const ReachCounts&) const = default;
};

struct ReachExpectation {
  std::string sentence;
  Reach reach;
};
Parsed<ReachExpectation> parse_reach(std::string_view sentence);
/// All sentences, for documentation, schema and completion; `<LEVEL>` stands for a level.
std::vector<std::string_view> reach_sentences();

}  // namespace sluice
