#include "tests/model/invariants/mirror.hpp"

#include <algorithm>

namespace sluice::invariants {

Mirror::Mirror(const PipelineConfig& config)
    : config_(config), groups_(config.groups.size()), at_work_(config.workspaces.size(), 0) {
  for (const CredentialConfig& credential : config.credentials) {
    SeenCredential seen;
    seen.limit = credential.limit();
    credentials_.push_back(seen);
  }
}

SeenRun& Mirror::run(const Run& run) {
  if (runs_.size() <= run.slot.index()) runs_.resize(run.slot.index() + 1);
  return runs_[run.slot.index()];
}

void Mirror::define_pool(std::uint32_t pool_use, std::vector<CredentialId> members) {
  if (pools_.size() <= pool_use) pools_.resize(pool_use + 1);
  pools_[pool_use] = std::move(members);
}

bool Mirror::could_start(const SeenRun& run) const {
  if (!run.waits() || run.state == RunState::delayed || run.waits_for_workflow) return false;
  const DispatchConfig& policy = config_of(run).dispatch;
  const bool needs_place = run.state != RunState::holding;
  if (needs_place && policy.kind == DispatchPolicyKind::workspace_cap &&
      at_work(run.request.workspace) >= policy.cap) {
    return false;
  }
  return credentials_available(run);
}

namespace {

/// Whether each of `options` from the n-th on can be given something of its own that nobody has.
bool can_be_given(const std::vector<std::vector<CredentialId>>& options, std::size_t n,
                  std::vector<CredentialId>& given) {
  if (n == options.size()) return true;
  for (const CredentialId option : options[n]) {
    if (std::find(given.begin(), given.end(), option) != given.end()) continue;
    given.push_back(option);
    const bool possible = can_be_given(options, n + 1, given);
    given.pop_back();
    if (possible) return true;
  }
  return false;
}

}  // namespace

/// All in every order, until one way is found.
bool Mirror::credentials_available(const SeenRun& run) const {
  std::vector<CredentialId> named;
  std::size_t pools = 0;
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const Need need = run.request.needs[i];
    pools += need.is_pool();
    if (need.is_pool()) continue;
    if (!credentials_[need.credential().index()].available()) return false;
    named.push_back(need.credential());
  }
  if (pools == 0) return true;
  std::vector<std::vector<CredentialId>> options;
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const Need need = run.request.needs[i];
    if (!need.is_pool()) continue;
    std::vector<CredentialId>& free = options.emplace_back();
    for (const CredentialId member : members(need)) {
      if (credentials_[member.index()].available()) free.push_back(member);
    }
  }
  return can_be_given(options, 0, named);
}

// ---- whom the policy would name

bool Mirror::held_up_at(const SeenRun& run, std::size_t level) const {
  const WhenCredentialBusy rule = config_of(run).when_credential_busy;
  const bool by_level = rule == WhenCredentialBusy::block_level;
  if (!by_level && rule != WhenCredentialBusy::block_workspace) return false;
  return std::any_of(runs_.begin(), runs_.end(), [&](const SeenRun& other) {
    if (other.state != RunState::parked || other.group != run.group || other.id == run.id)
      return false;
    const bool same_queue =
        other.request.workspace == run.request.workspace && other.level == level;
    return same_queue || (by_level && other.level < level);
  });
}

bool Mirror::held_up_by_rule(const SeenRun& run, Time now) const {
  const DispatchConfig& policy = config_of(run).dispatch;
  std::size_t best = run.level;
  if (policy.kind == DispatchPolicyKind::ageing && run.state == RunState::queued) {
    const auto own = static_cast<std::int64_t>(index(run.request.level));
    const std::int64_t climbs = (now - run.queued_at).ns / policy.promote_after.ns;
    best = std::min(best, static_cast<std::size_t>(own - std::min(own, climbs)));
  }
  for (std::size_t level = best; level <= run.level; ++level) {
    if (held_up_at(run, level)) return true;
  }
  return false;
}

/// `reserved`: the idle workers are for levels that run fewer than their number.
bool Mirror::is_kept_back(const SeenRun& run) const {
  const DispatchConfig& policy = config_of(run).dispatch;
  if (policy.kind != DispatchPolicyKind::reserved) return false;
  std::uint32_t for_others = 0;
  for (std::size_t level = 0; level < kLevels; ++level) {
    std::uint32_t missing = policy.reserved[level];
    for (const SeenRun& other : runs_) {
      const bool has_worker = other.state == RunState::running || other.state == RunState::holding;
      if (has_worker && other.group == run.group && index(other.request.level) == level &&
          missing > 0)
        --missing;
    }
    if (level != index(run.request.level)) for_others += missing;
    if (level == index(run.request.level) && missing > 0) return false;
  }
  return groups_[run.group.index()].workers.idle <= for_others;
}

bool Mirror::would_be_named(const SeenRun& run, Time now) const {
  switch (config_of(run).dispatch.kind) {
    case DispatchPolicyKind::strict_priority:
    case DispatchPolicyKind::ageing:
    case DispatchPolicyKind::weighted:
    case DispatchPolicyKind::reserved:
    case DispatchPolicyKind::workspace_cap:  // the cap is asked with the credentials
    case DispatchPolicyKind::fair_first:
    case DispatchPolicyKind::fifo:
    case DispatchPolicyKind::fair_share:
    case DispatchPolicyKind::share_limit:  // keeps nobody back from a worker that nobody else takes
      return !held_up_by_rule(run, now) && !is_kept_back(run);
  }
  return true;  // a policy that nobody has described here keeps nobody back
}

Time Mirror::expires(const SeenRun& run) const {
  const auto& expiry = config_.workflows[run.request.workflow.index()].expiry;
  return expiry ? run.accepted + *expiry + run.ran : Time::never();
}

/// Nobody can cancel what is not accepted.
Time Mirror::cancelled(const SeenRun& run) {
  return std::max(run.accepted, run.request.submitted + run.request.patience + run.ran);
}

Time Mirror::times_out(const SeenRun& run) const {
  const auto& timeout = config_.workflows[run.request.workflow.index()].timeout;
  return timeout ? run.has_worker_since + timeout->after : Time::never();
}

}  // namespace sluice::invariants
