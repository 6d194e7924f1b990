// Who gets a worker, and who is woken. docs/rules.md, "Dispatch" and "Waking".
#include <algorithm>
#include <cassert>

#include "pipeline/pipeline_impl.hpp"

namespace sluice {

void Pipeline::Impl::dispatch(Time now) {
  if (larger_than_cache_) prepare_next_completion();
  settle(now);
  if (!any_marked_) return;
  any_marked_ = false;
  for (Group& group : groups_) {
    if (!marked_[group.id.index()]) continue;
    marked_[group.id.index()] = 0;
    if (group.has_work()) dispatch_group(now, group);
  }
}

void Pipeline::Impl::dispatch_group(Time now, Group& group) {
  do {
    if (group.moves_candidates) move_candidates(now, group);
    const bool alone = group.lone.valid();
    const RunSlot slot = alone ? group.lone : group.policy->choose(now, group.in_use());
    if (!slot.valid()) {
      if (group.moves_candidates) look_when_candidates_move(group);
      return;
    }
    Run& run = runs_[slot];
    const Obstacle obstacle = obstacle_of(run);
    if (obstacle.none()) {
      if (alone)
        group.lone = RunSlot::none();
      else
        group.policy->dispatched(now, run);
      take_worker(group, run, false);
      start(now, run);
    } else if (group.config.when_credential_busy == WhenCredentialBusy::hold_worker &&
               obstacle.is_credential()) {
      hold(now, group, run, obstacle);
    } else {
      if (alone) queue_lone(now, group);
      park(now, group, run, obstacle);
    }
    --group.eligible;
    stop_being_candidate(now, run);
  } while (group.has_work());
}

Pipeline::Impl::Obstacle Pipeline::Impl::obstacle_of(const Run& run) {
  using Kind = WaitPoint::Kind;
  const RunRequest& request = run.request;
  const Group& group = groups_[run.group.index()];
  if (group.capped() && run.state != RunState::holding &&
      in_workspace_[request.workspace.index()] >= group.config.dispatch.cap)
    return {WaitPoint::of(Kind::workspace_cap, request.workspace.index()),
            {BlockReason::workspace_cap, {}}};
  if (workflow_pauses_[request.workflow.index()] > 0)
    return {WaitPoint::of(Kind::workflow, request.workflow.index()), {BlockReason::pause, {}}};
  const std::size_t served = credentials_.choose(request, chosen_);
  if (served == request.need_count) return {};
  const Need need = request.needs[served];
  const WaitPoint point =
      need.is_pool() ? WaitPoint::of(Kind::pool, credentials_.pool_to_wait_on(request, served))
                     : WaitPoint::of(Kind::credential, need.credential().index());
  return {point, {credentials_.block_reason(need), need}};
}

void Pipeline::Impl::take_worker(Group& group, Run& run, bool holding) {
  group.workers.take_idle(holding);
  ++group.busy[index(run.level())];
  if (group.capped()) ++in_workspace_[run.request.workspace.index()];
  run.worker = group.numbers.take(run.slot);
}

void Pipeline::Impl::start(Time now, Run& run) {
  run.held = chosen_;
  begin_attempt(now, run);
}

void Pipeline::Impl::hold(Time now, Group& group, Run& run, const Obstacle& obstacle) {
  group.policy->dispatched(now, run);
  take_worker(group, run, true);
  run.state = RunState::holding;
  run.dispatched = now;
  if (const auto& timeout = workflow_of(run).timeout)
    schedule(now + timeout->after, EventClass::timer, kTimedOut, run);
  waits_.park(run, obstacle.point, group.lane_of(run), group.capped());
  observer_.holding(now, run, obstacle.blocker);
}

void Pipeline::Impl::park(Time now, Group& group, Run& run, const Obstacle& obstacle) {
  const WhenCredentialBusy rule = group.config.when_credential_busy;
  run.blocks_queue =
      rule == WhenCredentialBusy::block_workspace || rule == WhenCredentialBusy::block_level;
  group.policy->passed_over(run, run.blocks_queue);
  run.state = RunState::parked;
  waits_.park(run, obstacle.point, group.lane_of(run), group.capped());
  observer_.parked(now, run, obstacle.blocker);
}

void Pipeline::Impl::become_candidate(Time now, Group& group, Run& run) {
  run.state = RunState::queued;
  if (group.lone.valid()) queue_lone(now, group);
  if (group.eligible == 0 && group.workers.counts().idle > 0 && group.lone_can_skip_policy) {
    run.queue_level = run.level();
    group.lone = run.slot;
  } else {
    group.policy->add(now, run);
  }
  ++group.eligible;
  mark(group);
}

void Pipeline::Impl::queue_lone(Time now, Group& group) {
  group.policy->add(now, runs_[group.lone]);
  group.lone = RunSlot::none();
}

// ---- waking

void Pipeline::Impl::wake_gained(Time now) {
  for (std::size_t i = 0; i < gained_.size(); ++i) wake_all_lanes(now, gained_[i]);
  gained_.clear();
}

bool Pipeline::Impl::has_room(WaitPoint point) const {
  switch (point.kind()) {
    case WaitPoint::Kind::credential:
      return credentials_.available(CredentialId{point.index()});
    case WaitPoint::Kind::pool:
      return credentials_.pool_has_room(point.index());
    case WaitPoint::Kind::workflow:
      return workflow_pauses_[point.index()] == 0;
    case WaitPoint::Kind::workspace_cap:
      break;
  }
  const Group& group = groups_[group_of_workspace_[point.index()].index()];
  return in_workspace_[point.index()] < group.config.dispatch.cap;
}

bool Pipeline::Impl::has_room_for_all(WaitPoint point) const {
  return point.kind() == WaitPoint::Kind::workflow ||
         (point.kind() == WaitPoint::Kind::credential &&
          credentials_.takes_any_number(CredentialId{point.index()}));
}

/// A credential wakes also those that wait on a pool with it.
Pipeline::Impl::WaitPoints Pipeline::Impl::points_of(WaitPoint point) const {
  WaitPoints points(1, point);
  if (point.kind() == WaitPoint::Kind::credential)
    for (std::uint32_t pool : credentials_.pools_with(CredentialId{point.index()}))
      points.push_back(WaitPoint::of(WaitPoint::Kind::pool, pool));
  return points;
}

void Pipeline::Impl::wake_all_lanes(Time now, WaitPoint point) {
  if (groups_.size() == 1 && !groups_.front().wakes_each_level)
    return wake(now, point, WakeLane::of(groups_.front().id, 0));
  waking_lanes_.clear();
  for (WaitPoint p : points_of(point))
    waking_lanes_.insert(waking_lanes_.end(), waits_.lanes(p).begin(), waits_.lanes(p).end());
  std::sort(waking_lanes_.begin(), waking_lanes_.end());
  const auto last = std::unique(waking_lanes_.begin(), waking_lanes_.end());
  for (auto lane = waking_lanes_.begin(); lane != last; ++lane) wake(now, point, *lane);
}

void Pipeline::Impl::wake(Time now, WaitPoint point, WakeLane lane) {
  if (!may_wake(point)) return;
  wake_first(now, point, lane);
  if (!passed_on_.empty()) pass_on(now);
}

void Pipeline::Impl::wake_first(Time now, WaitPoint point, WakeLane lane) {
  const WaitPoints points = points_of(point);
  std::vector<std::uint32_t> set_aside;  // classes that `point` cannot help
  while (has_room(point)) {
    const RunSlot slot = waits_.first(points, lane, set_aside);
    if (!slot.valid() || !wake_run(now, point, lane, runs_[slot], set_aside)) return;
  }
}

bool Pipeline::Impl::wake_run(Time now, WaitPoint point, WakeLane lane, Run& run,
                              std::vector<std::uint32_t>& set_aside) {
  Group& group = groups_[lane.group()];
  const Obstacle obstacle = obstacle_of(run);
  if (obstacle.point == waits_.point_of(run)) {
    set_aside.push_back(run.wait_class);
    return true;
  }
  // For credentials it may wait inside a worker, and for a worker it waits as a candidate.
  const bool will_hold = run.state == RunState::parked && obstacle.is_credential() &&
                         group.config.when_credential_busy == WhenCredentialBusy::hold_worker;
  if (!obstacle.none() && !will_hold) {
    waits_.move(run, obstacle.point);
    observer_.parked(now, run, obstacle.blocker);
    return true;
  }
  waits_.remove(run);
  if (run.state == RunState::holding) {
    group.workers.holder_starts();
    start(now, run);
    return true;
  }
  if (run.blocks_queue) {
    run.blocks_queue = false;
    group.policy->unblock(now, run);
  }
  run.woken_by = point.code;
  run.woken_lane = static_cast<std::uint8_t>(lane.value % WakeLane::kPerGroup);
  run.state = RunState::queued;
  observer_.woken(now, run);
  become_candidate(now, group, run);
  if (group.moves_candidates) collect_overtaken(group);
  return has_room_for_all(point);
}

// ---- candidates that change their queue

void Pipeline::Impl::collect_overtaken(Group& group) {
  for (RunSlot slot; (slot = group.policy->take_overtaken()).valid();) {
    Run& run = runs_[slot];
    if (run.woken_by == UINT32_MAX) continue;
    passed_on_.push_back({WaitPoint{run.woken_by}, WakeLane::of(run.group, run.woken_lane)});
    run.woken_by = UINT32_MAX;
  }
}

void Pipeline::Impl::pass_on(Time now) {
  for (std::size_t i = 0; i < passed_on_.size(); ++i) {
    const PassedOn wake = passed_on_[i];
    wake_first(now, wake.point, wake.lane);
  }
  passed_on_.clear();
}

void Pipeline::Impl::move_candidates(Time now, Group& group) {
  group.policy->advance(now);
  collect_overtaken(group);
  if (!passed_on_.empty()) pass_on(now);
}

void Pipeline::Impl::look_when_candidates_move(Group& group) {
  const Time due = group.policy->next_move();
  if (due == Time::never() || due == group.look_due) return;
  group.look_due = due;
  events_.schedule(due, EventClass::timer, {kMoveDue, group.id.value, 0});
}

}  // namespace sluice
