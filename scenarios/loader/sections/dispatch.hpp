// `dispatch` of a resource group: who is next, the policies' words and their settings.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "pipeline/config.hpp"
#include "scenarios/loader/keys/key_table.hpp"

namespace sluice {

using ShareWeightsText = Entries<Name, std::uint32_t>;

struct DispatchText {
  DispatchConfig config;  ///< without share_weights
  ShareWeightsText share_weights;
};

Type<DispatchText> dispatch_type();

/// The workspaces that a name means, none after reporting that it means nothing.
using LookUpWorkspaces = std::function<std::vector<std::uint32_t>(const Name&)>;

/// The weights of `fair_share` in `group`. Reports workspaces of other groups.
std::vector<WorkspaceWeight> share_weights(const ShareWeightsText& text, GroupId group,
                                           const std::vector<WorkspaceConfig>& workspaces,
                                           const LookUpWorkspaces& look_up, Problems& problems);

}  // namespace sluice
