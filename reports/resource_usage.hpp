// Use of credentials and pools (T3, the stability line of T1) and the clocks that tell a login from
// a pause while a run is parked (S6). O(1) per transition of a credential; a pool's member is found
// in O(log members), in O(1) when it is the next in rotation.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/ids.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/time.hpp"
#include "reports/figure.hpp"
#include "reports/integral.hpp"

namespace sluice {

class CredentialUse {
 public:
  void set_limit(std::uint32_t limit) { limit_ = limit; }
  void take(Time now) {
    in_use_.add(now);
    ++dispatched_;
    at_limit_.set(now, in_use_.count() >= limit_);
  }
  void give_back(Time now) {
    in_use_.remove(now);
    at_limit_.set(now, in_use_.count() >= limit_);
  }
  void status(Time now, const CredentialStatus& status) {
    limit_ = status.limit;
    at_limit_.set(now, in_use_.count() >= limit_);
    paused_.set(now, status.paused);
    login_.set(now, status.login_guard && !status.paused);
  }
  void hold(Time now) {
    held_runs_.add(now);
    ++holds_;
  }
  void let_go(Time now) { held_runs_.remove(now); }
  void restart(Time now);

  std::uint32_t limit() const { return limit_; }
  Duration login_until(Time t) const { return login_.until(t); }
  Duration pause_until(Time t) const { return paused_.until(t); }
  const CountIntegral& in_use() const { return in_use_; }
  const CountIntegral& held_runs() const { return held_runs_; }
  const TimeOn& at_limit() const { return at_limit_; }

  std::uint64_t demanded = 0;  ///< accepted runs that need exactly this one
  std::uint64_t logins = 0;
  std::uint64_t logins_failed = 0;
  std::uint64_t dispatched() const { return dispatched_; }
  std::uint64_t holds() const { return holds_; }

 private:
  CountIntegral in_use_;
  TimeOn at_limit_;
  TimeOn login_;
  TimeOn paused_;
  std::uint32_t limit_ = UINT32_MAX;
  std::uint64_t dispatched_ = 0;
  std::uint64_t holds_ = 0;
  CountIntegral held_runs_;  ///< parked or holding because of it
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

  std::uint32_t position_of(CredentialId credential) const;
  /// Largest ÷ mean number of dispatches over members: 1 is even; 0 without dispatches.
  double imbalance() const;
  std::uint64_t dispatched() const;
};

class PoolUses {
 public:
  void define(std::uint32_t pool_use, std::uint32_t pool, std::span<const CredentialId> members);
  void demanded(std::uint32_t pool_use);
  /// True if the member was not the next in rotation (inferred from the previous dispatch through
  /// the same use; the first must be the first member).
  bool dispatched(std::uint32_t pool_use, CredentialId member);
  void restart();
  const std::vector<PoolUse>& pools() const { return pools_; }

 private:
  struct Use {
    std::uint32_t pool = UINT32_MAX;
    std::uint32_t next = 0;  ///< position expected next
  };
  std::vector<Use> uses_;
  std::vector<PoolUse> pools_;
};

}  // namespace sluice
