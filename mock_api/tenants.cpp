#include "mock_api/tenants.hpp"

#include <algorithm>

#include <openssl/sha.h>

#include "base/text/hex.hpp"
#include "base/text/uuid.hpp"

namespace sluice {
namespace {

EncryptionKey key_of_name(const std::string& name) {
  const std::string text = "sluice encryption key of " + name;
  EncryptionKey key;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  return key;
}

}  // namespace

std::optional<EncryptionKey> encryption_key_from_hex(std::string_view hex) {
  const std::optional<std::string> raw = from_hex(hex);
  EncryptionKey key;
  if (!raw || raw->size() != key.size()) return std::nullopt;
  std::copy(raw->begin(), raw->end(), key.begin());
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
  return to_hex(key(workspace));
}

}  // namespace sluice
