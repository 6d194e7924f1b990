// Credentials and pools: who may take which, sessions, and whom a failed login hits.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "base/large_table.hpp"
#include "base/prefetch.hpp"
#include "pipeline/available_set.hpp"
#include "pipeline/config.hpp"
#include "pipeline/distinct_choice.hpp"
#include "pipeline/observer.hpp"
#include "pipeline/run.hpp"

namespace sluice {

class RunTable;

/// State of all credentials and pools. Taking and releasing O(1), plus one step for each pool that
/// contains the credential. Not thread-safe.
class Credentials {
 public:
  /// Keeps references to both.
  Credentials(const PipelineConfig& config, RunTable& runs);

  std::size_t count() const { return hot_.size(); }

  // ---- pools
  /// See Pipeline::pool_need. `is_new` tells whether the use was made now.
  Need pool_need(WorkspaceId workspace, WorkflowId workflow, std::size_t alias,
                 std::span<const CredentialId> members, bool& is_new);
  std::uint32_t pool_of(Need need) const { return uses_[need.pool_use()].pool; }
  /// On which pool a run waits when `need`, one of a pool, is the first that cannot be served: its
  /// own, or, where earlier needs take what it could have, all members of the pools that compete.
  /// Somebody else can only help by giving back one of them.
  [[gnu::noinline]] std::uint32_t pool_to_wait_on(const RunRequest& request, std::size_t need);
  bool pool_has_room(std::uint32_t pool) const { return pools_[pool].available.any(); }
  std::span<const std::uint32_t> pools_with(CredentialId credential) const {
    return cold_[credential.index()].pool_ids;
  }

  // ---- taking
  /// Begins to load what available() reads.
  void prefetch(CredentialId credential) const { fetch_ahead(&hot_[credential.index()]); }
  bool available(CredentialId credential) const { return hot_[credential.index()].available(); }
  /// Finds a credential for every need, into `chosen`; no pool gives one that another need takes.
  /// Changes nothing. Returns the index of the first need that cannot be served together with those
  /// before it, or the count of needs if all can.
  std::size_t choose(const RunRequest& request, std::array<CredentialId, kMaxNeeds>& chosen) const;
  /// Takes the distinct credentials of run.held and moves the cursors of its pools. REQUIRES: just
  /// chosen.
  void take(Time now, Run& run);
  /// Gives back what the run holds; calls gained(credential) for those that became available or
  /// stay so with more room.
  template <class Gained>
  void release(Time now, Run& run, Gained gained) {
    for (std::size_t i = 0; i < run.request.need_count; ++i) {
      if (i != 0 && !first_holder(run.held, i)) continue;
      release_one(now, run, i);
      if (available(run.held[i])) gained(run.held[i]);
    }
  }
  /// Why a credential that is not available is not.
  BlockReason block_reason(Need need) const;

  // ---- sessions and logins
  bool has_login(CredentialId credential) const { return hot_[credential.index()].has_login; }
  bool session_valid(Time now, CredentialId credential) const;
  /// Whether a login in progress, or the next one, keeps others out.
  bool guarded(CredentialId credential) const { return cold_[credential.index()].guard; }
  /// However many runs take it, it stays available: no limit, and no login keeps others out.
  bool takes_any_number(CredentialId credential) const {
    return hot_[credential.index()].limit == UINT32_MAX &&
           !config(credential).prevent_concurrency_during_login;
  }
  /// Closes the credential to others if it is guarded.
  void begin_login(CredentialId credential);
  /// Returns whether it became available again.
  bool end_login(Time now, CredentialId credential, bool succeeded);
  /// Runs that hold it now, in no particular order; only kept for credentials with logins.
  std::span<const RunSlot> holders(CredentialId credential) const {
    return cold_[credential.index()].holders;
  }

  // ---- pauses and outages; they nest
  void pause(CredentialId credential);
  /// Returns whether it is available now. Without a pause before: nothing happens.
  bool resume(CredentialId credential);

  // ---- changes of the configuration
  /// Credentials were appended.
  void config_grew();
  /// Limit, guard or expiry times are other ones. Returns whether the credential is available now.
  bool config_changed(CredentialId credential);
  /// Replaces the override so far. Returns whether the credential is available now.
  bool set_override(CredentialId credential, const CredentialOverride& to);
  void clear_session(CredentialId credential) { cold_[credential.index()].has_session = false; }

  CredentialStatus status(CredentialId credential) const;
  StoredSessionStatus session(CredentialId credential) const {
    const Cold& cold = cold_[credential.index()];
    return {cold.has_session, cold.session_set, cold.last_use};
  }
  const CredentialConfig& config(CredentialId credential) const {
    return config_.credentials[credential.index()];
  }

 private:
  struct Hot {  // what every dispatch looks at: 16 bytes
    std::uint32_t active = 0;
    std::uint32_t limit = 1;
    std::uint32_t closed = 0;  // guarded logins in progress + pauses
    bool has_login = false;
    bool in_pool = false;
    /// Without a branch: which credential is full is anybody's guess.
    bool available() const { return (closed == 0) & (active < limit); }
  };
  struct Membership {
    std::uint32_t pool, index;
  };
  struct Cold {
    std::vector<Membership> memberships;
    std::vector<std::uint32_t> pool_ids;
    std::vector<RunSlot> holders;
    Time session_set, last_use;
    Duration expiry_from_last_use, expiry_from_session_set;  // in force; max: never
    bool has_session = false;
    bool guard = false;  // the configuration's, as of the last time that no login was in progress
    std::uint32_t logins = 0;  // in progress
    std::uint32_t guarded_logins = 0;
    std::uint32_t pauses = 0;
  };
  struct Pool {
    std::vector<CredentialId> members;
    AvailableSet available;
  };
  struct PoolUse {
    std::uint32_t pool;
    std::uint32_t cursor = 0;
  };

  /// A run that needs one credential twice holds it once: only the first need counts.
  static bool first_holder(const std::array<CredentialId, kMaxNeeds>& held, std::size_t need) {
    const auto place = held.begin() + static_cast<std::ptrdiff_t>(need);
    return std::find(held.begin(), place, held[need]) == place;
  }
  std::uint32_t pool_with(std::span<const CredentialId> members);
  CredentialId choose_member(const PoolUse& use,
                             const std::array<CredentialId, kMaxNeeds>& chosen) const;
  /// The needs up to one that are of pools, and what each can be given now.
  struct Competing {
    std::array<std::size_t, kMaxNeeds> needs{};
    std::array<Offers, kMaxNeeds> offers{};
    std::size_t count = 0;
  };
  Competing competing(const RunRequest& request, std::size_t last) const;
  Offers offers(Need need, std::span<const CredentialId> named) const;
  [[gnu::noinline]] std::size_t choose_with_pools(
      const RunRequest& request, std::size_t first,
      std::array<CredentialId, kMaxNeeds>& chosen) const;
  [[gnu::noinline]] bool choose_again(const RunRequest& request, std::size_t last,
                                      std::array<CredentialId, kMaxNeeds>& chosen) const;
  void move_cursor(PoolUse& use, CredentialId taken);
  void take_one(Time now, Run& run, std::size_t need);
  void release_one(Time now, Run& run, std::size_t need);
  void read_config(std::size_t credential);
  void read_limits(std::size_t credential);
  void tell_pools(std::size_t credential);
  void close(CredentialId credential);
  bool open(CredentialId credential);
  void add_holder(Run& run, std::size_t need);
  void remove_holder(const Run& run, std::size_t need);

  const PipelineConfig& config_;
  RunTable& runs_;
  LargeTable<Hot> hot_;
  std::vector<Cold> cold_;
  std::map<std::uint32_t, CredentialOverride> overrides_;  // by credential; few at once
  std::vector<Pool> pools_;
  std::vector<PoolUse> uses_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> pool_index_;
  /// Pools that runs have found to compete → the pool of all their members.
  std::map<std::vector<std::uint32_t>, std::uint32_t> unions_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::size_t, std::uint32_t>, std::uint32_t>
      use_index_;
};

}  // namespace sluice
