#include "mock_api/tenants.hpp"

#include <openssl/sha.h>

#include "mock_api/contract/uuid.hpp"

namespace sluice {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

EncryptionKey key_of_name(const std::string& name) {
  const std::string text = "sluice encryption key of " + name;
  EncryptionKey key;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  return key;
}

}  // namespace

std::optional<EncryptionKey> encryption_key_from_hex(std::string_view hex) {
  EncryptionKey key;
  if (hex.size() != 2 * key.size()) return std::nullopt;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    key[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return key;
}

Tenants::Tenants(const Scenario& scenario) {
  const auto& workspaces = scenario.pipeline.workspaces;
  tenants_.reserve(workspaces.size());
  for (std::size_t i = 0; i < workspaces.size(); ++i) {
    const std::string& name = workspaces[i].name;
    const ServedWorkspace given =
        i < scenario.serve.workspaces.size() ? scenario.serve.workspaces[i] : ServedWorkspace{};
    Tenant tenant{name, uuid_of_name("workspace", name), given.api_key, {}};
    if (tenant.api_key.empty()) tenant.api_key = "sk_" + name;
    tenant.key = encryption_key_from_hex(given.encryption_key).value_or(key_of_name(name));
    by_api_key_.emplace(tenant.api_key, WorkspaceId::at(i));
    tenants_.push_back(std::move(tenant));
  }
}

WorkspaceId Tenants::find(std::string_view api_key) const {
  const auto found = by_api_key_.find(api_key);
  return found == by_api_key_.end() ? WorkspaceId::none() : found->second;
}

std::string Tenants::encryption_key_hex(WorkspaceId workspace) const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : key(workspace)) hex += {kHex[byte >> 4], kHex[byte & 15]};
  return hex;
}

}  // namespace sluice
