#include "reports/metrics/resource_usage.hpp"

#include <algorithm>
#include <numeric>

namespace sluice {

void CredentialUse::restart(Time now) {
  fold(now);
  at_limit_ = at_limit() ? -now.ns : 0;
  dispatched_ = demanded_ = 0;
}

void CredentialRecord::restart(Time now) {
  held_runs_.restart(now);
  limit_.restart(now);
  unlimited_.restart(now);
  // The login and pause clocks go on: parked runs hold readings of them.
  logins = logins_failed = holds_ = 0;
  held_for_pools_ = {};
  in_use = 0;
}

std::uint32_t PoolUse::position_of(CredentialId credential) const {
  const auto found =
      std::lower_bound(sorted.begin(), sorted.end(), credential,
                       [](const Place& p, CredentialId c) { return p.credential < c; });
  return found != sorted.end() && found->credential == credential ? found->position : UINT32_MAX;
}

std::uint64_t PoolUse::dispatched() const {
  return std::accumulate(dispatches.begin(), dispatches.end(), std::uint64_t{0});
}

double PoolUse::imbalance() const {
  const std::uint64_t total = dispatched();
  if (total == 0) return 0;
  const auto most = static_cast<double>(*std::max_element(dispatches.begin(), dispatches.end()));
  return most * static_cast<double>(members.size()) / static_cast<double>(total);
}

void PoolUses::define(std::uint32_t pool_use, std::uint32_t pool,
                      std::span<const CredentialId> members,
                      std::span<const CredentialRecord> records) {
  if (pool_use >= uses_.size()) uses_.resize(pool_use + 1);
  uses_[pool_use] = {pool, 0};
  if (pool >= pools_.size()) pools_.resize(pool + 1);
  PoolUse& use = pools_[pool];
  if (!use.members.empty()) return;
  use.members.assign(members.begin(), members.end());
  use.dispatches.resize(members.size());
  for (std::size_t i = 0; i < members.size(); ++i)
    use.sorted.push_back({members[i], static_cast<std::uint32_t>(i)});
  std::sort(
      use.sorted.begin(), use.sorted.end(),
      [](const PoolUse::Place& a, const PoolUse::Place& b) { return a.credential < b.credential; });
  for (const CredentialId member : members) {
    if (member.index() >= pools_with_.size()) pools_with_.resize(member.index() + 1);
    pools_with_[member.index()].push_back(pool);
    // Only differences of these clocks are looked at: when they began does not matter.
    if (records[member.index()].paused()) use.paused.add({});
    if (records[member.index()].logging_in()) use.logging_in.add({});
  }
}

void PoolUses::member_leaves(Time now, CredentialId credential, const CredentialRecord& record) {
  if (credential.index() >= pools_with_.size()) return;
  for (const std::uint32_t pool : pools_with_[credential.index()]) {
    if (record.paused()) pools_[pool].paused.remove(now);
    if (record.logging_in()) pools_[pool].logging_in.remove(now);
  }
}

void PoolUses::member_enters(Time now, CredentialId credential, const CredentialRecord& record) {
  if (credential.index() >= pools_with_.size()) return;
  for (const std::uint32_t pool : pools_with_[credential.index()]) {
    if (record.paused()) pools_[pool].paused.add(now);
    if (record.logging_in()) pools_[pool].logging_in.add(now);
  }
}

void PoolUses::demanded(std::uint32_t pool_use) {
  if (pool_use < uses_.size()) ++pools_[uses_[pool_use].pool].demanded;
}

bool PoolUses::dispatched(std::uint32_t pool_use, CredentialId member) {
  if (pool_use >= uses_.size()) return false;
  Use& use = uses_[pool_use];
  PoolUse& pool = pools_[use.pool];
  const bool as_expected = pool.members[use.next] == member;
  const std::uint32_t position = as_expected ? use.next : pool.position_of(member);
  if (position == UINT32_MAX) return false;
  ++pool.dispatches[position];
  use.next = position + 1 == pool.members.size() ? 0 : position + 1;
  return !as_expected;
}

void PoolUses::hold(Time now, std::uint32_t pool_use, std::uint32_t runs) {
  PoolUse& pool = pools_[uses_[pool_use].pool];
  pool.held_runs.set(now, pool.held_runs.count() + runs);
  pool.holds += runs;
}

void PoolUses::let_go(Time now, std::uint32_t pool_use, std::uint32_t runs) {
  PoolUse& pool = pools_[uses_[pool_use].pool];
  pool.held_runs.set(now, pool.held_runs.count() - runs);
}

void PoolUses::restart(Time now) {
  for (PoolUse& pool : pools_) {
    pool.held_runs.restart(now);
    pool.holds = 0;
    std::fill(pool.dispatches.begin(), pool.dispatches.end(), 0);
    pool.demanded = 0;
  }
}

}  // namespace sluice
