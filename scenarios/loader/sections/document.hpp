// A scenario as its file says it: typed, but with names where the finished Scenario has ids, and
// with counts unexpanded. What each section accepts and becomes is said by its own component.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/loader/keys/key_table.hpp"
#include "scenarios/loader/sections/credentials.hpp"
#include "scenarios/loader/sections/expectations.hpp"
#include "scenarios/loader/sections/groups.hpp"
#include "scenarios/loader/sections/incidents.hpp"
#include "scenarios/loader/sections/load.hpp"
#include "scenarios/loader/sections/serve.hpp"
#include "scenarios/loader/sections/submitters.hpp"
#include "scenarios/loader/sections/window.hpp"
#include "scenarios/loader/sections/workflows.hpp"
#include "scenarios/loader/sections/workspaces.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct Document {
  Mark mark;
  Unread unread;
  Entries<std::string, Mark> section_marks;  ///< where the maps of things stand
  Mark warm_up_mark;
  Scenario scenario;  ///< what needs no names
  std::optional<std::string> name;
  std::optional<Growth> growth;  ///< of submitters that say none
  std::optional<WindowText> window;
  Entries<Name, GroupText> groups;
  Entries<Name, WorkspaceText> workspaces;
  Entries<Name, CredentialText> credentials;
  Entries<Name, WorkflowText> workflows;
  Entries<Name, SubmitterText> submitters;
  std::vector<IncidentText> incidents;
  std::vector<ExpectationText> expectations;
  std::vector<Name> reaches;
  ServeText serve;
  LoadText load;

  /// Where a map of things stands; the document itself if it has none.
  const Mark& mark_of(std::string_view section) const;
};

/// The keys of a scenario file.
const Table<Document>& document_table();
/// Reads all of it, whatever mistakes are found on the way. Completes the tree with defaults.
void read_document(Reader& reader, TreeNode& root, Document& document);

}  // namespace sluice
