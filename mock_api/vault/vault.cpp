#include "mock_api/vault/vault.hpp"

#include <algorithm>

#include "base/text/uuid.hpp"
#include "mock_api/contract/postgres_interval.hpp"
#include "mock_api/vault/cipher.hpp"

namespace sluice {

std::string normal_domain(std::string_view domain) {
  if (const std::size_t scheme = domain.find("://"); scheme != domain.npos)
    domain.remove_prefix(scheme + 3);
  while (domain.ends_with('/')) domain.remove_suffix(1);
  std::string normal(domain);
  const auto path = std::find(normal.begin(), normal.end(), '/');
  std::transform(normal.begin(), path, normal.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return normal;
}

Vault::Vault(const Scenario& scenario, const Tenants& tenants, Epoch epoch)
    : scenario_(scenario),
      tenants_(tenants),
      epoch_(epoch),
      next_credential_(static_cast<std::uint32_t>(scenario.pipeline.credentials.size())) {
  const auto& credentials = scenario.pipeline.credentials;
  domains_.reserve(credentials.size());
  by_name_.reserve(credentials.size());
  for (std::size_t i = 0; i < credentials.size(); ++i) {
    const std::string& domain = credentials[i].domain;
    domains_.push_back(normal_domain(domain.empty() ? kDefaultDomain : domain));
    by_name_.emplace(credentials[i].name, CredentialId::at(i));
  }
}

void Vault::reset() {
  own_.clear();
  changed_.clear();
  added_.clear();
  past_.clear();
  past_order_.clear();
  next_credential_ = static_cast<std::uint32_t>(scenario_.pipeline.credentials.size());
}

// ---- looking up

const Vault::Own* Vault::own(WorkspaceId workspace) const {
  if (own_.empty()) return nullptr;
  const auto found = own_.find(workspace.value);
  return found == own_.end() ? nullptr : &found->second;
}

Vault::Own::const_iterator Vault::find_own(const Own& own, KeyView key) const {
  if (!key.domain.empty()) return own.find(key);
  auto found = own.lower_bound(key);
  while (found != own.end() && found->first.user_id == key.user_id && !found->second) ++found;
  return found != own.end() && found->first.user_id == key.user_id ? found : own.end();
}

CredentialId Vault::scenario_credential(KeyView key) const {
  const auto found = by_name_.find(key.user_id);
  if (found == by_name_.end()) return CredentialId::none();
  const bool fits = key.domain.empty() || domains_[found->second.index()] == key.domain;
  return fits ? found->second : CredentialId::none();
}

CredentialId Vault::find(WorkspaceId workspace, std::string_view user_id,
                         std::string_view domain) const {
  const KeyView key{user_id, domain};
  const CredentialId credential = scenario_credential(key);
  const Own* mine = own(workspace);
  if (mine == nullptr) return credential;
  if (const auto found = find_own(*mine, key); found != mine->end())
    return found->second ? found->second->credential : CredentialId::none();
  const bool hidden =
      credential.valid() && mine->contains(KeyView{user_id, domains_[credential.index()]});
  return hidden ? CredentialId::none() : credential;
}

const CredentialConfig& Vault::config(CredentialId credential) const {
  const auto changed = changed_.find(credential.value);
  return changed == changed_.end() ? scenario_.pipeline.credentials[credential.index()]
                                   : changed->second;
}

VaultEntry Vault::scenario_entry(CredentialId credential) const {
  VaultEntry entry;
  entry.credential = credential;
  entry.config = config(credential);
  entry.user_id = entry.config.name;
  entry.domain = entry.config.domain.empty() ? std::string(kDefaultDomain) : entry.config.domain;
  entry.from_scenario = true;
  return entry;
}

std::optional<VaultEntry> Vault::entry(WorkspaceId workspace, std::string_view user_id,
                                       std::string_view domain) const {
  const CredentialId credential = find(workspace, user_id, domain);
  return credential.valid() ? entry_of(workspace, credential) : std::nullopt;
}

std::optional<VaultEntry> Vault::entry_of(WorkspaceId workspace, CredentialId credential) const {
  Key key;
  const auto added = added_.find(credential.value);
  if (added != added_.end()) {
    if (added->second.first != workspace) return std::nullopt;
    key = added->second.second;
  } else if (credential.index() < domains_.size()) {
    key = {scenario_.pipeline.credentials[credential.index()].name, domains_[credential.index()]};
  } else {
    return std::nullopt;
  }
  const Own* mine = own(workspace);
  const auto found = mine != nullptr ? mine->find(key) : Own::const_iterator();
  if (mine == nullptr || found == mine->end()) return scenario_entry(credential);
  if (!found->second || found->second->credential != credential) return std::nullopt;
  VaultEntry entry = *found->second;
  if (entry.from_scenario) entry.config = config(credential);
  return entry;
}

std::optional<VaultEntry> Vault::entry_at(WorkspaceId workspace, CredentialId credential,
                                          Time at) const {
  const auto past = past_.find({workspace.value, credential.value});
  if (past == past_.end()) return entry_of(workspace, credential);
  // At one instant requests come first, then runs start: those have what it was changed to.
  for (const Past& each : past->second)
    if (at < each.until) return each.entry;
  const std::optional<VaultEntry> now = entry_of(workspace, credential);
  return now ? now : past->second.back().entry;  // removed before a run that had asked for it began
}

std::vector<VaultEntry> Vault::entries(WorkspaceId workspace) const {
  std::vector<VaultEntry> all;
  for (std::size_t i = 0; i < domains_.size(); ++i)
    if (auto entry = entry_of(workspace, CredentialId::at(i))) all.push_back(std::move(*entry));
  if (const Own* mine = own(workspace))
    for (const auto& [key, entry] : *mine)
      if (entry && !entry->from_scenario) all.push_back(*entry);
  return all;
}

// ---- changing

void Vault::set_limits(const VaultEntry& entry) {
  if (entry.from_scenario) changed_[entry.credential.value] = entry.config;
  if (listener_ != nullptr) listener_->limits_changed(entry.credential, entry.config);
}

VaultEntry Vault::add(Time now, WorkspaceId workspace, VaultEntry entry) {
  entry.from_scenario = false;
  entry.created = entry.updated = now;
  entry.credential = listener_ != nullptr ? listener_->credential_added(workspace, entry.config)
                                          : CredentialId{next_credential_++};
  Key key{entry.user_id, normal_domain(entry.domain)};
  added_[entry.credential.value] = {workspace, key};
  own_[workspace.value].insert_or_assign(std::move(key), entry);
  return entry;
}

void Vault::keep_past(Time now, WorkspaceId workspace, VaultEntry before) {
  const PastKey key{workspace.value, before.credential.value};
  past_[key].push_back({now, std::move(before)});
  past_order_.push_back(key);
  if (past_order_.size() <= kPastKept) return;
  const auto oldest = past_.find(past_order_.front());
  past_order_.pop_front();
  oldest->second.pop_front();
  if (oldest->second.empty()) past_.erase(oldest);
}

void Vault::change(Time now, WorkspaceId workspace, VaultEntry entry) {
  if (auto before = entry_of(workspace, entry.credential);
      before && secrets(workspace, *before) != secrets(workspace, entry))
    keep_past(now, workspace, std::move(*before));
  entry.updated = now;
  set_limits(entry);
  Key key{entry.user_id, normal_domain(entry.domain)};
  own_[workspace.value].insert_or_assign(std::move(key), std::move(entry));
}

void Vault::remove(Time now, WorkspaceId workspace, const VaultEntry& entry) {
  keep_past(now, workspace, entry);
  Key key{entry.user_id, normal_domain(entry.domain)};
  Own& mine = own_[workspace.value];
  // One that hides a credential of the scenario goes on hiding it.
  if (scenario_credential({key.user_id, key.domain}).valid())
    mine.insert_or_assign(key, std::nullopt);
  else
    mine.erase(key);
  if (entry.from_scenario) return;
  added_.erase(entry.credential.value);
  if (listener_ != nullptr) listener_->credential_removed(entry.credential);
}

void Vault::clear_browser_state(Time now, WorkspaceId workspace, VaultEntry entry) {
  for (const char* field : {"cookies", "local_storage", "session_storage"})
    entry.fields.erase(field);
  entry.session_data.reset();
  entry.updated = now;
  const CredentialId credential = entry.credential;
  Key key{entry.user_id, normal_domain(entry.domain)};
  own_[workspace.value].insert_or_assign(std::move(key), std::move(entry));
  if (listener_ != nullptr) listener_->browser_state_cleared(credential);
}

// ---- as JSON

StoredSession Vault::session(const VaultEntry& entry) const {
  StoredSession session;
  if (listener_ != nullptr) session = listener_->session(entry.credential);
  if (entry.session_data && (!session.set_at || *session.set_at < *entry.session_data))
    session.set_at = entry.session_data;
  return session;
}

namespace {

std::optional<Time> expires_at(const CredentialConfig& config, const StoredSession& session) {
  if (!session.set_at) return std::nullopt;
  std::optional<Time> expires;
  if (config.expiry_time_from_session_data_set)
    expires = *session.set_at + *config.expiry_time_from_session_data_set;
  if (config.expiry_time_from_last_use) {
    const Time used = std::max(*session.set_at, session.last_use.value_or(*session.set_at));
    const Time idle = used + *config.expiry_time_from_last_use;
    expires = expires ? std::min(*expires, idle) : idle;
  }
  return expires;
}

Json text_or_null(const std::optional<Time>& time, Epoch epoch) {
  return time ? Json(epoch.iso8601(*time)) : Json(nullptr);
}

Json interval_or_null(const std::optional<Duration>& length) {
  return length ? Json(postgres_interval(*length)) : Json(nullptr);
}

/// What an entry has before anything was written. Clients' types have the other texts as texts or
/// not at all.
Json blank_fields() {
  return {{"tfa_method", nullptr},
          {"cookies", nullptr},
          {"session_storage", nullptr},
          {"local_storage", nullptr},
          {"persist_cookies", false},
          {"persist_local_storage", false},
          {"persist_session_storage", false},
          {"skip_csrf_cookies", false},
          {"cookie_domain_to_store", nullptr},
          {"proxy_string", nullptr}};
}

/// Left out where they are not given.
constexpr const char* kTexts[] = {"user_name", "password",   "tfa_secret", "user_alias",
                                  "proxy",     "ip_address", "location",   "user_agent",
                                  "headers",   "session_id", "user_id"};

}  // namespace

Json Vault::secrets(WorkspaceId workspace, const VaultEntry& entry) const {
  Json secrets = Json::object();
  if (entry.from_scenario) {
    const EncryptionKey& key = tenants_.key(workspace);
    secrets["user_name"] = encrypt_json(key, entry.user_id);
    secrets["password"] = encrypt_json(key, "password of " + entry.user_id);
  }
  for (const char* field : {"user_name", "password", "tfa_secret"}) {
    const auto written = entry.fields.find(field);
    if (written == entry.fields.end()) continue;
    if (written->is_null())
      secrets.erase(field);
    else
      secrets[field] = *written;
  }
  return secrets;
}

Json Vault::to_json(WorkspaceId workspace, const VaultEntry& entry) const {
  const std::string host = normal_domain(entry.domain);
  const std::string& workspace_id = tenants_.id(workspace);
  Json json{{"id", uuid_of_name("vault entry", workspace_id + '\n' + entry.user_id + '\n' + host)},
            {"permissioned_user_id", entry.user_id},
            {"domain", entry.domain}};
  json.update(blank_fields());
  if (entry.from_scenario) json["user_alias"] = entry.user_id;
  json["tfa_email"] = "info+" + entry.user_id + '+' + host + "@cloudcruise.com";
  const CredentialConfig& config = entry.config;
  json["allow_multiple_sessions"] = config.allow_multiple_sessions;
  json["max_concurrency"] = config.max_concurrency ? Json(*config.max_concurrency) : Json(nullptr);
  json["prevent_concurrency_during_login"] = config.prevent_concurrency_during_login;
  json["expiry_time_from_last_use"] = interval_or_null(config.expiry_time_from_last_use);
  json["expiry_time_from_session_data_set"] =
      interval_or_null(config.expiry_time_from_session_data_set);
  json.update(entry.fields);
  for (const char* field : kTexts)
    if (json.contains(field) && json[field].is_null()) json.erase(field);
  json.update(secrets(workspace, entry));
  const StoredSession stored = session(entry);
  json["session_data_set_at"] = text_or_null(stored.set_at, epoch_);
  json["effective_expires_at"] = text_or_null(expires_at(config, stored), epoch_);
  json["workspace_id"] = workspace_id;
  json["organization_id"] = nullptr;
  json["site_identifier"] = host;
  json["created_at"] = epoch_.iso8601(entry.created);
  json["updated_at"] = epoch_.iso8601(entry.updated);
  return json;
}

}  // namespace sluice
