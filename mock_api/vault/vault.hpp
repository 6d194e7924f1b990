// The vault: which credentials a workspace has, as its clients see them.
//
// The scenario's credentials are in the vault of every workspace, under their name and domain. What
// a workspace changes or removes of them is its own; the limits are the credential's, for all. What
// a client adds belongs to its workspace and becomes a credential of the pipeline.
//
// Not thread-safe: the service's lock.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mock_api/contract/civil_time.hpp"
#include "mock_api/contract/json.hpp"
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

/// `https://App.Example.com/` and `app.example.com` are the same: without scheme and slashes at the
/// end, the host in lower case.
std::string normal_domain(std::string_view domain);

/// One vault entry of one workspace.
struct VaultEntry {
  std::string permissioned_user_id;
  std::string domain;       ///< as it was given
  CredentialId credential;  ///< in the pipeline
  CredentialConfig config;  ///< limits and sessions, as the pipeline has them
  bool from_scenario = false;
  Json fields;                              ///< everything that was written, by the API's names
  std::optional<Time> session_data_set_at;  ///< given with the entry
  Time created, updated;
};

class Vault {
 public:
  /// Keeps references to scenario and tenants.
  Vault(const Scenario& scenario, const Tenants& tenants, Epoch epoch);

  /// Who is told; without one, added credentials get ids counted on from the scenario's. The
  /// listener outlives the vault or is replaced.
  void set_listener(VaultListener* listener) { listener_ = listener; }

  /// The credential of a workspace's entry; none() if there is no such entry. "" as domain: any,
  /// the first. O(1) for the scenario's credentials unless the workspace has entries of its own.
  CredentialId find(WorkspaceId workspace, std::string_view user_id, std::string_view domain) const;
  /// The entry itself, with what the API calls its fields; none if there is no such.
  std::optional<VaultEntry> entry(WorkspaceId workspace, std::string_view user_id,
                                  std::string_view domain) const;
  /// The entry of a credential as that workspace sees it; none if it does not (any more).
  std::optional<VaultEntry> entry_of(WorkspaceId workspace, CredentialId credential) const;
  std::vector<VaultEntry> entries(WorkspaceId workspace) const;

  /// What the API replies with for an entry (contract 4.2).
  Json to_json(Time now, WorkspaceId workspace, const VaultEntry& entry) const;
  /// Adds a new one (the pair must be free), changes or removes one that exists.
  const VaultEntry& add(Time now, WorkspaceId workspace, VaultEntry entry);
  const VaultEntry& change(Time now, WorkspaceId workspace, VaultEntry entry);
  void remove(WorkspaceId workspace, const VaultEntry& entry);
  void clear_browser_state(Time now, WorkspaceId workspace, VaultEntry entry);

  /// Back to the scenario's credentials.
  void reset();

 private:
  using Key = std::pair<std::string, std::string>;  ///< user id, normal domain
  /// A workspace's own entries; one without a value hides the scenario's.
  using Own = std::map<Key, std::optional<VaultEntry>, std::less<>>;

  VaultEntry scenario_entry(WorkspaceId workspace, CredentialId credential) const;
  CredentialId scenario_credential(std::string_view user_id, const std::string& domain) const;
  const Own* own(WorkspaceId workspace) const;
  Json defaults(WorkspaceId workspace, const VaultEntry& entry) const;

  const Scenario& scenario_;
  const Tenants& tenants_;
  Epoch epoch_;
  VaultListener* listener_ = nullptr;
  std::uint32_t next_credential_;
  std::unordered_map<std::string_view, CredentialId> by_name_;    ///< of the scenario
  std::map<std::uint32_t, Own> own_;                              ///< by workspace
  std::map<std::uint32_t, std::pair<std::uint32_t, Key>> added_;  ///< by credential
};

}  // namespace sluice
