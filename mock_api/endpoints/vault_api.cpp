#include "mock_api/endpoints/vault_api.hpp"

#include <string>
#include <utility>
#include <variant>

#include "http/query_string.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/vault/cipher.hpp"
#include "mock_api/vault/totp.hpp"
#include "mock_api/vault/vault_fields.hpp"

namespace sluice {
namespace {

constexpr std::int64_t kFreshEmailCodeNs = 600'000'000'000;

HttpReply no_entry(std::string_view user_id, std::string_view domain) {
  return error_reply(404, "Vault entry for " + std::string(user_id) + " and domain " +
                              std::string(domain) + " not found");
}

using BodyOrReply = std::variant<Json, HttpReply>;

/// The JSON object of a body.
BodyOrReply read_body(const HttpRequest& request) {
  std::string problem;
  std::optional<Json> body = parse_json(request.body, &problem);
  if (!body) return bad_request_reply("the body is " + problem);
  if (!body->is_object()) return bad_request_reply("the body must be an object");
  return std::move(*body);
}

/// An entry's name in a request.
struct Identity {
  std::string user_id, domain;
};
using IdentityOrReply = std::variant<Identity, HttpReply>;

IdentityOrReply identity(const Json& body) {
  Identity identity;
  for (const auto& [name, member] : {std::pair("permissioned_user_id", &Identity::user_id),
                                     std::pair("domain", &Identity::domain)}) {
    const auto given = body.find(name);
    if (given == body.end() || !given->is_string() || *given == "")
      return bad_request_reply(std::string(name) + " should not be empty, and must be a string");
    identity.*member = given->get<std::string>();
  }
  return identity;
}

IdentityOrReply identity(const QueryString& query) {
  Identity identity{query.get("permissioned_user_id").value_or(""),
                    query.get("domain").value_or("")};
  if (identity.user_id.empty() || identity.domain.empty())
    return bad_request_reply("permissioned_user_id and domain must be given together");
  return identity;
}

/// The credential of the scenario that an entry is like: of the same domain.
CredentialConfig like_scenario(const Vault& vault, WorkspaceId workspace, const Identity& who) {
  CredentialConfig config;
  const std::string domain = normal_domain(who.domain);
  for (const VaultEntry& entry : vault.entries(workspace)) {
    if (!entry.from_scenario || normal_domain(entry.domain) != domain) continue;
    config.login = entry.config.login;
    config.keeps_session = entry.config.keeps_session;
    break;
  }
  config.name = who.user_id;
  config.domain = who.domain;
  return config;
}

}  // namespace

HttpReply VaultApi::handle_create(Time now, WorkspaceId workspace, const HttpRequest& request) {
  const BodyOrReply body = read_body(request);
  if (const auto* refused = std::get_if<HttpReply>(&body)) return *refused;
  const Json& json = std::get<Json>(body);
  const IdentityOrReply read = identity(json);
  if (const auto* refused = std::get_if<HttpReply>(&read)) return *refused;
  const Identity& who = std::get<Identity>(read);
  if (auto refused = refuse_domain(who.domain)) return *refused;

  VaultEntry entry;
  entry.user_id = who.user_id;
  entry.domain = who.domain;
  entry.config = like_scenario(vault_, workspace, who);
  if (auto refused = take_vault_fields(now, tenants_.key(workspace), json, entry)) return *refused;
  if (vault_.find(workspace, who.user_id, normal_domain(who.domain)).valid())
    return error_reply(
        409, "A vault entry for " + who.user_id + " and domain " + who.domain + " exists already");
  return json_reply(201, vault_.to_json(workspace, vault_.add(now, workspace, std::move(entry))));
}

HttpReply VaultApi::handle_update(Time now, WorkspaceId workspace, const HttpRequest& request) {
  const BodyOrReply body = read_body(request);
  if (const auto* refused = std::get_if<HttpReply>(&body)) return *refused;
  const Json& json = std::get<Json>(body);
  const IdentityOrReply read = identity(json);
  if (const auto* refused = std::get_if<HttpReply>(&read)) return *refused;
  const Identity& who = std::get<Identity>(read);
  if (auto refused = refuse_domain(who.domain)) return *refused;

  std::optional<VaultEntry> entry = vault_.entry(workspace, who.user_id, normal_domain(who.domain));
  if (!entry) return no_entry(who.user_id, who.domain);
  if (auto refused = take_vault_fields(now, tenants_.key(workspace), json, *entry)) return *refused;
  vault_.change(now, workspace, *entry);
  entry->updated = now;
  return json_reply(200, vault_.to_json(workspace, *entry));
}

HttpReply VaultApi::handle_get(WorkspaceId workspace, const HttpRequest& request) const {
  const QueryString query = split_target(request.target).query;
  if (query.has("permissioned_user_id") || query.has("domain")) {
    const IdentityOrReply read = identity(query);
    if (const auto* refused = std::get_if<HttpReply>(&read)) return *refused;
    const Identity& who = std::get<Identity>(read);
    const auto entry = vault_.entry(workspace, who.user_id, normal_domain(who.domain));
    return entry ? json_reply(200, vault_.to_json(workspace, *entry))
                 : no_entry(who.user_id, who.domain);
  }
  Json all = Json::array();
  for (const VaultEntry& entry : vault_.entries(workspace))
    all.push_back(vault_.to_json(workspace, entry));
  return json_reply(200, all);
}

HttpReply VaultApi::handle_delete(Time now, WorkspaceId workspace, const HttpRequest& request) {
  const BodyOrReply body = read_body(request);
  if (const auto* refused = std::get_if<HttpReply>(&body)) return *refused;
  const IdentityOrReply read = identity(std::get<Json>(body));
  if (const auto* refused = std::get_if<HttpReply>(&read)) return *refused;
  const Identity& who = std::get<Identity>(read);
  const auto entry = vault_.entry(workspace, who.user_id, normal_domain(who.domain));
  if (!entry) return no_entry(who.user_id, who.domain);
  vault_.remove(now, workspace, *entry);
  return json_reply(200, Json{{"success", true}});
}

HttpReply VaultApi::handle_clear_browser_state(Time now, WorkspaceId workspace,
                                               const HttpRequest& request) {
  const BodyOrReply body = read_body(request);
  if (const auto* refused = std::get_if<HttpReply>(&body)) return *refused;
  const IdentityOrReply read = identity(std::get<Json>(body));
  if (const auto* refused = std::get_if<HttpReply>(&read)) return *refused;
  const Identity& who = std::get<Identity>(read);
  auto entry = vault_.entry(workspace, who.user_id, normal_domain(who.domain));
  if (!entry) return no_entry(who.user_id, who.domain);
  vault_.clear_browser_state(now, workspace, std::move(*entry));
  return json_reply(200, Json{{"success", true}});
}

HttpReply VaultApi::handle_tfa_code(Time now, WorkspaceId workspace,
                                    const HttpRequest& request) const {
  const IdentityOrReply read = identity(split_target(request.target).query);
  if (const auto* refused = std::get_if<HttpReply>(&read)) return *refused;
  const Identity& who = std::get<Identity>(read);
  const auto entry = vault_.entry(workspace, who.user_id, normal_domain(who.domain));
  if (!entry) return no_entry(who.user_id, who.domain);
  HttpReply reply = tfa_code(now, workspace, *entry);
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

HttpReply VaultApi::tfa_code(Time now, WorkspaceId workspace, const VaultEntry& entry) const {
  const Json method = entry.fields.value("tfa_method", Json());
  if (method == "AUTHENTICATOR") return authenticator_code(now, workspace, entry);
  if (method == "EMAIL") return email_code(now, entry);
  if (method.is_string())
    return error_reply(409, "Codes of " + method.get<std::string>() + " cannot be fetched");
  return error_reply(404, "The vault entry has no second factor");
}

HttpReply VaultApi::authenticator_code(Time now, WorkspaceId workspace,
                                       const VaultEntry& entry) const {
  const std::optional<Json> secret =
      decrypt_json(tenants_.key(workspace), entry.fields.value("tfa_secret", ""));
  const auto bytes =
      secret && secret->is_string() ? decode_base32(secret->get<std::string>()) : std::nullopt;
  if (!bytes) return error_reply(404, "The vault entry has no authenticator secret");
  const std::int64_t seconds = epoch_.unix_seconds(now);
  return json_reply(200, Json{{"type", "authenticator"},
                              {"code", totp_code(*bytes, seconds)},
                              {"expires_in_seconds", totp_seconds_left(seconds)}});
}

/// The mail is thought to come with the last use of the credential.
HttpReply VaultApi::email_code(Time now, const VaultEntry& entry) const {
  const std::optional<Time> sent = vault_.session(entry).last_use;
  if (!sent || (now - *sent).ns > kFreshEmailCodeNs)
    return error_reply(404, "No e-mail with a fresh code has come");
  return json_reply(200, Json{{"type", "email"},
                              {"code", totp_code(entry.user_id, epoch_.unix_seconds(*sent))},
                              {"received_at", epoch_.iso8601(*sent)}});
}

}  // namespace sluice
