#include "experiments/settings/alternatives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/failure.hpp"
#include "base/text/json.hpp"
#include "scenarios/loader/yaml/node.hpp"
#include "scenarios/loader/yaml/sources.hpp"
#include "scenarios/loader/yaml/yaml_tree.hpp"

namespace sluice {
namespace {

/// As the file has it: references to params stand in the tree under other signs.
std::string with_references(const std::string& text) {
  std::string result;
  bool open = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool opens = text.compare(i, kParamOpen.size(), kParamOpen) == 0;
    if (opens) {
      result += "${";
      i += kParamOpen.size() - 1;
    } else {
      result += open && text[i] == kParamClose ? '}' : text[i];
    }
    if (opens || (open && text[i] == kParamClose)) open = opens;
  }
  return result;
}

/// The value on one line.
std::string flow_text(const TreeNode& node) {
  switch (node.kind) {
    case TreeNode::Kind::null:
      return "null";
    case TreeNode::Kind::scalar:
      return node.quoted ? quoted_json(with_references(node.text)) : with_references(node.text);
    case TreeNode::Kind::list:
    case TreeNode::Kind::map:
      break;
  }
  std::string text;
  for (const TreeNode& item : node.items) text += (text.empty() ? "" : ", ") + flow_text(item);
  for (const Entry& entry : node.entries)
    text += (text.empty() ? "" : ", ") + flow_text(entry.key) + ": " + flow_text(entry.value);
  return node.is_list() ? "[" + text + "]" : "{" + text + "}";
}

/// What is wrong with the tree goes to `problems`.
std::vector<Setting> alternatives_of(const TreeNode& root, Problems& problems) {
  std::vector<Setting> settings;
  if (!root.is_map() || root.entries.empty())
    problems.error(root.mark,
                   "alternatives are a map of names, each with a map of params or "
                   "paths and their values");
  for (const Entry& entry : root.entries) {
    if (!entry.value.is_map() && !entry.value.is_null()) {
      problems.error(entry.value.mark,
                     "an alternative is a map of params or paths and their "
                     "values, and this is " +
                         what_it_is(entry.value));
      continue;
    }
    Setting setting{entry.key.text, {}};
    for (const Entry& value : entry.value.entries)
      setting.values.emplace_back(value.key.text, flow_text(value.value));
    settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace

std::vector<Setting> read_alternatives(const std::string& file) {
  const FileText text = read_text_file(file, kMaxFileBytes);
  if (!text.text) throw bad_input(fmt::format("{}: the file {}", file, text.problem));
  Sources sources;
  TreeBudget budget;
  Problems problems(sources);
  const std::uint32_t source = sources.add(file, *text.text);
  std::vector<Setting> settings;
  const std::optional<TreeNode> root = parse_yaml(sources, source, 0, budget, problems);
  if (root) settings = alternatives_of(*root, problems);
  const std::vector<Diagnostic> errors = problems.take_errors();
  if (!errors.empty()) throw bad_input(errors.front().to_string());
  return settings;
}

}  // namespace sluice
