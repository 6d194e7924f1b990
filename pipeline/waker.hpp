// Whom released credentials, pools, workflows and places under a cap wake, and in which order.
// docs/rules.md, "Waking".
//
// It holds those that wait and what was released; whether there is room, and what a woken run does,
// is its caller's to say.
#pragma once

#include <cstdint>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "pipeline/credentials.hpp"
#include "pipeline/run_table.hpp"
#include "pipeline/wait_lists.hpp"

namespace sluice {

/// What became of a run that was tried.
enum class Woken : std::uint8_t {
  stays,  ///< it waits on this point still: the others of its class as well
  goes,   ///< it waits on something else, or waits no more; the next one may be tried
  last,   ///< as `goes`, and it may use up what was released
};

/// Not thread-safe. Keeps references to runs and credentials.
class Waker {
 public:
  Waker(RunTable& runs, const Credentials& credentials)
      : waits_(runs), runs_(runs), credentials_(credentials) {}
  /// If there is only one group, and it has one lane: nobody else is looked for.
  void set_only_lane(WakeLane lane) { only_lane_ = lane, has_only_lane_ = true; }

  // ---- who waits; see WaitLists
  void park(Run& run, WaitPoint point, WakeLane lane, bool workspace_matters) {
    waits_.park(run, point, lane, workspace_matters);
  }
  void move(const Run& run, WaitPoint point) { waits_.move(run, point); }
  void remove(Run& run) { waits_.remove(run); }
  WaitPoint point_of(const Run& run) const { return waits_.point_of(run); }
  RunSlot first_in_line(WaitPoint point) const { return waits_.first_in_line(point); }

  // ---- what was released
  /// Those who wait on it are woken by the next wake_freed(). O(1).
  void freed(WaitPoint point) {
    if (may_wake(point)) freed_.push_back(point);
  }
  void freed(CredentialId credential) {
    freed(WaitPoint::of(WaitPoint::Kind::credential, credential.index()));
  }
  bool any_freed() const { return !freed_.empty(); }
  /// A wake of `point` that another one of the lane is to get, since the one that got it cannot use
  /// it. Made by the wake under way, or by pass_on().
  void pass_on_later(WaitPoint point, WakeLane lane) { passed_on_.push_back({point, lane}); }

  // ---- waking. `world`: bool has_room(WaitPoint); Woken wake(WaitPoint, WakeLane, Run&)
  /// In the order in which it was released; what is released meanwhile comes after it.
  template <class World>
  void wake_freed(World world) {
    for (std::size_t i = 0; i < freed_.size(); ++i) wake_all_lanes(freed_[i], world);
    freed_.clear();
  }
  /// Those of one lane that wait on `point`, until it has no room.
  template <class World>
  void wake(WaitPoint point, WakeLane lane, World world) {
    if (!may_wake(point)) return;
    wake_lane(point, lane, world);
    pass_on(world);
  }
  template <class World>
  void pass_on(World world) {
    for (std::size_t i = 0; i < passed_on_.size(); ++i) {
      const PassedOn wake = passed_on_[i];
      wake_lane(wake.point, wake.lane, world);
    }
    passed_on_.clear();
  }

 private:
  struct PassedOn {
    WaitPoint point;
    WakeLane lane;
  };
  using WaitPoints = boost::container::small_vector<WaitPoint, 8>;

  /// False only if there is nobody to wake. Cheap: asked at every release.
  bool may_wake(WaitPoint point) const {
    if (waits_.empty()) return false;
    if (waits_.may_wait_on(point)) return true;
    return point.kind() == WaitPoint::Kind::credential &&
           !credentials_.pools_with(CredentialId{point.index()}).empty();
  }
  /// A credential wakes also those that wait on a pool with it.
  WaitPoints points_of(WaitPoint point) const {
    WaitPoints points(1, point);
    if (point.kind() == WaitPoint::Kind::credential)
      for (const std::uint32_t pool : credentials_.pools_with(CredentialId{point.index()}))
        points.push_back(WaitPoint::of(WaitPoint::Kind::pool, pool));
    return points;
  }
  /// Lanes with somebody who may wait on it, each once, ascending.
  void find_lanes(WaitPoint point);

  template <class World>
  void wake_all_lanes(WaitPoint point, World world) {
    if (has_only_lane_) return wake(point, only_lane_, world);
    find_lanes(point);
    for (std::size_t i = 0; i < lanes_.size(); ++i) wake(point, lanes_[i], world);
  }
  template <class World>
  void wake_lane(WaitPoint point, WakeLane lane, World world) {
    const WaitPoints points = points_of(point);
    std::vector<std::uint32_t> set_aside;  // classes that `point` cannot help
    while (world.has_room(point)) {
      const RunSlot slot = waits_.first(points, lane, set_aside);
      if (!slot.valid()) return;
      Run& run = runs_[slot];
      const std::uint32_t wait_class = run.wait_class;
      const Woken woken = world.wake(point, lane, run);
      if (woken == Woken::last) return;
      if (woken == Woken::stays) set_aside.push_back(wait_class);
    }
  }

  WaitLists waits_;
  RunTable& runs_;
  const Credentials& credentials_;
  WakeLane only_lane_;
  bool has_only_lane_ = false;
  std::vector<WaitPoint> freed_;     // in order
  std::vector<PassedOn> passed_on_;  // wakes that are to reach somebody else
  std::vector<WakeLane> lanes_;      // scratch, kept for its capacity
};

}  // namespace sluice
