#include "scenarios/loader/yaml/overrides.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/text/suggestion.hpp"
#include "scenarios/loader/yaml/params.hpp"

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

/// Maps whose keys are names that the rest of the scenario uses, and what one of them is.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNamedThings{
    {{"resource_groups", "resource group"},
     {"workspaces", "workspace"},
     {"credentials", "credential"},
     {"workflows", "workflow"},
     {"submitters", "submitter"}}};

std::vector<std::string_view> keys_of(const TreeNode& map) {
  std::vector<std::string_view> keys;
  for (const Entry& entry : map.entries) keys.emplace_back(entry.key.text);
  return keys;
}

class Override {
 public:
  Override(std::string_view path, const Mark& start, Problems& problems)
      : path_(path), start_(start), problems_(problems) {}

  /// The place that the path names, made if need be; null after reporting that there can be none.
  TreeNode* find(TreeNode& root) {
    TreeNode* here = &root;
    for (depth_ = 0; here != nullptr && at_ < path_.size(); ++depth_) {
      if (depth_ == kMaxDepth) return fail(path_.substr(at_), "the path is too long");
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
    if (depth_ == 0 && segment == "include")
      return fail(segment,
                  "includes cannot be set: files are put together before anything is set; write a "
                  "scenario that includes both");
    if (depth_ == 1 && first_key() == "params")
      return fail(rest, no_such_param(std::string(rest), keys_of(node)));
    if (depth_ == 1 && segment.size() < rest.size()) warn_of_new_thing(node, segment);
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

  std::string_view first_key() const { return path_.substr(0, path_.find('.')); }

  /// A value is set inside of something that is not there yet: more often mistyped than meant.
  void warn_of_new_thing(const TreeNode& things, std::string_view name) {
    const auto named = std::find_if(kNamedThings.begin(), kNamedThings.end(),
                                    [&](const auto& kind) { return kind.first == first_key(); });
    if (named == kNamedThings.end()) return;
    const std::vector<std::string_view> known = keys_of(things);
    std::string text =
        "there is no " + std::string(named->second) + " `" + std::string(name) + "`: this adds one";
    const std::string near = suggestion(name, known);
    problems_.warning(mark(at_, name.size()), text + (near.empty() ? there_are(known) : near));
  }

  static std::string there_are(const std::vector<std::string_view>& names) {
    constexpr std::size_t kMost = 10;
    if (names.empty()) return "; there was none";
    std::string text = names.size() == 1 ? "; there was only " : "; there were ";
    for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
      text += (i == 0 ? "" : ", ") + std::string(names[i]);
    return text + (names.size() > kMost ? " and others" : "");
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
  int depth_ = 0;  // keys and positions before at_
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
