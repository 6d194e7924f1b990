// `serve`: how the scenario is served over HTTP.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/loader/sections/workflows.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct ServedWebhookText {
  Mark mark;
  ServedWebhook webhook;  ///< without workspace and workflow
  std::optional<Name> workspace, workflow;
};

struct ServeText {
  ServeConfig config;  ///< without workspaces, workflows and registered webhooks
  std::vector<ServedWebhookText> webhooks;
  Entries<Name, ServedWorkspace> workspaces;
  Entries<Name, ServedWorkflow> workflows;
};

Type<ServeText> serve_type();

/// Domains of aliases that are not given are found in the rest of the scenario: `so_far` has its
/// pipeline and its submitters. To be named here is not to be used.
ServeConfig build_serve(const ServeText& text, const DeclaredNames& names,
                        const std::vector<DeclaredWorkflow>& workflows, const Scenario& so_far,
                        Problems& problems);

}  // namespace sluice
