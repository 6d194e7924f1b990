#include "scenarios/loader/sections/workspaces.hpp"

#include <cstdint>
#include <string>

#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

const Table<WorkspaceText>& workspace_table() {
  using W = WorkspaceText;
  static const Table<W> table{
      "a workspace",
      "Whose runs wait in one queue per level.",
      {key("group", name_type(), &W::group, "its resource group; not given: the only one"),
       key("count", count_type(1, kMaxThings), &W::count,
           "makes NAME-1 … NAME-n; where several can stand, NAME means all of them")}};
  return table;
}

void add_workspaces(const Name& name, Count count, std::optional<std::uint32_t> group,
                    NameTable& workspaces, std::vector<WorkspaceConfig>& configs) {
  workspaces.declare(name, count, [&](const std::string& full) {
    configs.push_back({full, GroupId{group.value_or(0)}});  // none: reported already
  });
}

}  // namespace

Type<WorkspaceText> workspace_type() { return with_mark(object(workspace_table)); }

void declare_workspaces(const Entries<Name, WorkspaceText>& texts, DeclaredNames& names,
                        std::vector<WorkspaceConfig>& configs) {
  for (const auto& [name, text] : texts) {
    std::optional<std::uint32_t> group;
    if (text.group)
      group = names.groups.resolve_one(*text.group);
    else if (!text.unread.has("group"))
      group = names.groups.the_only_one(text.mark);
    add_workspaces(name, text.count, group, names.workspaces, configs);
  }
}

void declare_recorded_workspaces(const TraceText& text, const RawTrace& recording,
                                 DeclaredNames& names, std::vector<WorkspaceConfig>& configs) {
  if (!text.auto_workspaces) return;
  const auto group =
      text.group ? names.groups.resolve_one(*text.group) : names.groups.the_only_one(text.mark);
  for (const TraceValue& value : recording.workspaces) {
    const Name name{workspace_name_of(text, value.text), text.mark};
    if (!names.workspaces.index().has(name.text))
      add_workspaces(name, 0, group, names.workspaces, configs);
  }
}

}  // namespace sluice
