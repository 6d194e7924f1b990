// `workspaces`: whose runs they are, and the resource group where they wait.
#pragma once

#include <optional>
#include <vector>

#include "pipeline/config.hpp"
#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/names.hpp"
#include "scenarios/loader/trace/trace.hpp"

namespace sluice {

struct WorkspaceText {
  Mark mark;
  Unread unread;
  std::optional<Name> group;  ///< none: the only one
  Count count = 0;
};

Type<WorkspaceText> workspace_type();

/// Adds those of the section to `configs`, which is by WorkspaceId.
void declare_workspaces(const Entries<Name, WorkspaceText>& texts, DeclaredNames& names,
                        std::vector<WorkspaceConfig>& configs);
/// Adds those that a recording names and the section does not, where `workspaces: auto` says that
/// each is one of its own.
void declare_recorded_workspaces(const TraceText& text, const RawTrace& recording,
                                 DeclaredNames& names, std::vector<WorkspaceConfig>& configs);

}  // namespace sluice
