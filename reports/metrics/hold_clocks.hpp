// Clocks that split the wait of parked runs, and of those that hold a worker, by what held them
// (S6).
//
// Runs that need the same wait together (docs/rules.md, "Waking"): what one of them is parked on
// holds all. So there is one set of clocks per such class, and a run's part is clock(end) -
// clock(begin). O(1) per run and per change of what a class waits on; O(classes) when a workflow is
// paused or resumed.
#pragma once

#include <cstdint>
#include <vector>

#include "base/check.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "reports/figures/wait_part.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/metrics/credentials.hpp"

namespace sluice {

/// What a class waits on.
struct HoldPoint {
  enum class Kind : std::uint8_t { credential, pool, workflow, workspace_cap };
  Kind kind = Kind::workflow;
  std::uint32_t index = 0;  ///< of the credential; a use of the pool
  bool operator==(const HoldPoint&) const = default;
};

/// How a class was held by the pool on which it waits, or waited last. Between two readings of one
/// spell it is their difference.
struct PoolHold {
  static constexpr std::uint32_t kNoPool = UINT32_MAX;
  std::uint32_t use = kNoPool;
  std::uint32_t spell = 0;  ///< another one with another pool, or another window
  std::uint32_t times = 0;  ///< how often it came to wait on the pool
  Duration lasted{};
};

/// In fractions of a ns: members of a pool share each of them.
struct HoldReading {
  static constexpr int kFractionBits = 20;
  Int128 pause = 0;
  Int128 login = 0;
  Int128 workspace_cap = 0;
};

class HoldClocks {
 public:
  /// Keeps references; both may grow.
  HoldClocks(const std::vector<CredentialRecord>& credentials, const PoolUses& pools)
      : credentials_(credentials), pools_(pools) {}

  /// Runs that were held by something else until now.
  struct Moved {
    HoldPoint from;
    std::uint32_t runs = 0;
  };
  /// One more run of the class, which waits on `point` as a whole from now on. Returns the others
  /// if that takes them from another point.
  Moved hold(Time now, std::uint32_t wait_class, WorkflowId workflow, HoldPoint point);
  void let_go(std::uint32_t wait_class) {
    SLUICE_REQUIRE(classes_[wait_class].runs > 0, "only a run that is held is let go");
    --classes_[wait_class].runs;
  }
  /// On what the class waits.
  HoldPoint point(std::uint32_t wait_class) const { return classes_[wait_class].point; }
  PoolHold pool_hold(Time now, std::uint32_t wait_class) const {
    return pool_hold(now, classes_[wait_class]);
  }
  /// The window begins: how pools held until now counts no more.
  void restart(Time now);
  HoldReading read(Time now, std::uint32_t wait_class) const;
  void workflow_paused(Time now, WorkflowId workflow, bool paused);

 private:
  struct Class {
    std::uint32_t runs = 0;
    WorkflowId workflow;
    HoldPoint point;
    Time since;           ///< of the last advance()
    HoldReading reading;  ///< then
    // Of the clocks of its credential (ns), or of its pool (member × ns), at that time:
    Int128 pause_before = 0;
    Int128 login_before = 0;
    PoolHold pool;                    ///< until `pool_since`
    Time pool_since = Time::never();  ///< since when it waits on it; never: on something else
  };

  bool is_paused(WorkflowId workflow) const {
    return workflow.index() < workflow_paused_.size() && workflow_paused_[workflow.index()] != 0;
  }
  HoldReading read(Time now, const Class& c) const;
  static PoolHold pool_hold(Time now, const Class& c);
  void advance(Time now, Class& c);
  void read_sources(Time now, Class& c);
  static void wait_on_pool(Time now, Class& c, bool anew);

  const std::vector<CredentialRecord>& credentials_;
  const PoolUses& pools_;
  std::vector<Class> classes_;  ///< by Run::wait_class
  std::vector<char> workflow_paused_;
};

/// A segment of `length` between two readings, in whole ns that add up to it exactly: each part to
/// the nearest, a half down; what that leaves goes to the largest.
WaitAttribution split_held_wait(Duration length, const HoldReading& from, const HoldReading& to);

}  // namespace sluice
