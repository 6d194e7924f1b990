#include "tests/model/swarm/waiting_look.hpp"

#include <algorithm>

namespace sluice::swarm {
namespace {

bool has_worker(const Run& run) {
  return run.state == RunState::running || run.state == RunState::holding;
}

bool waits_for_worker(const Run& run) {
  return run.state == RunState::queued || run.state == RunState::parked;
}

/// The longest that a new worker takes to come once it is wanted. Those that are kept for other
/// levels are made up for one after the other, each at a look.
Duration time_to_scale(const ResourceGroupConfig& group) {
  const AutoscalingConfig& scaling = *group.workers.autoscaling;
  std::int64_t looks = 2;
  if (group.dispatch.kind == DispatchPolicyKind::reserved)
    for (const std::uint32_t floor : group.dispatch.reserved) looks += floor;
  // Start-up times of the swarm are bounded by twice their mean.
  const Duration start_up = Duration::from_seconds(2 * group.workers.start_up.mean() + 1);
  return (scaling.every + start_up) * looks + scaling.scale_up_delay;
}

}  // namespace

WaitingLook::WaitingLook(const Scenario& scenario, const Pipeline& pipeline, const PoolsSeen& pools,
                         const IncidentsNow& incidents, Faults& faults)
    : scenario_(scenario),
      pipeline_(pipeline),
      pools_(pools),
      incidents_(incidents),
      faults_(faults),
      groups_(scenario.pipeline.groups.size()) {}

template <class Holds>
std::uint32_t WaitingLook::count_at_work(Holds holds) const {
  std::uint32_t count = 0;
  for (std::size_t slot = 0; slot < pipeline_.slot_count(); ++slot) {
    const Run& run = pipeline_.run(RunSlot::at(slot));
    if (has_worker(run) && holds(run)) ++count;
  }
  return count;
}

std::uint32_t WaitingLook::at_work(GroupId group, PriorityLevel level) const {
  return count_at_work(
      [&](const Run& run) { return run.group == group && run.request.level == level; });
}

std::uint32_t WaitingLook::at_work(WorkspaceId workspace) const {
  return count_at_work([&](const Run& run) { return run.request.workspace == workspace; });
}

bool WaitingLook::available(CredentialId credential) const {
  const CredentialStatus status = pipeline_.credential(credential);
  const std::uint32_t active = count_at_work([&](const Run& run) {
    const auto end = run.held.begin() + run.request.need_count;
    return run.state == RunState::running && std::find(run.held.begin(), end, credential) != end;
  });
  return !status.paused && !status.login_guard && active < status.limit;
}

/// What it names, and from each of its pools a member of its own that it does not name.
bool WaitingLook::could_take_credentials(const Run& run) const {
  if (incidents_.workflow_paused(run.request.workflow)) return false;
  std::vector<CredentialId> taken;
  std::vector<Need> pools;
  for (std::size_t alias = 0; alias < run.request.need_count; ++alias) {
    const Need need = run.request.needs[alias];
    if (need.is_pool())
      pools.push_back(need);
    else if (available(need.credential()))
      taken.push_back(need.credential());
    else
      return false;
  }
  return could_take_from(pools, taken);
}

/// Tries every way.
bool WaitingLook::could_take_from(std::span<const Need> pools,
                                  std::vector<CredentialId>& taken) const {
  if (pools.empty()) return true;
  for (const CredentialId member : pools_.members(pools.front())) {
    if (std::find(taken.begin(), taken.end(), member) != taken.end() || !available(member))
      continue;
    taken.push_back(member);
    if (could_take_from(pools.subspan(1), taken)) return true;
    taken.pop_back();
  }
  return false;
}

bool WaitingLook::may_have_worker(const Run& run) const {
  const DispatchConfig& policy = scenario_.pipeline.groups[run.group.index()].dispatch;
  const std::uint32_t idle = pipeline_.workers(run.group).idle;
  if (policy.kind == DispatchPolicyKind::workspace_cap)
    return idle > 0 && at_work(run.request.workspace) < policy.cap;
  if (policy.kind != DispatchPolicyKind::reserved) return idle > 0;
  std::uint32_t kept_for_others = 0;
  for (const PriorityLevel level : kAllLevels) {
    const std::uint32_t floor = policy.reserved[index(level)];
    const std::uint32_t has = at_work(run.group, level);
    if (level == run.request.level && has < floor) return idle > 0;
    if (level != run.request.level && has < floor) kept_for_others += floor - has;
  }
  return idle > kept_for_others;
}

void WaitingLook::workers_changed(Time now, GroupId group, const WorkerCounts& counts) {
  // A new loss; those that come do not explain why others do not.
  if (counts.down > groups_[group.index()].down) begin_anew(now, group);
  groups_[group.index()].down = counts.down;
}

void WaitingLook::look(Time now) {
  for (std::size_t group = 0; group < groups_.size(); ++group)
    look_at_group(now, GroupId::at(group));
}

void WaitingLook::look_at_group(Time now, GroupId group) {
  const ResourceGroupConfig& config = scenario_.pipeline.groups[group.index()];
  const bool blocks = config.when_credential_busy == WhenCredentialBusy::block_workspace ||
                      config.when_credential_busy == WhenCredentialBusy::block_level;
  const Run* waiting = nullptr;
  if (!blocks && !incidents_.group_paused(group)) {
    for (std::size_t slot = 0; slot < pipeline_.slot_count(); ++slot) {
      const Run& run = pipeline_.run(RunSlot::at(slot));
      if (run.group != group || !waits_for_worker(run) || !could_take_credentials(run)) continue;
      if (may_have_worker(run))
        faults_.add(now, "waits beside a worker that it may have", fmt::format("run {}", run.id));
      waiting = &run;
    }
  }
  if (config.workers.autoscaling) check_scaling(now, group, waiting);
}

void WaitingLook::check_scaling(Time now, GroupId group, const Run* waiting) {
  const ResourceGroupConfig& config = scenario_.pipeline.groups[group.index()];
  const bool capped = config.dispatch.kind == DispatchPolicyKind::workspace_cap;
  const bool more_may_come = pipeline_.workers(group).present() < config.workers.autoscaling->max;
  if (waiting == nullptr || capped || !more_may_come || incidents_.set_workers(group))
    return begin_anew(now, group);
  if (now - groups_[group.index()].since <= time_to_scale(config)) return;
  faults_.add(now, "no new worker comes for whoever waits", fmt::format("run {}", waiting->id));
  begin_anew(now, group);
}

}  // namespace sluice::swarm
