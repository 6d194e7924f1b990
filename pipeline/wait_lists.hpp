// Parked and holding runs, and what they wait on. See docs/rules.md, "Waking".
//
// Runs that need exactly the same form a class and wait together: what blocks one blocks all. A
// wait point (a credential, a pool, a paused workflow, a workspace's cap) has for each lane (a
// group, or a level of a group whose policy may start one level and refuse another) a heap of the
// classes that wait on it, ordered by their first run. So parking, waking and moving cost O(log n)
// in the number of classes, whatever the number of runs in them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/policies/run_queue.hpp"
#include "pipeline/run_table.hpp"

namespace sluice {

/// One thing that a run can wait on.
struct WaitPoint {
  enum class Kind : std::uint32_t { credential = 0, pool = 1, workflow = 2, workspace_cap = 3 };
  std::uint32_t code = UINT32_MAX;

  static constexpr WaitPoint of(Kind kind, std::size_t index) {
    return {static_cast<std::uint32_t>(index) << 2 | static_cast<std::uint32_t>(kind)};
  }
  constexpr bool valid() const { return code != UINT32_MAX; }
  constexpr Kind kind() const { return static_cast<Kind>(code & 3); }
  constexpr std::uint32_t index() const { return code >> 2; }
  constexpr bool operator==(const WaitPoint&) const = default;
};

/// Runs of a group that are woken in turn. Lane 0 of a group is for all, or for those that
/// hold a worker if its levels are woken apart.
struct WakeLane {
  static constexpr std::uint32_t kPerGroup = 1 + kLevels;
  std::uint32_t value = 0;

  static constexpr WakeLane of(GroupId group, std::uint32_t lane) {
    return {group.value * kPerGroup + lane};
  }
  constexpr std::size_t group() const { return value / kPerGroup; }
  constexpr auto operator<=>(const WakeLane&) const = default;
};

/// All waiting runs of all groups. Not thread-safe.
class WaitLists {
 public:
  explicit WaitLists(RunTable& runs) : runs_(runs) {}

  /// `run` and all of its lane that need the same wait on `point` from now on.
  /// `workspace_matters`: the cap is part of what it needs.
  void park(Run& run, WaitPoint point, WakeLane lane, bool workspace_matters);
  /// The class of `run`, which waits already, waits on `point` from now on.
  void move(const Run& run, WaitPoint point);
  /// Takes a waiting run out.
  void remove(Run& run);

  /// First run by (holding or not, own level, sequence) of `lane` among those that wait on any of
  /// `points`; none if there is none. Classes in `set_aside` are left out.
  RunSlot first(std::span<const WaitPoint> points, WakeLane lane,
                std::span<const std::uint32_t> set_aside);
  /// Probably one of those that are woken when `point` has room; none if nobody is. O(1).
  RunSlot first_in_line(WaitPoint point) const;
  /// What `run` waits on.
  WaitPoint point_of(const Run& run) const { return classes_[run.wait_class].point; }
  /// Lanes that may have runs waiting on `point`, ascending.
  const std::vector<WakeLane>& lanes(WaitPoint point) const;
  bool empty() const { return waiting_ == 0; }
  /// False only if nobody waits on it. O(1), one load.
  bool may_wait_on(WaitPoint point) const {
    const auto& of_kind = entries_[static_cast<std::size_t>(point.kind())];
    return point.index() < of_kind.size() && of_kind[point.index()] != 0;
  }

 private:
  struct Key {  // what a run needs
    std::array<Need, kMaxNeeds> needs;
    std::uint32_t lane, workflow, workspace;
    bool holding;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Entry {  // class in a wait point's heap; void unless it still is the class's first run
    std::uint64_t order;
    std::uint32_t wait_class;
    auto operator<=>(const Entry&) const = default;
  };
  struct PointState {
    std::vector<WakeLane> lanes;
    std::vector<std::vector<Entry>> heaps;  // parallel to lanes; min-heaps
  };
  struct Class {
    explicit Class(std::uint32_t id) : levels{RunQueue(id), RunQueue(id + 1), RunQueue(id + 2)} {}
    Key key{};
    WaitPoint point;
    std::uint64_t first = UINT64_MAX;  // order of the first run
    std::array<RunQueue, kLevels> levels;
  };

  /// Who is woken first: those that hold a worker meanwhile, then by level and sequence.
  static std::uint64_t order(const Run& run) {
    const std::uint64_t no_worker = run.state == RunState::holding ? 0 : 1;
    return no_worker << 63 | static_cast<std::uint64_t>(index(run.level())) << 61 | run.sequence;
  }
  static std::size_t level_of(std::uint64_t order) { return order >> 61 & 3; }
  std::uint32_t class_of(const Run& run, WakeLane lane, bool workspace_matters);
  void update_first(std::uint32_t wait_class);
  void announce(std::uint32_t wait_class);
  const Entry* top(WaitPoint point, WakeLane lane, std::span<const std::uint32_t> set_aside);
  bool is_current(const Entry& entry, WaitPoint point, WakeLane lane) const;
  PointState& state(WaitPoint point) {
    return points_[static_cast<std::size_t>(point.kind())][point.index()];
  }
  std::uint32_t& entries(WaitPoint point) {
    return entries_[static_cast<std::size_t>(point.kind())][point.index()];
  }
  void grow(WaitPoint point);

  RunTable& runs_;
  std::size_t waiting_ = 0;  // runs
  std::vector<Class> classes_;
  std::vector<std::uint32_t> free_classes_;
  boost::unordered_flat_map<Key, std::uint32_t, KeyHash> index_;
  std::array<std::vector<PointState>, 4> points_;
  /// In all heaps of each point, void ones included: apart, because it is asked at every release.
  std::array<std::vector<std::uint32_t>, 4> entries_;
};

}  // namespace sluice
