// A YAML value with the place that each part of it comes from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/loader/yaml/sources.hpp"

namespace sluice {

struct Entry;

/// A value type: copies are deep. Nesting is bounded by kMaxDepth, so recursion over it is safe.
struct TreeNode {
  enum class Kind : std::uint8_t { null, scalar, list, map };

  Kind kind = Kind::null;
  bool quoted = false;          ///< a scalar in quotes or a block: never null, never a merge key
  std::string text;             ///< of a scalar
  std::vector<TreeNode> items;  ///< of a list
  std::vector<Entry> entries;   ///< of a map, in the order of the file
  Mark mark;

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }

  /// The value under `key`, or null; linear.
  TreeNode* find(std::string_view key);
  const TreeNode* find(std::string_view key) const {
    return const_cast<TreeNode*>(this)->find(key);
  }
};

struct Entry {
  TreeNode key;  ///< a scalar
  TreeNode value;
};

inline TreeNode* TreeNode::find(std::string_view key) {
  for (Entry& entry : entries)
    if (entry.key.text == key) return &entry.value;
  return nullptr;
}

}  // namespace sluice
