#include "pipeline/credentials.hpp"

#include "base/check.hpp"
#include "pipeline/run_table.hpp"

namespace sluice {
namespace {

constexpr Duration kNever = Duration::max();

}  // namespace

Credentials::Credentials(const PipelineConfig& config, RunTable& runs)
    : config_(config),
      runs_(runs),
      hot_(config.credentials.size()),
      cold_(config.credentials.size()) {
  for (std::size_t i = 0; i < hot_.size(); ++i) read_config(i);
}

/// Of a credential that is new; see config_changed() for the others.
void Credentials::read_config(std::size_t credential) {
  SLUICE_REQUIRE(cold_[credential].logins == 0, "nobody has logged in with it yet");
  const CredentialConfig& c = config_.credentials[credential];
  read_limits(credential);
  hot_[credential].has_login = c.login.has_value();
  cold_[credential].guard = c.prevent_concurrency_during_login;
}

/// What holds of limit and expiry times: the configuration, or what overrides it.
void Credentials::read_limits(std::size_t credential) {
  SLUICE_REQUIRE(credential < config_.credentials.size(), "the configuration has the credential");
  const CredentialConfig& c = config_.credentials[credential];
  const auto found = overrides_.find(static_cast<std::uint32_t>(credential));
  const CredentialOverride over = found == overrides_.end() ? CredentialOverride{} : found->second;
  Cold& cold = cold_[credential];
  hot_[credential].limit =
      c.allow_multiple_sessions ? over.max_concurrency.value_or(c.limit()) : c.limit();
  cold.expiry_from_last_use =
      over.expiry_time_from_last_use.value_or(c.expiry_time_from_last_use.value_or(kNever));
  cold.expiry_from_session_set = over.expiry_time_from_session_data_set.value_or(
      c.expiry_time_from_session_data_set.value_or(kNever));
}

// ---- changes of the configuration

void Credentials::config_grew() {
  const std::size_t known = hot_.size();
  SLUICE_REQUIRE(config_.credentials.size() >= known, "credentials are only appended");
  hot_.resize(config_.credentials.size());
  cold_.resize(config_.credentials.size());
  for (std::size_t i = known; i < hot_.size(); ++i) read_config(i);
}

bool Credentials::config_changed(CredentialId credential) {
  SLUICE_REQUIRE(credential.index() < hot_.size(), "there is such a credential");
  const std::size_t i = credential.index();
  read_limits(i);
  if (cold_[i].logins == 0) cold_[i].guard = config(credential).prevent_concurrency_during_login;
  if (hot_[i].in_pool) tell_pools(i);
  return available(credential);
}

bool Credentials::set_override(CredentialId credential, const CredentialOverride& to) {
  SLUICE_REQUIRE(credential.index() < hot_.size(), "there is such a credential");
  overrides_[credential.value] = to;
  read_limits(credential.index());
  if (hot_[credential.index()].in_pool) tell_pools(credential.index());
  return available(credential);
}

// ---- pools

Need Credentials::pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                            std::span<const CredentialId> members, bool& is_new) {
  SLUICE_REQUIRE(!members.empty(), "a pool has members");
  const std::uint32_t pool = pool_with(members);
  const auto next = static_cast<std::uint32_t>(uses_.size());
  const auto [entry, inserted] =
      use_index_.try_emplace({workspace.value, workflow.value, alias, pool}, next);
  if (inserted) uses_.push_back({pool});
  is_new = inserted;
  return {entry->second | Need::kPoolBit};
}

std::uint32_t Credentials::pool_with(std::span<const CredentialId> members) {
  std::vector<std::uint32_t> key;
  for (CredentialId member : members) key.push_back(member.value);
  const auto next = static_cast<std::uint32_t>(pools_.size());
  const auto [entry, inserted] = pool_index_.try_emplace(std::move(key), next);
  if (!inserted) return entry->second;
  Pool pool{{members.begin(), members.end()}, AvailableSet(members.size())};
  for (std::uint32_t i = 0; i < members.size(); ++i) {
    SLUICE_REQUIRE(members[i].index() < cold_.size(), "members are credentials that there are");
    Cold& cold = cold_[members[i].index()];
    cold.memberships.push_back({next, i});
    cold.pool_ids.push_back(next);
    hot_[members[i].index()].in_pool = true;
    pool.available.set(i, available(members[i]));
  }
  pools_.push_back(std::move(pool));
  return next;
}

void Credentials::tell_pools(std::size_t credential) {
  const bool is_available = hot_[credential].available();
  for (const Membership& m : cold_[credential].memberships)
    pools_[m.pool].available.set(m.index, is_available);
}

CredentialId Credentials::choose_member(const PoolUse& use,
                                        const std::array<CredentialId, kMaxNeeds>& chosen) const {
  const Pool& pool = pools_[use.pool];
  const std::size_t first = pool.available.next(use.cursor);
  for (std::size_t i = first; i != AvailableSet::kNone;) {
    if (std::find(chosen.begin(), chosen.end(), pool.members[i]) == chosen.end())
      return pool.members[i];
    i = pool.available.next((i + 1) % pool.members.size());
    if (i == first) break;
  }
  return CredentialId::none();
}

void Credentials::move_cursor(PoolUse& use, CredentialId taken) {
  const Pool& pool = pools_[use.pool];
  bool is_member = false;
  for (const Membership& m : cold_[taken.index()].memberships) {
    if (m.pool != use.pool) continue;
    is_member = true;
    use.cursor = static_cast<std::uint32_t>((m.index + 1) % pool.members.size());
  }
  SLUICE_REQUIRE(is_member, "what is taken from a pool is a member of it");
}

// ---- choosing

std::size_t Credentials::choose(const RunRequest& request,
                                std::array<CredentialId, kMaxNeeds>& chosen) const {
  chosen.fill(CredentialId::none());
  for (std::size_t i = 0; i < request.need_count; ++i) {
    const Need need = request.needs[i];
    if (need.is_pool()) return choose_with_pools(request, i, chosen);
    chosen[i] = need.credential();
    if (!available(chosen[i])) return i;
  }
  return request.need_count;
}

/// `first` is the first need of a pool; those before it are served.
std::size_t Credentials::choose_with_pools(const RunRequest& request, std::size_t first,
                                           std::array<CredentialId, kMaxNeeds>& chosen) const {
  // What is named further on is not for the pools either.
  for (std::size_t i = first + 1; i < request.need_count; ++i)
    if (!request.needs[i].is_pool()) chosen[i] = request.needs[i].credential();
  for (std::size_t i = first; i < request.need_count; ++i) {
    const Need need = request.needs[i];
    if (!need.is_pool()) {
      if (!available(chosen[i])) return i;
      continue;
    }
    chosen[i] = choose_member(uses_[need.pool_use()], chosen);
    if (!chosen[i].valid() && !choose_again(request, i, chosen)) return i;
  }
  return request.need_count;
}

// ---- pools that compete: rare, so only looked at where the first choice did not do

Offers Credentials::offers(Need need, std::span<const CredentialId> named) const {
  Offers found;
  const PoolUse& use = uses_[need.pool_use()];
  const Pool& pool = pools_[use.pool];
  const std::size_t first = pool.available.next(use.cursor);
  for (std::size_t i = first; i != AvailableSet::kNone && !found.full();) {
    if (std::find(named.begin(), named.end(), pool.members[i]) == named.end())
      found.add(pool.members[i]);
    i = pool.available.next((i + 1) % pool.members.size());
    if (i == first) break;
  }
  return found;
}

Credentials::Competing Credentials::competing(const RunRequest& request, std::size_t last) const {
  std::array<CredentialId, kMaxNeeds> named{};
  for (std::size_t i = 0; i < request.need_count; ++i)
    if (!request.needs[i].is_pool()) named[i] = request.needs[i].credential();
  Competing found;
  for (std::size_t i = 0; i <= last; ++i) {
    if (!request.needs[i].is_pool()) continue;
    found.needs[found.count] = i;
    found.offers[found.count++] = offers(request.needs[i], named);
  }
  return found;
}

/// The needs before `last` have been served, but not so that something is left for it.
bool Credentials::choose_again(const RunRequest& request, std::size_t last,
                               std::array<CredentialId, kMaxNeeds>& chosen) const {
  const Competing all = competing(request, last);
  std::array<CredentialId, kMaxNeeds> found{};
  if (all.count == 1 || !choose_distinct(std::span(all.offers).first(all.count), found))
    return false;
  for (std::size_t i = 0; i < all.count; ++i) chosen[all.needs[i]] = found[i];
  return true;
}

/// Those compete without any of which the others could be served: what their pools lack is what all
/// of them lack together (Hall's theorem), so one of their members has to become available.
std::uint32_t Credentials::pool_to_wait_on(const RunRequest& request, std::size_t need) {
  SLUICE_REQUIRE(need < request.need_count && request.needs[need].is_pool(),
                 "who waits on a pool needs one");
  const Competing all = competing(request, need);
  if (all.count == 1 || all.offers[all.count - 1].count == 0) return pool_of(request.needs[need]);
  std::vector<std::uint32_t> pools;
  for (std::size_t left_out = 0; left_out < all.count; ++left_out) {
    const std::uint32_t pool = pool_of(request.needs[all.needs[left_out]]);
    if (std::find(pools.begin(), pools.end(), pool) != pools.end()) continue;
    std::array<Offers, kMaxNeeds> others = all.offers;
    std::copy(others.begin() + static_cast<std::ptrdiff_t>(left_out) + 1, others.end(),
              others.begin() + static_cast<std::ptrdiff_t>(left_out));
    std::array<CredentialId, kMaxNeeds> chosen{};
    if (choose_distinct(std::span(others).first(all.count - 1), chosen)) pools.push_back(pool);
  }
  if (pools.size() == 1) return pools.front();
  if (const auto known = unions_.find(pools); known != unions_.end()) return known->second;
  std::vector<CredentialId> members;
  for (const std::uint32_t pool : pools)
    for (const CredentialId member : pools_[pool].members)
      if (std::find(members.begin(), members.end(), member) == members.end())
        members.push_back(member);
  return unions_[pools] = pool_with(members);
}

// ---- taking

void Credentials::take(Time now, Run& run) {
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const Need need = run.request.needs[i];
    if (need.is_pool()) move_cursor(uses_[need.pool_use()], run.held[i]);
    if (i == 0 || first_holder(run.held, i)) take_one(now, run, i);
  }
}

void Credentials::take_one(Time now, Run& run, std::size_t need) {
  const std::size_t credential = run.held[need].index();
  Hot& hot = hot_[credential];
  SLUICE_CHECK(hot.available(), "only an available credential is taken", now, run.id);
  ++hot.active;
  if (hot.has_login) {
    cold_[credential].last_use = now;
    add_holder(run, need);
  }
  if (hot.in_pool && !hot.available()) tell_pools(credential);
}

void Credentials::release_one(Time now, Run& run, std::size_t need) {
  const std::size_t credential = run.held[need].index();
  Hot& hot = hot_[credential];
  SLUICE_CHECK(hot.active > 0, "only a credential that is held is given back", now, run.id);
  const bool was_available = hot.available();
  --hot.active;
  if (hot.has_login) {
    cold_[credential].last_use = now;
    remove_holder(run, need);
  }
  if (hot.in_pool & (was_available != hot.available())) tell_pools(credential);
}

void Credentials::add_holder(Run& run, std::size_t need) {
  auto& holders = cold_[run.held[need].index()].holders;
  SLUICE_REQUIRE(holders.size() < hot_[run.held[need].index()].active,
                 "no more are listed than hold it");
  run.holder_index[need] = static_cast<std::uint32_t>(holders.size());
  holders.push_back(run.slot);
}

void Credentials::remove_holder(const Run& run, std::size_t need) {
  auto& holders = cold_[run.held[need].index()].holders;
  const std::uint32_t hole = run.holder_index[need];
  SLUICE_REQUIRE(hole < holders.size() && holders[hole] == run.slot, "who holds it is listed");
  Run& last = runs_[holders.back()];
  holders[hole] = holders.back();
  holders.pop_back();
  if (last.slot == run.slot) return;
  for (std::size_t i = 0; i < last.request.need_count; ++i)
    if (last.held[i] == run.held[need] && first_holder(last.held, i)) last.holder_index[i] = hole;
}

BlockReason Credentials::block_reason(Need need) const {
  if (need.is_pool()) {
    for (CredentialId member : pools_[pool_of(need)].members)
      if (status(member).paused == false) return BlockReason::credential_limit;
    return BlockReason::pause;
  }
  const CredentialStatus is = status(need.credential());
  return is.paused        ? BlockReason::pause
         : is.login_guard ? BlockReason::login
                          : BlockReason::credential_limit;
}

// ---- sessions and logins

bool Credentials::session_valid(Time now, CredentialId credential) const {
  const Cold& cold = cold_[credential.index()];
  if (!cold.has_session) return false;
  return now - cold.last_use < cold.expiry_from_last_use &&
         now - cold.session_set < cold.expiry_from_session_set;
}

void Credentials::begin_login(CredentialId credential) {
  SLUICE_REQUIRE(hot_[credential.index()].has_login, "a login is of a credential that has one");
  Cold& cold = cold_[credential.index()];
  ++cold.logins;
  if (!cold.guard) return;
  ++cold.guarded_logins;
  close(credential);
}

bool Credentials::end_login(Time now, CredentialId credential, bool succeeded) {
  Cold& cold = cold_[credential.index()];
  SLUICE_CHECK(cold.logins > 0, "a login ends that is in progress", now, kNoRun);
  if (succeeded && config(credential).keeps_session) {
    cold.has_session = true;
    cold.session_set = cold.last_use = now;
  }
  const bool was_guarded = cold.guard;
  if (--cold.logins == 0) cold.guard = config(credential).prevent_concurrency_during_login;
  if (!was_guarded) return false;
  SLUICE_CHECK(cold.guarded_logins > 0, "a guarded login was counted as one", now, kNoRun);
  --cold.guarded_logins;
  return open(credential);
}

// ---- pauses and outages

void Credentials::pause(CredentialId credential) {
  SLUICE_REQUIRE(credential.index() < hot_.size(), "there is such a credential");
  ++cold_[credential.index()].pauses;
  close(credential);
}

bool Credentials::resume(CredentialId credential) {
  SLUICE_REQUIRE(credential.index() < hot_.size(), "there is such a credential");
  Cold& cold = cold_[credential.index()];
  if (cold.pauses == 0) return false;
  --cold.pauses;
  return open(credential);
}

void Credentials::close(CredentialId credential) {
  const bool was_available = available(credential);
  const Cold& cold = cold_[credential.index()];
  ++hot_[credential.index()].closed;
  SLUICE_REQUIRE(hot_[credential.index()].closed == cold.guarded_logins + cold.pauses,
                 "what closes a credential is counted");
  if (was_available && hot_[credential.index()].in_pool) tell_pools(credential.index());
}

bool Credentials::open(CredentialId credential) {
  SLUICE_REQUIRE(hot_[credential.index()].closed > 0, "what opens was closed");
  --hot_[credential.index()].closed;
  if (!available(credential)) return false;
  if (hot_[credential.index()].in_pool) tell_pools(credential.index());
  return true;
}

CredentialStatus Credentials::status(CredentialId credential) const {
  const Hot& hot = hot_[credential.index()];
  const Cold& cold = cold_[credential.index()];
  return {hot.active, hot.limit, cold.guarded_logins > 0, cold.pauses > 0};
}

}  // namespace sluice
