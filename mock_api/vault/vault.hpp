// The vault: which credentials a workspace has, as its clients see them.
//
// The scenario's credentials are in the vault of every workspace, under their name and domain. What
// a workspace changes or removes of them is its own; the limits are the credential's, for all. What
// a client adds belongs to its workspace and becomes a credential of the pipeline.
//
// Not thread-safe: the service's lock.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/epoch.hpp"
#include "base/text/json.hpp"
#include "mock_api/tenants.hpp"
#include "pipeline/config.hpp"
#include "pipeline/ids.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// When a stored session was made and last used; none: there is none.
struct StoredSession {
  std::optional<Time> set_at;
  std::optional<Time> last_use;
};

/// The pipeline as the vault sees it. Calls come while a request is handled.
class VaultListener {
 public:
  virtual ~VaultListener() = default;
  /// A workspace has a new credential; its id in the pipeline from now on.
  virtual CredentialId credential_added(WorkspaceId workspace, const CredentialConfig& config) = 0;
  /// allow_multiple_sessions, max_concurrency, the login guard or an expiry changed.
  virtual void limits_changed(CredentialId credential, const CredentialConfig& config) = 0;
  /// No new run takes it; those that hold it go on.
  virtual void credential_removed(CredentialId credential) = 0;
  /// The next run logs in afresh.
  virtual void browser_state_cleared(CredentialId credential) = 0;
  virtual StoredSession session(CredentialId credential) const = 0;
};

/// Domain of a credential of the scenario that names none.
inline constexpr std::string_view kDefaultDomain = "https://example.com";

/// `https://App.Example.com/` and `app.example.com` are the same: without scheme and slashes at the
/// end, the host in lower case.
std::string normal_domain(std::string_view domain);

/// One vault entry of one workspace.
struct VaultEntry {
  std::string user_id;  ///< permissioned_user_id
  std::string domain;   ///< as it was given
  CredentialId credential;
  CredentialConfig config;  ///< limits and sessions, as the pipeline has them
  bool from_scenario = false;
  Json fields = Json::object();      ///< everything else that was written, by the API's names
  std::optional<Time> session_data;  ///< when session data came with a request
  Time created, updated;
};

class Vault {
 public:
  static constexpr std::size_t kPastKept = 10'000;

  /// Keeps references to scenario and tenants.
  Vault(const Scenario& scenario, const Tenants& tenants, Epoch epoch);

  /// Who is told; without one, added credentials get ids counted on from the scenario's. Outlives
  /// the vault.
  void set_listener(VaultListener* listener) { listener_ = listener; }

  /// The credential of a workspace's entry; none() if there is no such entry. `domain` is a
  /// normal_domain(); "" is any. O(1), plus O(log n) in a workspace that has entries of its own.
  CredentialId find(WorkspaceId workspace, std::string_view user_id, std::string_view domain) const;
  /// The entry itself; `domain` as for find().
  std::optional<VaultEntry> entry(WorkspaceId workspace, std::string_view user_id,
                                  std::string_view domain) const;
  /// The entry of a credential as that workspace sees it; none if it does not (any more).
  std::optional<VaultEntry> entry_of(WorkspaceId workspace, CredentialId credential) const;
  /// The entry as a run that began to use it at `at` had it, changed or removed since or not. Of
  /// the changes of secrets and removals, the last kPastKept are known. O(log n).
  std::optional<VaultEntry> entry_at(WorkspaceId workspace, CredentialId credential, Time at) const;
  std::vector<VaultEntry> entries(WorkspaceId workspace) const;

  /// Its ciphertexts, by the API's names; those that it has none of are left out.
  Json secrets(WorkspaceId workspace, const VaultEntry& entry) const;
  /// The API's JSON of an entry (contract 4.2); texts that it has none of are left out.
  Json to_json(WorkspaceId workspace, const VaultEntry& entry) const;
  /// When its stored session was made (by a login or by a request) and was used.
  StoredSession session(const VaultEntry& entry) const;

  /// Adds an entry whose pair is free; its credential is made here.
  VaultEntry add(Time now, WorkspaceId workspace, VaultEntry entry);
  /// Changes one that exists to what `entry` says.
  void change(Time now, WorkspaceId workspace, VaultEntry entry);
  void remove(Time now, WorkspaceId workspace, const VaultEntry& entry);
  void clear_browser_state(Time now, WorkspaceId workspace, VaultEntry entry);

  /// Back to the scenario's credentials.
  void reset();

 private:
  struct Key {
    std::string user_id, domain;
  };
  struct KeyView {
    std::string_view user_id, domain;
  };
  struct Less {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      const int users = std::string_view(a.user_id).compare(b.user_id);
      return users != 0 ? users < 0 : std::string_view(a.domain) < std::string_view(b.domain);
    }
  };
  /// A workspace's own entries; one without a value hides the scenario's.
  using Own = std::map<Key, std::optional<VaultEntry>, Less>;

  /// What an entry was, until when.
  struct Past {
    Time until;
    VaultEntry entry;
  };
  using PastKey = std::pair<std::uint32_t, std::uint32_t>;  ///< workspace and credential

  /// `before` is about to be changed or removed.
  void keep_past(Time now, WorkspaceId workspace, VaultEntry before);
  const Own* own(WorkspaceId workspace) const;
  Own::const_iterator find_own(const Own& own, KeyView key) const;
  /// By name and domain; none() if there is no such. Does not look at what a workspace hides.
  CredentialId scenario_credential(KeyView key) const;
  VaultEntry scenario_entry(CredentialId credential) const;
  const CredentialConfig& config(CredentialId credential) const;
  void set_limits(const VaultEntry& entry);

  const Scenario& scenario_;
  const Tenants& tenants_;
  Epoch epoch_;
  VaultListener* listener_ = nullptr;
  std::uint32_t next_credential_;
  std::vector<std::string> domains_;  ///< normal ones, of the scenario's credentials
  std::unordered_map<std::string_view, CredentialId> by_name_;  ///< of the scenario's
  std::map<std::uint32_t, Own> own_;                            ///< by workspace
  std::map<std::uint32_t, CredentialConfig> changed_;           ///< limits of scenario credentials
  std::map<std::uint32_t, std::pair<WorkspaceId, Key>> added_;  ///< by credential
  std::map<PastKey, std::deque<Past>> past_;                    ///< ascending in time
  std::deque<PastKey> past_order_;                              ///< of all that is in past_
};

}  // namespace sluice
