// `dispatch` of a resource group: who is next, the policies' words and their settings.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/config.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"

namespace sluice {

using ShareWeightsText = Entries<Name, std::uint32_t>;

struct DispatchText {
  DispatchConfig config;  ///< without share_weights
  ShareWeightsText share_weights;
};

Type<DispatchText> dispatch_type();

/// The weights of `fair_share` in `group`: to have one is not to be used. Reports names that mean
/// nothing, and workspaces of other groups.
std::vector<WorkspaceWeight> share_weights(const ShareWeightsText& text, GroupId group,
                                           const std::vector<WorkspaceConfig>& workspaces,
                                           const NameTable& names, Problems& problems);

}  // namespace sluice
