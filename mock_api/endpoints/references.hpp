// From the aliases of a run to credentials.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "http/message.hpp"
#include "mock_api/contract/start_run.hpp"
#include "mock_api/vault/vault.hpp"
#include "mock_api/workflows/workflows.hpp"

namespace sluice {

/// What each alias of a workflow refers to, in the workflow's order. Keeps its memory.
class References {
 public:
  /// The 400 of contract 1.1 if a reference is to nothing; none if all are good. Of a pool, ids
  /// that nobody knows are left out as long as one is known; an id that stands twice counts once.
  /// Also if all that are known are too few: no pool gives what another alias takes, so the run
  /// could never start.
  std::optional<HttpReply> resolve(const Vault& vault, WorkspaceId workspace,
                                   const std::vector<VaultAlias>& aliases, const StartRun& run);

  std::size_t count() const { return ends_.size(); }
  /// Was given as an array.
  bool is_pool(std::size_t alias) const { return pooled_[alias]; }
  std::span<const CredentialId> members(std::size_t alias) const;

 private:
  std::optional<HttpReply> resolve_alias(const Vault& vault, WorkspaceId workspace,
                                         const VaultAlias& alias, const StartRun& run);
  std::optional<HttpReply> check_enough(const std::vector<VaultAlias>& aliases) const;

  std::vector<CredentialId> all_;
  std::vector<std::size_t> ends_;
  std::vector<bool> pooled_;
};

}  // namespace sluice
