#include "mock_api/tenants.hpp"

#include <utility>

#include "base/text/hex.hpp"
#include "base/text/uuid.hpp"

namespace sluice {
Tenants::Tenants(const Scenario& scenario) {
  const auto& workspaces = scenario.pipeline.workspaces;
  tenants_.reserve(workspaces.size());
  for (std::size_t i = 0; i < workspaces.size(); ++i) {
    const std::string& name = workspaces[i].name;
    const ServedWorkspace given =
        i < scenario.serve.workspaces.size() ? scenario.serve.workspaces[i] : ServedWorkspace{};
    Tenant tenant{name, uuid_of_name("workspace", name), api_key_of(name, given.api_key),
                  encryption_key_of(name, given.encryption_key)};
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
