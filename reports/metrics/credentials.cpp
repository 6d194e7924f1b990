#include "reports/metrics/credentials.hpp"

#include <algorithm>
#include <numeric>

#include "pipeline/config.hpp"
#include "reports/metrics/at_end.hpp"
#include "reports/metrics/run_records.hpp"

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
    SLUICE_REQUIRE(member.index() < records.size(), "members are credentials that there are");
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

void PoolUses::demanded(std::uint32_t pool_use, const SliceClock* clock) {
  if (pool_use >= uses_.size()) return;
  PoolUse& pool = pools_[uses_[pool_use].pool];
  SLUICE_REQUIRE(!pool.members.empty(), "a pool has members");
  ++pool.demanded;
  if (clock == nullptr) return;
  if (pool.sliding.slice() != clock->number())
    pool.sliding.go_on_to(clock->number(), clock->place(), pool.slots, pool.limits());
  pool.sliding.add(clock->place());
}

void PoolUses::count_slots_of(std::uint32_t number, const LargeTable<CredentialUse>& uses) {
  SLUICE_REQUIRE(number < pools_.size(), "a pool that there is");
  PoolUse& pool = pools_[number];
  pool.slots = 0;
  for (const CredentialId member : pool.members)
    if (member.index() < uses.size()) pool.slots += slots_of(uses[member.index()].limit());
}

void PoolUses::limit_changed(Time now, CredentialId credential, const SliceClock& clock,
                             const LargeTable<CredentialUse>& uses) {
  SLUICE_CHECK(has(credential), "it is in a pool", now, kNoRun);
  for (const std::uint32_t number : pools_with_[credential.index()]) {
    PoolUse& pool = pools_[number];
    const float before = pool.slots;
    count_slots_of(number, uses);
    if (!pool.slice_limits) pool.slice_limits.emplace().fill(before);
    pool.sliding.go_on_to(clock.number(), clock.place(), before, pool.limits());
    change_limit(*pool.slice_limits, clock, now, before, pool.slots);
  }
}

bool PoolUses::dispatched(std::uint32_t pool_use, CredentialId member) {
  if (pool_use >= uses_.size()) return false;
  Use& use = uses_[pool_use];
  PoolUse& pool = pools_[use.pool];
  SLUICE_REQUIRE(use.next < pool.members.size(), "a pool's next member is one of it");
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
    pool.sliding = {};
    pool.slice_limits.reset();
  }
}

// ---- all of them

bool CredentialTable::is_used(std::size_t c) const {
  const CredentialUse& use = uses[c];
  return use.dispatched() + use.demanded() + records[c].holds() + use.count() > 0;
}

double CredentialTable::in_use_s(std::size_t c, Time end) const {
  return seconds(records[c].in_use + uses[c].in_use_until(end));
}

// ---- the family

namespace {

// ∫ in use of a credential is kept modulo 2^64 run × ns: safe for 65 536 runs at once.
constexpr Duration kFoldEvery{std::int64_t{1} << 48};

/// Calls visit(credential, need) for each credential that a running run holds, once each.
template <class Visit>
void for_held(const Run& run, Visit visit) {
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const CredentialId credential = run.held[i];
    bool held_already = !credential.valid();
    for (std::size_t j = 0; j < i; ++j) held_already |= run.held[j] == credential;
    if (!held_already) visit(credential, run.request.needs[i]);
  }
}

/// What a pool held a run for counts for the member that served it in the end.
void credit_member(const RunRecord& run, std::uint32_t pool_use, CredentialId member,
                   Records& records) {
  if (run.extension == 0) return;
  Attribution::RunMore& held = records.extensions[run.extension].attribution;
  if (held.pool_use != pool_use) return;
  SLUICE_CHECK(member.index() < records.credentials.records.size(), "a credential", run.since,
               kNoRun);
  records.credentials.records[member.index()].served(held.pool_holds, held.pool_held);
  held.pool_use = PoolHold::kNoPool;
  held.pool_holds = 0;
  held.pool_held = {};
}

}  // namespace

CredentialUsage::CredentialUsage(Records& records, const PipelineConfig& pipeline) {
  CredentialTable& table = records.credentials;
  table.uses.resize(pipeline.credentials.size());
  table.sliding.resize(pipeline.credentials.size());
  table.records.resize(pipeline.credentials.size());
  for (std::size_t i = 0; i < table.uses.size(); ++i) {
    table.uses[i].set_limit({}, pipeline.credentials[i].limit());
    table.records[i].set_limit({}, pipeline.credentials[i].limit());
  }
}

void CredentialUsage::demand(Time now, const Run& run, Records& records) {
  SLUICE_DEBUG_CHECK(run.request.need_count <= kMaxNeeds, "no more needs", run.accepted, run.id);
  CredentialTable& table = records.credentials;
  const SliceClock* clock = nullptr;
  if (records.started) {
    table.clock.at(now);
    clock = &table.clock;
  }
  for (std::size_t i = 0; i < run.request.need_count; ++i) {
    const Need need = run.request.needs[i];
    if (need.is_pool()) {
      table.pools.demanded(need.pool_use(), clock);
      continue;
    }
    const std::size_t c = need.credential().index();
    if (c >= table.uses.size()) continue;
    table.uses[c].demand();
    if (clock != nullptr) table.count_demand(c);
  }
}

void CredentialUsage::take(Time now, const Run& run, Records& records) {
  CredentialTable& table = records.credentials;
  if (run.slot.index() >= table.held.size()) [[unlikely]] {
    SLUICE_CHECK(run.slot.index() < records.runs.size(), "it has a record", now, run.id);
    table.held.resize(records.runs.size());
  }
  table.held[run.slot.index()] = run.held;
  for_held(run, [&](CredentialId credential, Need need) {
    table.uses[credential.index()].take(now);
    if (!need.is_pool()) return;
    if (records.started) {
      table.clock.at(now);
      table.count_demand(credential.index());
    }
    credit_member(records.runs[run.slot.index()], need.pool_use(), credential, records);
    if (table.pools.dispatched(need.pool_use(), credential))
      ++records.reached_of(ReachKind::pool_skipped_member);
  });
}

void CredentialUsage::give_back(Time now, const Run& run, Records& records) {
  for_held(run, [&](CredentialId credential, Need) {
    CredentialUse& use = records.credentials.uses[credential.index()];
    SLUICE_DEBUG_CHECK(use.count() > 0, "what is given back was taken", now, run.id);
    use.give_back(now);
  });
}

void CredentialUsage::change_limit_of(Time now, CredentialId id, std::uint32_t limit,
                                      Records& records) {
  SLUICE_CHECK(id.index() < records.credentials.uses.size(), "a credential", now, kNoRun);
  CredentialTable& table = records.credentials;
  CredentialUse& use = table.uses[id.index()];
  if (records.started) {
    const float before = slots_of(use.limit());
    const std::uint32_t slice = table.clock.at(now);
    const auto [limits, first] = table.slice_limits.try_emplace(id.index());
    if (first) limits->second.fill(before);
    table.sliding[id.index()].go_on_to(slice, table.clock.place(), before, &limits->second);
    change_limit(limits->second, table.clock, now, before, slots_of(limit));
  }
  use.set_limit(now, limit);
  if (records.started && table.pools.has(id))
    table.pools.limit_changed(now, id, table.clock, table.uses);
}

void CredentialUsage::credential_changed(Time now, CredentialId id, const CredentialStatus& status,
                                         Records& records) {
  SLUICE_CHECK(id.valid(), "a credential", now, kNoRun);
  CredentialTable& table = records.credentials;
  if (id.index() >= table.uses.size()) {
    table.uses.resize(id.index() + 1);
    table.records.resize(id.index() + 1);
    table.sliding.resize(id.index() + 1);
  }
  if (table.uses[id.index()].limit() != status.limit) [[unlikely]]
    change_limit_of(now, id, status.limit, records);
  CredentialRecord& record = table.records[id.index()];
  table.pools.member_leaves(now, id, record);
  record.status(now, status);
  table.pools.member_enters(now, id, record);
}

void CredentialUsage::login_ended(Time now, CredentialId credential, bool succeeded,
                                  Records& records) {
  SLUICE_CHECK(credential.index() < records.credentials.records.size(), "a credential", now,
               kNoRun);
  CredentialRecord& record = records.credentials.records[credential.index()];
  ++record.logins;
  record.logins_failed += !succeeded;
  records.reached_of(ReachKind::login_failed) += !succeeded;
}

void CredentialUsage::pool_defined(std::uint32_t pool_use, std::uint32_t pool,
                                   std::span<const CredentialId> members, Records& records) {
  SLUICE_CHECK(pool_use != UINT32_MAX, "a use has a number", records.from, kNoRun);
  records.credentials.pools.define(pool_use, pool, members, records.credentials.records);
  records.credentials.pools.count_slots_of(pool, records.credentials.uses);
}

void CredentialUsage::window_began(Time now, Records& records) {
  SLUICE_CHECK(records.started, "the window has begun", now, kNoRun);
  for (CredentialUse& credential : records.credentials.uses) credential.restart(now);
  for (CredentialRecord& record : records.credentials.records) record.restart(now);
  records.credentials.pools.restart(now);
  std::fill(records.credentials.sliding.begin(), records.credentials.sliding.end(),
            SlidingDemand{});
  records.credentials.slice_limits.clear();
  records.credentials.clock.restart(now, records.config.stability_window);
  for (std::uint32_t p = 0; p < records.credentials.pools.pools().size(); ++p)
    records.credentials.pools.count_slots_of(p, records.credentials.uses);
  fold_due_ = now + kFoldEvery;
}

void CredentialUsage::reached(Time now, Records& records) {
  SLUICE_CHECK(now == fold_due_, "when it is due", now, kNoRun);
  CredentialTable& table = records.credentials;
  for (std::size_t i = 0; i < table.uses.size(); ++i) {
    table.records[i].in_use += table.uses[i].in_use_until(now);
    table.uses[i].fold(now);
  }
  fold_due_ = now + kFoldEvery;
}

namespace {

void write_credential(FigureSink& sink, const AtEnd& at, std::size_t c) {
  const CredentialTable& table = at.records.credentials;
  const CredentialUse& use = table.uses[c];
  const CredentialRecord& record = table.records[c];
  const Subject subject = Subject::of(CredentialId::at(c));
  const std::uint64_t n = use.dispatched();
  const double in_use_s = table.in_use_s(c, at.end);
  const auto put = [&](Metric metric, double value) { sink.put(metric, subject, value, n); };
  put(Metric::credential_in_use_mean, in_use_s / at.length_s);
  put(Metric::credential_dispatched_count, static_cast<double>(n));
  put(Metric::credential_at_limit, use.at_limit_until(at.end).seconds() / at.length_s);
  put(Metric::credential_runs_held, static_cast<double>(record.holds()));
  put(Metric::credential_held_time, seconds(record.held_until(at.end)));
  const double limit = record.mean_limit(at.end, at.end - at.records.from);
  if (limit > 0)  // who holds it above a limit that was lowered counts as one of its slots
    put(Metric::credential_in_use_share, std::min(1.0, in_use_s / at.length_s / limit));
  if (record.logins == 0) return;
  sink.put(Metric::login_count, subject, static_cast<double>(record.logins), record.logins);
  sink.put(Metric::login_failed_count, subject, static_cast<double>(record.logins_failed),
           record.logins);
}

void write_pool(FigureSink& sink, const AtEnd& at, std::size_t p) {
  const PoolUse& pool = at.records.credentials.pools.pools()[p];
  const std::uint64_t n = pool.dispatched();
  if (n + pool.demanded == 0) return;
  const Subject subject = Subject::of(PoolId::at(p));
  sink.put(Metric::pool_dispatched_count, subject, static_cast<double>(n), n);
  sink.put(Metric::pool_runs_held, subject, static_cast<double>(pool.holds), n);
  sink.put(Metric::pool_held_time, subject, seconds(pool.held_runs.until(at.end)), n);
  if (n > 0) sink.put(Metric::pool_imbalance, subject, pool.imbalance(), n);
}

}  // namespace

void CredentialUsage::write(FigureSink& sink, const AtEnd& at) const {
  const CredentialTable& table = at.records.credentials;
  std::uint64_t logins = 0;
  std::uint64_t failed = 0;
  for (std::size_t c = 0; c < table.uses.size(); ++c) {
    logins += table.records[c].logins;
    failed += table.records[c].logins_failed;
    if (table.is_used(c) && at.length_s > 0) write_credential(sink, at, c);
  }
  sink.put(Metric::login_count, Subject::all(), static_cast<double>(logins), logins);
  sink.put(Metric::login_failed_count, Subject::all(), static_cast<double>(failed), logins);
  for (std::size_t p = 0; p < table.pools.pools().size(); ++p) write_pool(sink, at, p);
}

void CredentialUsage::complete(ReplicationResult& result, const AtEnd& at) const {
  for (const PoolUse& pool : at.records.credentials.pools.pools())
    result.pools.push_back(pool.members);
}

}  // namespace sluice
