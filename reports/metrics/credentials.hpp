// Use of credentials and pools (T3, the stability line of T1) and the clocks that tell a login from
// a pause while a run is parked (S6). O(1) per transition of a credential, and a step for each pool
// with it when its pause or login changes; a pool's member is found in O(log members), in O(1) when
// it is the next in rotation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/check.hpp"
#include "base/large_table.hpp"
#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "pipeline/ids.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"
#include "reports/expectations/reach.hpp"
#include "reports/figures/figure.hpp"
#include "reports/instruments/integral.hpp"
#include "reports/instruments/sliding_demand.hpp"
#include "reports/metrics/figure_sink.hpp"
#include "reports/metrics/hears.hpp"

namespace sluice {

class AtEnd;
struct PipelineConfig;
struct Records;
struct ReplicationResult;

/// One credential: what is touched with every run that needs it. Integrals are modulo
/// 2^64 and folded into CredentialRecord now and then.
class alignas(32) CredentialUse {
 public:
  void set_limit(Time now, std::uint32_t limit) {
    if (at_limit()) at_limit_ += now.ns;
    limit_ = limit;
    if (at_limit()) at_limit_ -= now.ns;
  }
  void demand() { ++demanded_; }
  void take(Time now) {
    in_use_ -= static_cast<std::uint64_t>(now.ns);
    ++dispatched_;
    at_limit_ -= (++count_ == limit_) * now.ns;  // no branch: nobody can guess it
  }
  void give_back(Time now) {
    in_use_ += static_cast<std::uint64_t>(now.ns);
    at_limit_ += (count_-- == limit_) * now.ns;
  }
  std::uint32_t count() const { return count_; }
  std::uint32_t limit() const { return limit_; }
  /// Accepted runs that need exactly this one.
  std::uint32_t demanded() const { return demanded_; }
  std::uint32_t dispatched() const { return dispatched_; }
  Duration at_limit_until(Time t) const { return {at_limit_ + (at_limit() ? t.ns : 0)}; }
  /// ∫ in use dt since the last fold: at most 2^64 run × ns.
  std::uint64_t in_use_until(Time t) const {
    return in_use_ + count_ * static_cast<std::uint64_t>(t.ns);
  }
  void fold(Time now) { in_use_ = -(count_ * static_cast<std::uint64_t>(now.ns)); }
  void restart(Time now);

 private:
  bool at_limit() const { return count_ >= limit_; }

  std::uint64_t in_use_ = 0;
  std::int64_t at_limit_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t limit_ = UINT32_MAX;
  std::uint32_t dispatched_ = 0;
  std::uint32_t demanded_ = 0;
};

/// One credential: what happens less often.
class CredentialRecord {
 public:
  void status(Time now, const CredentialStatus& status) {
    set_limit(now, status.limit);
    paused_.set(now, status.paused);
    login_.set(now, status.login_guard && !status.paused);
  }
  void hold(Time now, std::uint32_t runs) {
    held_runs_.set(now, held_runs_.count() + runs);
    holds_ += runs;
  }
  void let_go(Time now, std::uint32_t runs) { held_runs_.set(now, held_runs_.count() - runs); }
  /// A run that a pool had held got this member of it in the end.
  void served(std::uint32_t holds, Duration held) {
    holds_ += holds;
    held_for_pools_ += held;
  }
  void restart(Time now);
  /// UINT32_MAX: unlimited.
  void set_limit(Time now, std::uint32_t limit) {
    unlimited_.set(now, limit == UINT32_MAX);
    limit_.set(now, limit == UINT32_MAX ? 0 : limit);
  }
  /// Its mean limit over the window of `length` that ends at `end`; 0 if it had none for some
  /// of the time.
  double mean_limit(Time end, Duration length) const {
    if (length.ns <= 0 || unlimited_.until(end).ns > 0) return 0;
    const Int128 slots = limit_.until(end);  // a limit that never changes comes out exactly
    return static_cast<double>(slots / length.ns) +
           static_cast<double>(slots % length.ns) / static_cast<double>(length.ns);
  }

  bool paused() const { return paused_.on(); }
  bool logging_in() const { return login_.on(); }
  Duration login_until(Time t) const { return login_.until(t); }
  Duration pause_until(Time t) const { return paused_.until(t); }
  /// Σ over runs of the time for which it held them, until `t`.
  Int128 held_until(Time t) const { return held_runs_.until(t) + held_for_pools_.ns; }
  std::uint64_t holds() const { return holds_; }

  std::uint64_t logins = 0;
  std::uint64_t logins_failed = 0;
  Int128 in_use = 0;  ///< folded from CredentialUse

 private:
  TimeOn login_;
  TimeOn paused_;
  TimeOn unlimited_;
  CountIntegral limit_;
  CountIntegral held_runs_;    ///< parked or holding because of it alone
  Duration held_for_pools_{};  ///< because of a pool that then gave them this member
  std::uint64_t holds_ = 0;
};

/// One pool: how its dispatches spread over its members.
struct PoolUse {
  struct Place {
    CredentialId credential;
    std::uint32_t position = 0;
  };
  std::vector<CredentialId> members;      ///< in rotation order
  std::vector<Place> sorted;              ///< by credential
  std::vector<std::uint64_t> dispatches;  ///< by position
  std::uint64_t demanded = 0;
  CountIntegral held_runs;  ///< parked or holding because no member was available
  std::uint64_t holds = 0;
  CountIntegral paused;      ///< members that are; these two go on at the window's begin
  CountIntegral logging_in;  ///< members, not paused, that a login in progress keeps others out of
  SlidingDemand sliding;
  float slots = 0;                          ///< of all members; infinite: one is unlimited
  std::optional<SliceLimits> slice_limits;  ///< where a limit changed

  SliceLimits* limits() { return slice_limits ? &*slice_limits : nullptr; }
  const SliceLimits* limits() const { return slice_limits ? &*slice_limits : nullptr; }
  std::uint32_t position_of(CredentialId credential) const;
  /// Largest ÷ mean number of dispatches over members: 1 is even; 0 without dispatches.
  double imbalance() const;
  std::uint64_t dispatched() const;
};

class PoolUses {
 public:
  /// `records`: of all credentials, as they are now.
  void define(std::uint32_t pool_use, std::uint32_t pool, std::span<const CredentialId> members,
              std::span<const CredentialRecord> records);
  /// To be called around a change of a credential's pause or login. O(pools with it).
  void member_leaves(Time now, CredentialId credential, const CredentialRecord& record);
  void member_enters(Time now, CredentialId credential, const CredentialRecord& record);
  /// `clock`: none before the window.
  void demanded(std::uint32_t pool_use, const SliceClock* clock);
  /// The limit of a credential has changed. O(members of pools with it).
  void limit_changed(Time now, CredentialId credential, const SliceClock& clock,
                     const LargeTable<CredentialUse>& uses);
  /// Adds up the limits of all members of a pool.
  void count_slots_of(std::uint32_t pool, const LargeTable<CredentialUse>& uses);
  bool has(CredentialId credential) const {
    return credential.index() < pools_with_.size() && !pools_with_[credential.index()].empty();
  }
  /// REQUIRES that the use was defined. Runs that no member is available for; such that wait on it
  /// no longer.
  void hold(Time now, std::uint32_t pool_use, std::uint32_t runs);
  void let_go(Time now, std::uint32_t pool_use, std::uint32_t runs);
  /// True if the member was not the next in rotation (inferred from the previous dispatch through
  /// the same use; the first must be the first member).
  bool dispatched(std::uint32_t pool_use, CredentialId member);
  void restart(Time now);
  const std::vector<PoolUse>& pools() const { return pools_; }
  const PoolUse& pool_of(std::uint32_t pool_use) const { return pools_[uses_[pool_use].pool]; }

 private:
  struct Use {
    std::uint32_t pool = UINT32_MAX;
    std::uint32_t next = 0;  ///< position expected next
  };
  std::vector<Use> uses_;
  std::vector<PoolUse> pools_;
  std::vector<std::vector<std::uint32_t>> pools_with_;  ///< by credential
};

/// All credentials and pools.
struct CredentialTable {
  LargeTable<CredentialUse> uses;
  LargeTable<std::array<CredentialId, kMaxNeeds>> held;  ///< by slot, of runs that need any
  std::vector<CredentialRecord> records;
  PoolUses pools;
  /// Runs that need one by name, when they come; those through pools when they start on it.
  LargeTable<SlidingDemand> sliding;
  SliceClock clock;  ///< of `sliding` and that of pools, from the window's begin on
  /// Of credentials whose limit changed.
  std::map<std::size_t, SliceLimits> slice_limits;

  /// In the slice of the clock.
  void count_demand(std::size_t credential) {
    SlidingDemand& demand = sliding[credential];
    if (demand.slice() != clock.number()) [[unlikely]]
      demand.go_on_to(clock.number(), clock.place(), slots_of(uses[credential].limit()),
                      slice_limits_of(credential));
    demand.add(clock.place());
  }
  SliceLimits* slice_limits_of(std::size_t credential) {
    if (slice_limits.empty()) return nullptr;
    const auto found = slice_limits.find(credential);
    return found == slice_limits.end() ? nullptr : &found->second;
  }

  /// Whether anybody wanted or held it.
  bool is_used(std::size_t credential) const;
  double in_use_s(std::size_t credential, Time end) const;
};

class CredentialUsage {
 public:
  static constexpr std::array kSays{
      MetricRange{Metric::credential_in_use_mean, Metric::pool_held_time}};
  static constexpr Hears kHears = hear::entered | hear::dispatched | hear::attempt_lost |
                                  hear::finished | hear::credential_changed | hear::login_ended |
                                  hear::pool_defined | hear::window_began | hear::due;

  CredentialUsage(Records& records, const PipelineConfig& pipeline);

  /// Begin to load what the run will touch.
  static void expected(const RunRequest& request, const auto& records) {
    for (std::size_t i = 0; i < request.need_count; ++i)
      if (!request.needs[i].is_pool()) {
        fetch_ahead(&records.credentials.uses[request.needs[i].credential().index()]);
        fetch_ahead(&records.credentials.sliding[request.needs[i].credential().index()]);
      }
  }
  static void ending(const auto& run, const auto& records) {
    for (std::size_t i = 0; i < run.request.need_count; ++i)
      fetch_ahead(&records.credentials.uses[run.held[i].index()]);
  }

  void entered(Time now, const auto& p, const auto& run) {
    if (run.request.need_count > 0) demand(now, run, p.records);
  }
  void dispatched(Time now, const auto& p, const auto& run) {
    if (run.request.need_count > 0) take(now, run, p.records);
  }
  void attempt_lost(Time now, const auto& p, const auto& run) {
    if (run.request.need_count > 0) give_back(now, run, p.records);
  }
  void finished(Time now, const auto& p, const auto& run, auto) {
    if (run.request.need_count > 0) give_back(now, run, p.records);
  }
  void credential_changed(Time now, CredentialId credential, const CredentialStatus& status,
                          Records& records);
  void login_ended(Time now, CredentialId credential, bool succeeded, Records& records);
  void pool_defined(std::uint32_t pool_use, std::uint32_t pool,
                    std::span<const CredentialId> members, Records& records);
  void window_began(Time now, Records& records);
  Time due(const Records&) const { return fold_due_; }
  void reached(Time now, Records& records);

  void write(FigureSink& sink, const AtEnd& at) const;
  void complete(ReplicationResult& result, const AtEnd& at) const;

 private:
  static void demand(Time now, const Run& run, Records& records);
  static void change_limit_of(Time now, CredentialId credential, std::uint32_t limit,
                              Records& records);
  static void take(Time now, const Run& run, Records& records);
  static void give_back(Time now, const Run& run, Records& records);

  Time fold_due_;
};

}  // namespace sluice
