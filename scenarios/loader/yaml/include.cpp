#include "scenarios/loader/yaml/include.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {
namespace {

constexpr std::size_t kMaxIncludeDepth = 16;
constexpr std::size_t kMaxIncludedFiles = 64;

/// Keys whose map holds exactly one of several keys.
constexpr std::array kChoices{"arrivals",   "time",         "rate",           "size",
                              "think_time", "start_up",     "cool_down",      "mttr",
                              "latency",    "answer_after", "debug_snapshot", "console_capture",
                              "at",         "dispatch",     "cache_refresh"};

constexpr std::array kCredentialChoices{"fixed", "drawn", "own", "pool"};

bool is_choice(std::string_view key) {
  return std::find(kChoices.begin(), kChoices.end(), key) != kChoices.end();
}

bool is_credential_choice(std::string_view key) {
  return std::find(kCredentialChoices.begin(), kCredentialChoices.end(), key) !=
         kCredentialChoices.end();
}

std::string canonical(const std::string& path) {
  std::error_code ignored;
  const auto found = std::filesystem::weakly_canonical(path, ignored);
  return ignored ? path : found.string();
}

class Includer {
 public:
  Includer(bool file_access, Sources& sources, TreeBudget& budget, Problems& problems)
      : file_access_(file_access), sources_(sources), budget_(budget), problems_(problems) {}

  std::optional<TreeNode> load(std::uint32_t source) {
    std::optional<TreeNode> root = parse_yaml(sources_, source, 0, budget_, problems_);
    if (!root) return std::nullopt;
    if (!root->is_map()) {
      problems_.error(
          root->is_null() ? Mark{source, 0, 0, 1, nullptr} : root->mark,
          "a scenario is a map of keys such as `duration: 8h`, and this is " + what_it_is(*root));
      return std::nullopt;
    }
    const TreeNode* include = root->find("include");
    if (include == nullptr) return root;
    stack_.push_back(canonical(sources_[source].name));
    std::optional<TreeNode> base = load_all(*include, source);
    stack_.pop_back();
    if (!base) return std::nullopt;
    std::erase_if(root->entries, [](const Entry& entry) { return entry.key.text == "include"; });
    const Mark mark = root->mark;
    merge_over(*base, std::move(*root));
    base->mark = mark;
    return base;
  }

 private:
  std::optional<TreeNode> load_all(const TreeNode& include, std::uint32_t source) {
    TreeNode base;
    base.kind = TreeNode::Kind::map;
    bool complete = true;
    const auto take = [&](const TreeNode& name) {
      std::optional<TreeNode> included = load_one(name, source);
      if (included)
        merge_over(base, std::move(*included));
      else
        complete = false;
    };
    if (include.is_list())
      std::for_each(include.items.begin(), include.items.end(), take);
    else if (!include.is_null())
      take(include);
    if (!complete) return std::nullopt;
    return base;
  }

  std::optional<TreeNode> load_one(const TreeNode& name, std::uint32_t source) {
    const auto fail = [&](std::string message) {
      problems_.error(name.mark, std::move(message));
      return std::nullopt;
    };
    if (!name.is_scalar())
      return fail("`include` takes the name of a file or a list of names, and this is " +
                  what_it_is(name));
    if (!file_access_) return fail("files cannot be included here");
    const std::string path = beside(sources_[source].folder, name.text);
    const auto again = std::find(stack_.begin(), stack_.end(), canonical(path));
    if (again != stack_.end()) return fail(cycle(again));
    if (stack_.size() >= kMaxIncludeDepth || ++files_ > kMaxIncludedFiles)
      return fail("too many files are included: at most 16 inside each other and 64 in all");
    FileText file = read_text_file(path, kMaxFileBytes);
    if (!file.text) return fail("`" + path + "` " + file.problem);
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return load(sources_.add(path, std::move(*file.text), folder));
  }

  std::string cycle(std::vector<std::string>::const_iterator from) const {
    std::string files;
    for (; from != stack_.end(); ++from)
      files += std::filesystem::path(*from).filename().string() + " → ";
    return "the files include each other in a circle: " + files + "this one again";
  }

  bool file_access_;
  Sources& sources_;
  TreeBudget& budget_;
  Problems& problems_;
  std::vector<std::string> stack_;  ///< files that are being loaded
  std::size_t files_ = 0;
};

bool replaces(std::string_view key, const TreeNode& base, const TreeNode& over) {
  if (!base.is_map() || !over.is_map()) return true;
  if (base.entries.size() != 1 || over.entries.size() != 1) return false;
  const std::string& before = base.entries[0].key.text;
  const std::string& after = over.entries[0].key.text;
  return before != after &&
         (is_choice(key) || (is_credential_choice(before) && is_credential_choice(after)));
}

}  // namespace

void merge_over(TreeNode& base, TreeNode over) {
  for (Entry& entry : over.entries) {
    const auto same = [&](const Entry& e) { return e.key.text == entry.key.text; };
    const auto found = std::find_if(base.entries.begin(), base.entries.end(), same);
    if (found == base.entries.end())
      base.entries.push_back(std::move(entry));
    else if (entry.value.is_null())
      base.entries.erase(found);
    else if (replaces(entry.key.text, found->value, entry.value))
      *found = std::move(entry);
    else
      merge_over(found->value, std::move(entry.value));
  }
}

std::string beside(const std::string& folder, const std::string& name) {
  const std::filesystem::path path(name);
  return path.is_absolute() || folder.empty() ? name
                                              : (std::filesystem::path(folder) / path).string();
}

std::optional<TreeNode> load_with_includes(std::uint32_t source, bool file_access, Sources& sources,
                                           TreeBudget& budget, Problems& problems) {
  return Includer(file_access, sources, budget, problems).load(source);
}

}  // namespace sluice
