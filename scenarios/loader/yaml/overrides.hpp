// `--set path=value`: changes one value of a scenario from the command line.
//
// A path is keys and list positions (from 0) with dots: `resource_groups.main.workers.count`,
// `incidents.0.at`. Keys that hold dots are found too. The value is YAML: `90s`, `[1h, 4h]`,
// `{lognormal: {median: 90s, p95: 5m}}`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scenarios/loader/yaml/node.hpp"
#include "scenarios/loader/yaml/yaml_tree.hpp"

namespace sluice {

/// Applies `sets` in order to the map `root`, whose includes are in it already. Keys that are not
/// there are added, with a warning if that makes a new workflow, workspace … to set a value inside
/// of; but for params, which are an error.
void apply_overrides(TreeNode& root, const std::vector<std::pair<std::string, std::string>>& sets,
                     Sources& sources, TreeBudget& budget, Problems& problems);

}  // namespace sluice
