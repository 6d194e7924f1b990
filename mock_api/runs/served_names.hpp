// The names of a run's workflow, nodes, results and credentials, from workflows and vault.
#pragma once

#include "mock_api/runs/run_names.hpp"
#include "mock_api/vault/vault.hpp"
#include "mock_api/workflows/workflows.hpp"

namespace sluice {

/// Keeps references.
class ServedNames final : public RunNames {
 public:
  ServedNames(const Workflows& workflows, const Vault& vault)
      : workflows_(workflows), vault_(vault) {}

  std::string workflow_id(const ServedRun& run) const override { return version(run).id; }
  NodeName node(const ServedRun& run, std::uint32_t step) const override;
  std::optional<std::uint32_t> step_of(const ServedRun& run,
                                       std::string_view node_id) const override;
  std::uint32_t asking_step(const ServedRun& run) const override { return version(run).asks; }
  bool dry_run_asks(const ServedRun& run) const override;
  std::span<const StepDownload> downloads(const ServedRun& run) const override {
    return version(run).downloads;
  }
  std::string output(const ServedRun& run) const override;
  std::string vault_entries(const ServedRun& run) const override;
  InteractionWords interaction(const ServedRun& run) const override;

 private:
  const WorkflowVersion& version(const ServedRun& run) const {
    return workflows_.version_of(run.workspace, run.workflow, run.workflow_version);
  }

  const Workflows& workflows_;
  const Vault& vault_;
};

}  // namespace sluice
