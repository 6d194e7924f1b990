#include "scenarios/loader/outline.hpp"

#include <exception>
#include <filesystem>
#include <optional>

#include "scenarios/loader/yaml/include.hpp"
#include "scenarios/loader/yaml/yaml_tree.hpp"

namespace sluice {
namespace {

bool says_something(const TreeNode& root, const char* key) {
  const TreeNode* value = root.find(key);
  return value != nullptr && !value->is_null();
}

std::optional<TreeNode> tree_of(const std::string& path) {
  FileText file = read_text_file(path, kMaxFileBytes);
  if (!file.text) return std::nullopt;
  Sources sources;
  Problems problems(sources);
  TreeBudget budget;
  const std::uint32_t source = sources.add(path, std::move(*file.text));
  try {
    return parse_yaml(sources, source, 0, budget, problems);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

FileOutline outline_of(const std::string& path) {
  FileOutline outline;
  const std::optional<TreeNode> root = tree_of(path);
  if (!root || !root->is_map()) return outline;
  outline.has_duration = says_something(*root, "duration");
  outline.has_submitters = says_something(*root, "submitters");
  const TreeNode* include = root->find("include");
  if (include == nullptr) return outline;
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const auto take = [&](const TreeNode& name) {
    if (name.is_scalar()) outline.includes.push_back(beside(folder, name.text));
  };
  if (include->is_list())
    for (const TreeNode& name : include->items) take(name);
  else
    take(*include);
  return outline;
}

}  // namespace sluice
