// `params:` and `${name}`.
//
// A reference may stand anywhere in a value or key. Alone it takes the param's value, whatever that
// is (also a list or a map); inside a longer text the param must be plain text. `${…}` may also
// hold arithmetic with params (expression.hpp). Defaults may refer to params above them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/loader/yaml/node.hpp"
#include "scenarios/loader/yaml/yaml_tree.hpp"

namespace sluice {

/// A param and its value as text; of a list or a map the text is empty.
using ParamValue = std::pair<std::string, std::string>;

/// Takes `params` out of the map `root` and puts the values in everywhere. `given` (from the
/// command line) goes before the defaults; a name that `params` does not have is an error. Returns
/// what the params are, in the file's order.
std::vector<ParamValue> substitute_params(
    TreeNode& root, const std::vector<std::pair<std::string, std::string>>& given, Sources& sources,
    TreeBudget& budget, Problems& problems);

/// That no param is called `name` where there are those in `known`.
std::string no_such_param(const std::string& name, const std::vector<std::string_view>& known);

}  // namespace sluice
