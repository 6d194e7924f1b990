// YAML text → TreeNode, with bounds that no input gets round, and duplicate keys as errors.
//
// Bounds: a file of 8 MiB; nesting of 64; a cost of 500 000, where each value, key and copy made by
// an alias costs 1 + bytes / 64, over all files of a scenario together. So no alias bomb is ever
// unfolded, and recursion over a tree is safe: params and --set may put values inside each other
// only as far as that.
//
// Anchors, aliases and merge keys (`<<`) are resolved here. `${…}` cannot stand in a flow mapping
// in YAML (`{` opens another one), so it is read from a copy of the text in which each `${…}` is
// replaced by something of the same length that is plain text to YAML (a comma in it by `;`);
// columns stay right, and substitute_params finds it again.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/loader/yaml/node.hpp"

namespace sluice {

inline constexpr std::size_t kMaxFileBytes = 8 << 20;
inline constexpr int kMaxDepth = 64;
inline constexpr std::size_t kMaxTreeCost = 500'000;

/// What is left of kMaxTreeCost.
struct TreeBudget {
  std::size_t left = kMaxTreeCost;
  /// False when there is not enough left.
  bool take(std::size_t nodes, std::size_t bytes);
};
/// Takes what a copy of `node` costs.
bool take_copy(TreeBudget& budget, const TreeNode& node);

/// Lists and maps inside each other; 0 for a scalar.
int depth_of(const TreeNode& node);

/// What stands for `${` and `}` in scalars of a tree: U+07BF, which no writing uses and no scenario
/// may hold, and `$`.
inline constexpr std::string_view kParamOpen = "\xDE\xBF";
inline constexpr char kParamClose = '$';

/// For messages: "a list", "`90s`"; long texts are cut, params look as they were written.
std::string what_it_is(const TreeNode& node);

bool starts_param_name(char c);
bool continues_param_name(char c);
/// Whether a character may stand in `${…}`.
bool continues_expression(char c);

/// The tree of `source`; of a source that holds `name=value`, the tree of its value: pass
/// `skip_bytes`. Reports what is wrong and gives nothing if the text is not YAML; gives a tree with
/// duplicate keys dropped after reporting them.
std::optional<TreeNode> parse_yaml(const Sources& sources, std::uint32_t source,
                                   std::size_t skip_bytes, TreeBudget& budget, Problems& problems);

}  // namespace sluice
