// `resource_groups`: pools of workers, and the rule by which each takes runs.
#pragma once

#include <vector>

#include "pipeline/config.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/dispatch.hpp"
#include "scenarios/loader/sections/names.hpp"

namespace sluice {

struct GroupText {
  Mark mark;
  Unread unread;
  ResourceGroupConfig config;      ///< without its name
  ShareWeightsText share_weights;  ///< of `dispatch`
};

Type<GroupText> group_type();

/// The groups with their names, by GroupId. Warns of counts that an autoscaler would not keep.
std::vector<ResourceGroupConfig> declare_groups(const Entries<Name, GroupText>& texts,
                                                NameTable& groups, Problems& problems);

}  // namespace sluice
