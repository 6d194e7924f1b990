// `include`: one scenario on top of others.
//
// Files are named relative to the file that includes them, and merged in the order given, the
// including file last: maps key by key, anything else replaced; `~` takes away what an included
// file said. Where only one key of several can stand (a distribution, the kind of arrivals …) a
// different key replaces the included one.
#pragma once

#include <optional>
#include <string>

#include "scenarios/loader/yaml/node.hpp"
#include "scenarios/loader/yaml/yaml_tree.hpp"

namespace sluice {

/// The tree of `source` with everything it includes; none when something could not be read.
/// `file_access` false makes each `include` an error. At most 64 files, 16 deep.
std::optional<TreeNode> load_with_includes(std::uint32_t source, bool file_access, Sources& sources,
                                           TreeBudget& budget, Problems& problems);

/// `over` merged into `base`.
void merge_over(TreeNode& base, TreeNode over);

/// `name` as a file beside `folder`.
std::string beside(const std::string& folder, const std::string& name);

}  // namespace sluice
