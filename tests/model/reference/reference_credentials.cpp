#include <fmt/format.h>

#include <algorithm>

#include "tests/model/reference/log_lines.hpp"
#include "tests/model/reference/reference_pipeline.hpp"

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
Obstacle ReferencePipeline::obstacle(const ReferenceRun& run, std::vector<CredentialId>* taken) {
  const std::uint32_t workspace = run.request.workspace.value;
  const std::uint32_t workflow = run.request.workflow.value;
  if (run.state != RunState::holding && !has_room({Thing::Kind::cap, workspace})) {
    return {{Thing::Kind::cap, workspace}, BlockReason::workspace_cap, {}};
  }
  if (!has_room({Thing::Kind::workflow, workflow})) {
    return {{Thing::Kind::workflow, workflow}, BlockReason::pause, {}};
  }
  return obstacle_of_credentials(run, taken);
}

/// The first need, in the order of the aliases, that cannot be served together with those before
/// it.
Obstacle ReferencePipeline::obstacle_of_credentials(const ReferenceRun& run,
                                                    std::vector<CredentialId>* taken) {
  std::vector<std::size_t> so_far;
  for (std::size_t need = 0; need < run.needs.size(); ++need) {
    so_far.push_back(need);
    if (distribute(run, so_far, taken)) continue;
    const NeedSpec& spec = run.needs[need].spec;
    if (spec.pool) {
      const Thing own{Thing::Kind::pool, run.needs[need].pool};
      return {pools_that_compete(run, need), why_unavailable(spec.members), own};
    }
    const Thing credential{Thing::Kind::credential, spec.members.front().value};
    return {credential, why_unavailable(spec.members.front()), credential};
  }
  return {};
}

/// What a need can be given: for a pool, in the order of its cursor, what the run does not name.
std::vector<CredentialId> ReferencePipeline::offers(const ReferenceRun& run,
                                                    std::size_t need) const {
  const ReferenceNeed& asked = run.needs[need];
  std::vector<CredentialId> found;
  for (std::size_t i = 0; i < asked.spec.members.size(); ++i) {
    const std::size_t first = asked.spec.pool ? cursors_[asked.cursor] : 0;
    const CredentialId member = asked.spec.members[(first + i) % asked.spec.members.size()];
    const bool named = std::any_of(run.needs.begin(), run.needs.end(), [&](const auto& other) {
      return !other.spec.pool && other.spec.members.front() == member;
    });
    if (available(member) && !(asked.spec.pool && named)) found.push_back(member);
  }
  return found;
}

/// All ways to give each of `needs` one of its offers, no two pools the same: the first one, with
/// the needs in their order. `taken`, if asked for, gets it.
bool ReferencePipeline::distribute(const ReferenceRun& run, const std::vector<std::size_t>& needs,
                                   std::vector<CredentialId>* taken) const {
  std::vector<std::vector<CredentialId>> ways{{}};
  for (const std::size_t need : needs) {
    std::vector<std::vector<CredentialId>> longer;
    for (const std::vector<CredentialId>& way : ways) {
      for (const CredentialId offer : offers(run, need)) {
        if (run.needs[need].spec.pool && contains(way, offer)) continue;
        longer.push_back(way);
        longer.back().push_back(offer);
      }
    }
    ways = longer;
  }
  if (ways.empty()) return false;
  if (taken != nullptr) *taken = ways.front();
  return true;
}

/// All members of those pools among the needs up to `need` without any one of which the others
/// could be served.
Thing ReferencePipeline::pools_that_compete(const ReferenceRun& run, std::size_t need) {
  std::vector<CredentialId> members;
  for (std::size_t left_out = 0; left_out <= need; ++left_out) {
    if (!run.needs[left_out].spec.pool) continue;
    std::vector<std::size_t> others;
    for (std::size_t other = 0; other <= need; ++other) {
      if (other != left_out) others.push_back(other);
    }
    if (!distribute(run, others, nullptr)) continue;
    for (const CredentialId member : run.needs[left_out].spec.members) {
      if (!contains(members, member)) members.push_back(member);
    }
  }
  return {Thing::Kind::pool, pool_number(members)};
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

/// Whoever takes it leaves room for all others.
bool ReferencePipeline::has_room_for_all(const Thing& thing) const {
  if (thing.kind == Thing::Kind::workflow) return true;
  return thing.kind == Thing::Kind::credential && limit({thing.index}) == UINT32_MAX &&
         !config().credentials[thing.index].prevent_concurrency_during_login;
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
    for (std::uint32_t g = 0; g < groups_.size(); ++g) wake_group(g, first);
  }
}

/// Policies that may start one level and refuse another wake each level by itself; those that hold
/// a worker come first.
std::size_t ReferencePipeline::turns_of(std::uint32_t g) const {
  const DispatchPolicyKind kind = policy(g).kind;
  const bool apart =
      kind == DispatchPolicyKind::reserved ||
      (kind == DispatchPolicyKind::ageing && when_busy(g) == WhenCredentialBusy::block_level);
  return apart ? 1 + kLevels : 1;
}

std::size_t ReferencePipeline::turn_of(const ReferenceRun& run) const {
  const bool apart = turns_of(run.group) > 1 && run.state != RunState::holding;
  return apart ? 1 + run.level : 0;
}

void ReferencePipeline::wake_group(std::uint32_t g, const Thing& thing) {
  for (std::size_t turn = 0; turn < turns_of(g); ++turn) wake_one({g, turn, thing});
}

void ReferencePipeline::wake_one(const PassedOn& wake) {
  wake_first(wake);
  while (!passed_on_.empty()) {
    const PassedOn first = passed_on_.front();
    passed_on_.erase(passed_on_.begin());
    wake_first(first);
  }
}

/// The first run of the group and turn that waits on the thing and that it can help; all of them
/// if they cannot be in each other's way.
void ReferencePipeline::wake_first(const PassedOn& wake) {
  std::vector<std::size_t> set_aside;
  while (has_room(wake.thing)) {
    const std::optional<std::size_t> r = first_waiting(wake, set_aside);
    if (!r) return;
    const Obstacle now_in_the_way = obstacle(runs_[*r], nullptr);
    const bool will_hold = runs_[*r].state == RunState::parked && now_in_the_way.is_credentials() &&
                           when_busy(wake.group) == WhenCredentialBusy::hold_worker;
    if (now_in_the_way.none() || will_hold) {
      const bool was_holding = runs_[*r].state == RunState::holding;
      this->wake(*r, wake);
      if (!was_holding && !has_room_for_all(wake.thing)) return;
    } else if (now_in_the_way.thing == runs_[*r].obstacle.thing) {
      set_aside.push_back(*r);
    } else {
      log(blocked_text("parked", runs_[*r].id, now_in_the_way.reason,
                       describe(now_in_the_way.seen)));
      wait_on(runs_[*r], now_in_the_way);
    }
  }
}

/// By level and sequence, leaving out all that wait with one set aside.
std::optional<std::size_t> ReferencePipeline::first_waiting(
    const PassedOn& wake, const std::vector<std::size_t>& set_aside) const {
  const auto place = [this](std::size_t r) {
    const bool no_worker = runs_[r].state != RunState::holding;
    return std::make_tuple(no_worker, runs_[r].request.level, runs_[r].sequence);
  };
  std::optional<std::size_t> first;
  for (std::size_t r = 0; r < runs_.size(); ++r) {
    if (runs_[r].group != wake.group || !waits_on(runs_[r], wake.thing)) continue;
    if (turn_of(runs_[r]) != wake.turn) continue;
    const bool aside = std::any_of(set_aside.begin(), set_aside.end(),
                                   [&](auto other) { return waits_with(runs_[r], runs_[other]); });
    if (!aside && (!first || place(r) < place(*first))) first = r;
  }
  return first;
}

/// They need exactly the same, so they always wait on the same.
bool ReferencePipeline::waits_with(const ReferenceRun& a, const ReferenceRun& b) const {
  const bool capped = policy(a.group).kind == DispatchPolicyKind::workspace_cap;
  return a.group == b.group && a.state == b.state && turn_of(a) == turn_of(b) &&
         a.request.workflow == b.request.workflow &&
         (!capped || a.request.workspace == b.request.workspace) && a.needs == b.needs;
}

void ReferencePipeline::wait_on(ReferenceRun& run, const Obstacle& obstacle) {
  for (ReferenceRun& other : runs_) {
    if (waits_with(run, other)) other.obstacle = obstacle;
  }
}

/// A parked run is a candidate again; a holding one starts.
void ReferencePipeline::wake(std::size_t r, const PassedOn& by) {
  ReferenceRun& run = runs_[r];
  if (run.state == RunState::holding) return start(r);
  run.state = RunState::queued;
  run.obstacle = {};
  run.woken_by = by.thing;
  run.woken_turn = by.turn;
  if (policy(run.group).kind == DispatchPolicyKind::ageing) level_by_age(run);
  log(fmt::format("woken id={}", run.id));
  settle_rings(run.group);
  stir(run.group);
  pass_on_wakes_of_the_overtaken(run.group);
}

/// As high as its time in the queue gives, as far as no queue on the way is blocked.
void ReferencePipeline::level_by_age(ReferenceRun& run) {
  const std::int64_t period = policy(run.group).promote_after.ns;
  const auto own = static_cast<std::int64_t>(index(run.request.level));
  const std::int64_t promotions = std::min(own, (now_ - run.queued_at).ns / period);
  const auto highest = static_cast<std::size_t>(own - promotions);
  while (run.level > highest &&
         !queue_blocked(run.group, run.request.workspace.value, run.level - 1))
    --run.level;
  run.promotion_due = run.queued_at + Duration{(promotions + 1) * period};
}

void ReferencePipeline::park(std::size_t r, const Obstacle& obstacle) {
  ReferenceRun& run = runs_[r];
  run.state = RunState::parked;
  wait_on(run, obstacle);
  log(blocked_text("parked", run.id, obstacle.reason, describe(obstacle.seen)));
  settle_rings(run.group);
  no_longer_candidate(run);
}

void ReferencePipeline::hold(std::size_t r, const Obstacle& obstacle) {
  ReferenceRun& run = runs_[r];
  take_worker(r);
  schedule_timeout(r, Time::never());
  run.state = RunState::holding;
  wait_on(run, obstacle);
  log(blocked_text("holding", run.id, obstacle.reason, describe(obstacle.seen)));
  turn_over(run);
  no_longer_candidate(run);
}

/// What it was woken by may have room for another one of its group.
void ReferencePipeline::no_longer_candidate(ReferenceRun& run) {
  const Thing thing = run.woken_by;
  run.woken_by = {};
  if (thing.kind != Thing::Kind::none) wake_one({run.group, run.woken_turn, thing});
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
