// Who a request comes from: API keys, and what belongs to a workspace besides its runs.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mock_api/contract/tenant_keys.hpp"
#include "pipeline/ids.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

/// The workspaces of a scenario as the API knows them. Immutable.
class Tenants {
 public:
  explicit Tenants(const Scenario& scenario);

  /// The workspace whose key it is; none() if nobody's. O(1).
  WorkspaceId find(std::string_view api_key) const;

  std::size_t count() const { return tenants_.size(); }
  const std::string& api_key(WorkspaceId workspace) const { return at(workspace).api_key; }
  const EncryptionKey& key(WorkspaceId workspace) const { return at(workspace).key; }
  std::string encryption_key_hex(WorkspaceId workspace) const;
  /// What the API calls `workspace_id`: a UUID made of its name.
  const std::string& id(WorkspaceId workspace) const { return at(workspace).id; }
  const std::string& name(WorkspaceId workspace) const { return at(workspace).name; }

 private:
  struct Tenant {
    std::string name, id, api_key;
    EncryptionKey key;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  const Tenant& at(WorkspaceId workspace) const { return tenants_[workspace.index()]; }

  std::vector<Tenant> tenants_;
  std::unordered_map<std::string, WorkspaceId, Hash, std::equal_to<>> by_api_key_;
};

}  // namespace sluice
