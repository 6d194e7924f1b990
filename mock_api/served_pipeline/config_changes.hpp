// What vault and workflows change of the served pipeline.
#pragma once

#include <vector>

#include "mock_api/served_pipeline/served_pipeline.hpp"
#include "mock_api/vault/vault.hpp"
#include "mock_api/workflows/workflows.hpp"

namespace sluice {

/// Calls come while a request is handled, after catch_up(). Keeps a reference.
class ConfigChanges final : public VaultListener, public WorkflowListener {
 public:
  explicit ConfigChanges(ServedPipeline& pipeline) : pipeline_(pipeline) { reset(); }

  /// A credential without a login of its own logs in as the scenario's first one of its domain.
  CredentialId credential_added(WorkspaceId workspace, const CredentialConfig& config) override;
  void limits_changed(CredentialId credential, const CredentialConfig& config) override;
  /// Runs that were accepted before still use it: there is nothing to do.
  void credential_removed(CredentialId) override {}
  void browser_state_cleared(CredentialId credential) override;
  StoredSession session(CredentialId credential) const override;

  WorkflowId version_added(WorkflowId base, const WorkflowVersion& version) override;

  /// The scenario's workflow of which this one is a version.
  WorkflowId family(WorkflowId workflow) const { return families_[workflow.index()]; }

  /// The pipeline has begun again.
  void reset();

 private:
  ServedPipeline& pipeline_;
  std::vector<WorkflowId> families_;
};

}  // namespace sluice
