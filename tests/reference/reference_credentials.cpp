#include <fmt/format.h>

#include <algorithm>

#include "tests/reference/log_lines.hpp"
#include "tests/reference/reference_pipeline.hpp"

namespace sluice::reference {

namespace {

template <class Range, class Value>
bool contains(const Range& range, const Value& value) {
  return std::find(range.begin(), range.end(), value) != range.end();
}

}  // namespace

// ---- what is true of a credential

std::uint32_t ReferencePipeline::active(CredentialId credential) const {
  return static_cast<std::uint32_t>(std::count_if(runs_.begin(), runs_.end(), [&](const auto& run) {
    return run.state == RunState::running && contains(run.held, credential);
  }));
}

std::uint32_t ReferencePipeline::limit(CredentialId credential) const {
  const CredentialConfig& c = config().credentials[credential.index()];
  if (!c.allow_multiple_sessions) return 1;
  const std::optional<std::uint32_t>& instead =
      credentials_[credential.index()].instead.max_concurrency;
  if (instead) return *instead;
  return c.max_concurrency.value_or(UINT32_MAX);
}

bool ReferencePipeline::guarded(CredentialId credential) const {
  return config().credentials[credential.index()].prevent_concurrency_during_login &&
         std::any_of(runs_.begin(), runs_.end(),
                     [&](const auto& run) { return contains(run.logging_in, credential); });
}

bool ReferencePipeline::available(CredentialId credential) const {
  return credentials_[credential.index()].pauses == 0 && !guarded(credential) &&
         active(credential) < limit(credential);
}

BlockReason ReferencePipeline::why_unavailable(CredentialId credential) const {
  if (credentials_[credential.index()].pauses > 0) return BlockReason::pause;
  return guarded(credential) ? BlockReason::login : BlockReason::credential_limit;
}

BlockReason ReferencePipeline::why_unavailable(const std::vector<CredentialId>& pool) const {
  const bool all_paused = std::all_of(pool.begin(), pool.end(), [this](CredentialId member) {
    return credentials_[member.index()].pauses > 0;
  });
  return all_paused ? BlockReason::pause : BlockReason::credential_limit;
}

std::uint32_t ReferencePipeline::at_work(std::uint32_t g, std::uint32_t workspace) const {
  return static_cast<std::uint32_t>(std::count_if(runs_.begin(), runs_.end(), [&](const auto& run) {
    return run.group == g && run.request.workspace.value == workspace && run.has_worker();
  }));
}

// ---- can a run take its credentials?

/// The first thing in its way; `taken`, if asked for, gets one credential per need when there is
/// none.
Obstacle ReferencePipeline::obstacle(const ReferenceRun& run,
                                     std::vector<CredentialId>* taken) const {
  const std::uint32_t workspace = run.request.workspace.value;
  const std::uint32_t workflow = run.request.workflow.value;
  if (run.state != RunState::holding && !has_room({Thing::Kind::cap, workspace})) {
    return {{Thing::Kind::cap, workspace}, BlockReason::workspace_cap};
  }
  if (!has_room({Thing::Kind::workflow, workflow})) {
    return {{Thing::Kind::workflow, workflow}, BlockReason::pause};
  }
  return obstacle_of_credentials(run, taken);
}

Obstacle ReferencePipeline::obstacle_of_credentials(const ReferenceRun& run,
                                                    std::vector<CredentialId>* taken) const {
  std::vector<CredentialId> mine;
  for (const ReferenceNeed& need : run.needs) {
    if (!need.spec.pool) {
      const CredentialId credential = need.spec.members.front();
      if (!available(credential)) {
        return {{Thing::Kind::credential, credential.value}, why_unavailable(credential)};
      }
      mine.push_back(credential);
      continue;
    }
    const std::vector<CredentialId>& pool = pools_[need.pool];
    std::optional<CredentialId> member;
    for (std::size_t i = 0; i < pool.size() && !member; ++i) {
      const CredentialId next = pool[(cursors_[need.cursor] + i) % pool.size()];
      if (available(next) && !contains(mine, next)) member = next;
    }
    if (!member) return {{Thing::Kind::pool, need.pool}, why_unavailable(pool)};
    mine.push_back(*member);
  }
  if (taken != nullptr) *taken = mine;
  return {};
}

// ---- waking

bool ReferencePipeline::has_room(const Thing& thing) const {
  switch (thing.kind) {
    case Thing::Kind::credential:
      return available({thing.index});
    case Thing::Kind::workflow:
      return workflow_pauses_[thing.index] == 0;
    case Thing::Kind::cap: {
      const std::uint32_t g = config().workspaces[thing.index].group.value;
      return policy(g).kind != DispatchPolicyKind::workspace_cap ||
             at_work(g, thing.index) < policy(g).cap;
    }
    default:
      return false;
  }
}

/// Parked or holding because of the thing, or of a pool that contains it.
bool ReferencePipeline::waits_on(const ReferenceRun& run, const Thing& thing) const {
  if (run.state != RunState::parked && run.state != RunState::holding) return false;
  if (run.obstacle.thing == thing) return true;
  return thing.kind == Thing::Kind::credential && run.obstacle.thing.kind == Thing::Kind::pool &&
         contains(pools_[run.obstacle.thing.index], CredentialId{thing.index});
}

/// What is not available even now has gained nothing.
void ReferencePipeline::gains_room(const Thing& thing) {
  if (has_room(thing)) gained_room_.push_back(thing);
}

void ReferencePipeline::do_wake_ups() {
  while (!gained_room_.empty()) {
    const Thing first = gained_room_.front();
    gained_room_.erase(gained_room_.begin());
    for (std::uint32_t g = 0; g < groups_.size(); ++g) wake_one(g, first);
  }
}

/// The first run of the group that waits on the thing and that it can help.
void ReferencePipeline::wake_one(std::uint32_t g, const Thing& thing) {
  std::vector<std::size_t> set_aside;
  while (has_room(thing)) {
    const std::optional<std::size_t> r = first_waiting(g, thing, set_aside);
    if (!r) return;
    const Obstacle now_in_the_way = obstacle(runs_[*r], nullptr);
    const bool will_hold = runs_[*r].state == RunState::parked && now_in_the_way.is_credentials() &&
                           when_busy(g) == WhenCredentialBusy::hold_worker;
    if (now_in_the_way.none() || will_hold) {
      if (wake(*r, thing)) return;
    } else if (now_in_the_way.thing == runs_[*r].obstacle.thing) {
      set_aside.push_back(*r);
    } else {
      log(blocked_text("parked", runs_[*r].id, now_in_the_way.reason,
                       describe(now_in_the_way.thing)));
      wait_on(runs_[*r], now_in_the_way);
    }
  }
}

/// By level and sequence, leaving out all that wait with one set aside.
std::optional<std::size_t> ReferencePipeline::first_waiting(
    std::uint32_t g, const Thing& thing, const std::vector<std::size_t>& set_aside) const {
  const auto place = [this](std::size_t r) {
    const bool no_worker = runs_[r].state != RunState::holding;
    return std::make_tuple(no_worker, runs_[r].request.level, runs_[r].sequence);
  };
  std::optional<std::size_t> first;
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    if (runs_[r].group != g || !waits_on(runs_[r], thing)) continue;
    const bool aside = std::any_of(set_aside.begin(), set_aside.end(),
                                   [&](auto other) { return waits_with(runs_[r], runs_[other]); });
    if (!aside && (!first || place(r) < place(*first))) first = r;
  }
  return first;
}

/// They need exactly the same, so they always wait on the same.
bool ReferencePipeline::waits_with(const ReferenceRun& a, const ReferenceRun& b) const {
  const bool capped = policy(a.group).kind == DispatchPolicyKind::workspace_cap;
  return a.group == b.group && a.state == b.state && a.request.workflow == b.request.workflow &&
         (!capped || a.request.workspace == b.request.workspace) && a.needs == b.needs;
}

void ReferencePipeline::wait_on(ReferenceRun& run, const Obstacle& obstacle) {
  for (ReferenceRun& other : runs_) {
    if (waits_with(run, other)) other.obstacle = obstacle;
  }
}

/// A parked run is a candidate again; a holding one starts. False: there may be room for another.
bool ReferencePipeline::wake(std::size_t r, const Thing& by) {
  ReferenceRun& run = runs_[r];
  if (run.state == RunState::holding) {
    start(r);
    return false;
  }
  run.state = RunState::queued;
  run.obstacle = {};
  if (policy(run.group).kind == DispatchPolicyKind::ageing) level_by_age(run);
  log(fmt::format("woken id={}", run.id));
  settle_rings(run.group);
  stir(run.group);
  if (held_back(run)) return false;
  run.woken_by = by;
  return true;
}

void ReferencePipeline::level_by_age(ReferenceRun& run) {
  const std::int64_t period = policy(run.group).promote_after.ns;
  const auto own = static_cast<std::int64_t>(index(run.request.level));
  const std::int64_t promotions = std::min(own, (now_ - run.queued_at).ns / period);
  run.level = static_cast<std::size_t>(own - promotions);
  run.promotion_due = run.queued_at + Duration{(promotions + 1) * period};
}

void ReferencePipeline::park(std::size_t r, const Obstacle& obstacle) {
  ReferenceRun& run = runs_[r];
  run.state = RunState::parked;
  wait_on(run, obstacle);
  log(blocked_text("parked", run.id, obstacle.reason, describe(obstacle.thing)));
  settle_rings(run.group);
  no_longer_candidate(run);
}

void ReferencePipeline::hold(std::size_t r, const Obstacle& obstacle) {
  ReferenceRun& run = runs_[r];
  take_worker(r);
  schedule_timeout(r, Time::never());
  run.state = RunState::holding;
  wait_on(run, obstacle);
  log(blocked_text("holding", run.id, obstacle.reason, describe(obstacle.thing)));
  turn_over(run);
  no_longer_candidate(run);
}

/// What it was woken by may have room for another one of its group.
void ReferencePipeline::no_longer_candidate(ReferenceRun& run) {
  const Thing thing = run.woken_by;
  run.woken_by = {};
  if (thing.kind != Thing::Kind::none) wake_one(run.group, thing);
}

std::string ReferencePipeline::describe(const Thing& thing) const {
  switch (thing.kind) {
    case Thing::Kind::credential:
      return fmt::format("credential {}", thing.index);
    case Thing::Kind::pool:
      return "pool " + credentials_text(pools_[thing.index]);
    default:
      return "-";
  }
}

}  // namespace sluice::reference
