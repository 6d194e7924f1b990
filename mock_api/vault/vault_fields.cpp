#include "mock_api/vault/vault_fields.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "mock_api/contract/error_body.hpp"
#include "mock_api/contract/postgres_interval.hpp"
#include "mock_api/vault/cipher.hpp"
#include "mock_api/vault/totp.hpp"

namespace sluice {
namespace {

enum class FieldKind : std::uint8_t { cipher, text, flag, method, list, object, any };
struct Field {
  std::string_view name;
  FieldKind kind;
};
constexpr std::array<Field, 26> kFields{{{"user_name", FieldKind::cipher},
                                         {"password", FieldKind::cipher},
                                         {"tfa_secret", FieldKind::cipher},
                                         {"tfa_method", FieldKind::method},
                                         {"user_alias", FieldKind::text},
                                         {"cookies", FieldKind::list},
                                         {"session_storage", FieldKind::object},
                                         {"local_storage", FieldKind::object},
                                         {"persist_cookies", FieldKind::flag},
                                         {"persist_local_storage", FieldKind::flag},
                                         {"persist_session_storage", FieldKind::flag},
                                         {"skip_csrf_cookies", FieldKind::flag},
                                         {"cookie_domain_to_store", FieldKind::text},
                                         {"proxy", FieldKind::object},
                                         {"proxy_setting", FieldKind::text},
                                         {"proxy_value", FieldKind::text},
                                         {"secret_provider_id", FieldKind::text},
                                         {"secret_ref", FieldKind::text},
                                         {"secret_cache_ttl_seconds", FieldKind::any},
                                         {"user_agent", FieldKind::text},
                                         {"headers", FieldKind::any},
                                         {"session_id", FieldKind::text},
                                         {"user_id", FieldKind::text},
                                         {"location", FieldKind::text},
                                         {"ip_address", FieldKind::text},
                                         {"proxy_string", FieldKind::text}}};

HttpReply wrong(std::string_view field, std::string_view what) {
  return bad_request_reply(std::string(field) + ' ' + std::string(what));
}

HttpReply does_not_open(std::string_view field) {
  return coded_error_reply(
      401, "UNAUTHENTICATED",
      std::string(field) + " is not encrypted JSON that opens with the workspace's key");
}

std::optional<HttpReply> check_cipher(std::string_view field, const EncryptionKey& key,
                                      const Json& value) {
  if (!value.is_string()) return wrong(field, "must be a string");
  if (!decrypt_json(key, value.get_ref<const std::string&>())) return does_not_open(field);
  return std::nullopt;
}

std::optional<HttpReply> check_method(const Json& value) {
  constexpr std::array<std::string_view, 4> kMethods{"AUTHENTICATOR", "EMAIL", "SMS", "MAGIC_LINK"};
  const bool known =
      value.is_string() && std::find(kMethods.begin(), kMethods.end(),
                                     value.get_ref<const std::string&>()) != kMethods.end();
  if (known) return std::nullopt;
  return wrong("tfa_method",
               "must be one of the following values: AUTHENTICATOR, EMAIL, SMS, "
               "MAGIC_LINK");
}

/// Null fits every field but flags, which become false.
std::optional<HttpReply> check_field(const Field& field, const EncryptionKey& key,
                                     const Json& value) {
  if (value.is_null()) return std::nullopt;
  switch (field.kind) {
    case FieldKind::cipher:
      return check_cipher(field.name, key, value);
    case FieldKind::method:
      return check_method(value);
    case FieldKind::text:
      return value.is_string() ? std::nullopt
                               : std::optional(wrong(field.name, "must be a string"));
    case FieldKind::flag:
      return value.is_boolean() ? std::nullopt
                                : std::optional(wrong(field.name, "must be a boolean value"));
    case FieldKind::list:
      return value.is_array() ? std::nullopt : std::optional(wrong(field.name, "must be an array"));
    case FieldKind::object:
      return value.is_object() ? std::nullopt
                               : std::optional(wrong(field.name, "must be an object"));
    case FieldKind::any:
      break;
  }
  return std::nullopt;
}

// ---- limits

std::optional<HttpReply> take_flag(const Json& body, const char* name, bool& flag) {
  const auto given = body.find(name);
  if (given == body.end()) return std::nullopt;
  if (!given->is_boolean() && !given->is_null()) return wrong(name, "must be a boolean value");
  flag = *given == true;
  return std::nullopt;
}

std::optional<HttpReply> take_concurrency(const Json& body, CredentialConfig& config) {
  const auto given = body.find("max_concurrency");
  if (given == body.end()) return std::nullopt;
  if (given->is_null()) return config.max_concurrency.reset(), std::nullopt;
  if (!given->is_number_integer() || *given < 1 || *given > 1'000'000'000)
    return wrong("max_concurrency", "must be a whole number not less than 1, or null");
  config.max_concurrency = given->get<std::uint32_t>();
  return std::nullopt;
}

std::optional<HttpReply> take_expiry(const Json& body, const char* name, VaultEntry& entry,
                                     std::optional<Duration>& expiry) {
  const auto given = body.find(name);
  if (given == body.end()) return std::nullopt;
  entry.fields.erase(name);
  if (given->is_null()) return expiry.reset(), std::nullopt;
  const std::optional<Duration> length =
      given->is_string() ? parse_postgres_interval(given->get_ref<const std::string&>())
                         : std::nullopt;
  if (!length || length->ns <= 0)
    return wrong(name, "must be an interval such as 01:30:00 or 7 days 00:00:00");
  expiry = length;
  entry.fields[name] = *given;  // as it was written
  return std::nullopt;
}

std::optional<HttpReply> take_limits(const Json& body, VaultEntry& entry) {
  CredentialConfig& config = entry.config;
  if (auto refused = take_flag(body, "allow_multiple_sessions", config.allow_multiple_sessions))
    return refused;
  if (auto refused = take_flag(body, "prevent_concurrency_during_login",
                               config.prevent_concurrency_during_login))
    return refused;
  if (auto refused = take_concurrency(body, config)) return refused;
  if (auto refused =
          take_expiry(body, "expiry_time_from_last_use", entry, config.expiry_time_from_last_use))
    return refused;
  if (auto refused = take_expiry(body, "expiry_time_from_session_data_set", entry,
                                 config.expiry_time_from_session_data_set))
    return refused;
  if (config.expiry_time_from_last_use || config.expiry_time_from_session_data_set)
    config.keeps_session = true;
  return std::nullopt;
}

// ---- what depends on several fields

bool has(const VaultEntry& entry, const char* field) {
  const auto found = entry.fields.find(field);
  return found != entry.fields.end() && !found->is_null();
}

std::optional<HttpReply> check_authenticator(const EncryptionKey& key, const VaultEntry& entry) {
  if (entry.fields.value("tfa_method", Json()) != "AUTHENTICATOR") return std::nullopt;
  if (!has(entry, "tfa_secret"))
    return wrong("tfa_secret", "should not be empty when tfa_method is AUTHENTICATOR");
  const std::optional<Json> secret =
      decrypt_json(key, entry.fields["tfa_secret"].get_ref<const std::string&>());
  const bool good = secret && secret->is_string() &&
                    decode_base32(secret->get_ref<const std::string&>()).has_value();
  if (good) return std::nullopt;
  return wrong("tfa_secret", "must be the base32 secret of an authenticator");
}

std::optional<HttpReply> check_together(const EncryptionKey& key, const VaultEntry& entry) {
  if (has(entry, "proxy_setting") != has(entry, "proxy_value"))
    return wrong("proxy_setting", "and proxy_value must be given together");
  if (entry.fields.value("proxy_setting", Json()) == "custom" &&
      !decrypt_json(key, entry.fields["proxy_value"].get_ref<const std::string&>()))
    return does_not_open("proxy_value");
  if (has(entry, "secret_provider_id") &&
      (has(entry, "user_name") || has(entry, "password") || has(entry, "tfa_secret")))
    return wrong("secret_provider_id", "excludes user_name, password and tfa_secret");
  return check_authenticator(key, entry);
}

}  // namespace

std::optional<HttpReply> take_vault_fields(Time now, const EncryptionKey& key, const Json& body,
                                           VaultEntry& entry) {
  for (const Field& field : kFields) {
    const auto given = body.find(field.name);
    if (given == body.end()) continue;
    if (auto refused = check_field(field, key, *given)) return refused;
    entry.fields[std::string(field.name)] =
        given->is_null() && field.kind == FieldKind::flag ? Json(false) : *given;
  }
  if (auto refused = take_limits(body, entry)) return refused;
  for (const char* data : {"cookies", "session_storage", "local_storage"})
    if (body.contains(data) && !body[data].is_null()) entry.session_data = now;
  return check_together(key, entry);
}

std::optional<HttpReply> refuse_domain(std::string_view domain) {
  const bool is_url = domain.starts_with("http://") || domain.starts_with("https://");
  const std::string host = is_url ? normal_domain(domain) : std::string();
  if (host.empty() || host[0] == ':' || host.find_first_of(" \t\r\n\"<>") != host.npos)
    return wrong("domain", "must be a URL address");
  const std::string name = host.substr(0, host.find_first_of(":/?#"));
  if (name == "localhost" || name.ends_with(".localhost"))
    return wrong("domain", "must not be localhost");
  return std::nullopt;
}

}  // namespace sluice
