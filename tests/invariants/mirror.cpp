#include "tests/invariants/mirror.hpp"

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

bool Mirror::credentials_available(const SeenRun& run) const {
  std::vector<CredentialId> taken;
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const Need need = run.request.needs[i];
    if (!need.is_pool()) {
      if (!credentials_[need.credential().index()].available()) return false;
      taken.push_back(need.credential());
      continue;
    }
    const std::vector<CredentialId>& pool = members(need);
    const auto free = std::find_if(pool.begin(), pool.end(), [&](CredentialId member) {
      return credentials_[member.index()].available() &&
             std::find(taken.begin(), taken.end(), member) == taken.end();
    });
    if (free == pool.end()) return false;
    // Which one is taken matters only to a run that needs several of one pool.
    if (run.request.need_count > 1 && pool.size() > 1) return false;
    taken.push_back(*free);
  }
  return true;
}

bool Mirror::held_up_by_rule(const SeenRun& run) const {
  const WhenCredentialBusy rule = config_of(run).when_credential_busy;
  const bool by_level = rule == WhenCredentialBusy::block_level;
  if (!by_level && rule != WhenCredentialBusy::block_workspace) return false;
  return std::any_of(runs_.begin(), runs_.end(), [&](const SeenRun& other) {
    if (other.state != RunState::parked || other.group != run.group || other.id == run.id)
      return false;
    const bool same_queue = other.request.workspace == run.request.workspace &&
                            other.request.level == run.request.level;
    return same_queue || (by_level && other.request.level < run.request.level);
  });
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
