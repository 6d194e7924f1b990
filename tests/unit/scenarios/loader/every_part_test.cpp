// Every part of a scenario in turn emptied, or replaced by what it cannot be.
#include <gtest/gtest.h>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

const std::string kEverything = source_file("tests/unit/scenarios/files/everything.yaml");

/// `a.b.c` of every key in the effective scenario but for those inside of lists.
std::vector<std::string> all_paths() {
  std::vector<std::string> paths, open;
  std::istringstream lines(effective_scenario(load_scenario(kEverything)));
  std::size_t list_indent = std::string::npos;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == line.npos) continue;
    if (indent > list_indent || line[indent] == '-') {
      list_indent = std::min(list_indent, line[indent] == '-' ? indent - 1 : list_indent);
      continue;
    }
    list_indent = std::string::npos;
    const std::size_t colon = line.find(": ", indent);
    const std::size_t end = colon == line.npos && line.back() == ':' ? line.size() - 1 : colon;
    if (end == line.npos || line[indent] == '"') continue;
    open.resize(indent / 2);
    open.push_back(line.substr(indent, end - indent));
    std::string path;
    for (const std::string& key : open) path += (path.empty() ? "" : ".") + key;
    paths.push_back(path);
  }
  return paths;
}

LoadedScenario with(const std::string& path, const std::string& value) {
  LoaderOptions options;
  options.sets = {{path, value}};
  return load_scenario(kEverything, options);
}

TEST(EveryPartSlow, CanBeEmptiedWithoutHarm) {
  const std::vector<std::string> paths = all_paths();
  ASSERT_GT(paths.size(), 200u);
  for (const std::string& path : paths) {
    for (const char* nothing : {"{}", "[]", "~", "''"}) {
      const LoadedScenario result = with(path, nothing);
      EXPECT_NE(result.scenario.has_value(), !result.errors.empty()) << path << "=" << nothing;
      for (const Diagnostic& error : result.errors)
        EXPECT_GT(error.line, 0) << path << "=" << nothing << ": " << error.message;
    }
  }
}

/// Inside of what a workflow is given or gives, anything may stand.
bool is_free(const std::string& path) {
  for (const char* part : {"schema.", ".output.", ".inputs.", ".expected."})
    if (path.find(part) != path.npos) return true;
  return false;
}

TEST(EveryPartSlow, IsComplainedOfWhereItIsAndNowhereElse) {
  for (const std::string& path : all_paths()) {
    // Neither a text, nor a number, nor a list or map of anything.
    const LoadedScenario result = with(path, "[[[]]]");
    EXPECT_NE(result.errors.empty(), !is_free(path)) << path;
    for (const Diagnostic& error : result.errors)
      EXPECT_EQ(error.file, "--set") << path << ": " << error.to_string();
  }
}

}  // namespace
}  // namespace sluice::test
