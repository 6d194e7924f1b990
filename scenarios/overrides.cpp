#include "scenarios/overrides.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace sluice {
namespace {

void mark_as_set(TreeNode& node, const Via* via) {
  node.mark.via = via;
  for (TreeNode& item : node.items) mark_as_set(item, via);
  for (Entry& entry : node.entries) {
    entry.key.mark.via = via;
    mark_as_set(entry.value, via);
  }
}

/// The longest key of `map` that `path` begins with, followed by a dot or the end.
Entry* longest_key(TreeNode& map, std::string_view path) {
  Entry* best = nullptr;
  for (Entry& entry : map.entries) {
    const std::string& key = entry.key.text;
    if (!path.starts_with(key) || (path.size() > key.size() && path[key.size()] != '.')) continue;
    if (best == nullptr || key.size() > best->key.text.size()) best = &entry;
  }
  return best;
}

class Override {
 public:
  Override(std::string_view path, const Mark& start, Problems& problems)
      : path_(path), start_(start), problems_(problems) {}

  /// The place that the path names, made if need be; null after reporting that there can be none.
  TreeNode* find(TreeNode& root) {
    TreeNode* here = &root;
    for (int depth = 0; here != nullptr && at_ < path_.size(); ++depth) {
      if (depth == kMaxDepth) return fail(path_.substr(at_), "the path is too long");
      here = step(*here);
    }
    return here;
  }

  Mark mark(std::size_t from, std::size_t length) const {
    Mark mark = start_;
    mark.column += static_cast<int>(from);
    mark.length = static_cast<int>(std::max<std::size_t>(length, 1));
    return mark;
  }

 private:
  TreeNode* step(TreeNode& node) {
    const std::string_view rest = path_.substr(at_);
    const std::string_view segment = rest.substr(0, rest.find('.'));
    if (segment.empty() || rest == ".") return fail(segment, "the path has an empty part");
    if (node.is_list()) return step_into_list(node, segment);
    if (node.is_scalar())
      return fail(segment, "nothing lies below " + what_it_is(node) + ", which is a single value");
    node.kind = TreeNode::Kind::map;
    if (Entry* entry = longest_key(node, rest)) {
      advance(entry->key.text.size());
      return &entry->value;
    }
    Entry entry;
    entry.key.kind = TreeNode::Kind::scalar;
    entry.key.text = std::string(segment);
    entry.key.mark = entry.value.mark = mark(at_, segment.size());
    advance(segment.size());
    node.entries.push_back(std::move(entry));
    return &node.entries.back().value;
  }

  TreeNode* step_into_list(TreeNode& node, std::string_view segment) {
    std::size_t position = 0;
    const auto end = segment.data() + segment.size();
    const auto [stop, problem] = std::from_chars(segment.data(), end, position);
    if (problem != std::errc{} || stop != end || position >= node.items.size())
      return fail(segment, "`" + std::string(segment) + "` is no position in a list of " +
                               std::to_string(node.items.size()) + ", counted from 0");
    advance(segment.size());
    return &node.items[position];
  }

  void advance(std::size_t length) {
    at_ += length;
    if (at_ < path_.size()) ++at_;                           // the dot
    if (at_ >= path_.size() && path_.ends_with('.')) --at_;  // finds the empty part after it
  }

  TreeNode* fail(std::string_view segment, std::string message) {
    problems_.error(mark(at_, segment.size()), std::move(message));
    return nullptr;
  }

  std::string_view path_;
  Mark start_;
  Problems& problems_;
  std::size_t at_ = 0;
};

}  // namespace

void apply_overrides(TreeNode& root, const std::vector<std::pair<std::string, std::string>>& sets,
                     Sources& sources, TreeBudget& budget, Problems& problems) {
  if (sets.empty()) return;
  const Via* via = sources.add_via(Via::Kind::set, "--set");
  for (const auto& [path, text] : sets) {
    const std::uint32_t source = sources.add("--set", std::string(path).append("=").append(text));
    std::optional<TreeNode> value = parse_yaml(sources, source, path.size() + 1, budget, problems);
    if (!value) continue;
    Override place(path, {source, 1, 1, 1, via}, problems);
    if (path.empty()) {
      problems.error(place.mark(0, 1), "the path is missing: --set path=value");
      continue;
    }
    TreeNode* node = place.find(root);
    if (node == nullptr) continue;
    mark_as_set(*value, via);
    if (value->is_null()) value->mark = place.mark(0, path.size());
    *node = std::move(*value);
  }
}

}  // namespace sluice
