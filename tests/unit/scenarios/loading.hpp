// Short ways for tests to load scenarios.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/loader/loader.hpp"

namespace sluice::test {

inline std::string source_file(const std::string& name) { return SLUICE_SOURCE_DIR "/" + name; }

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string messages(const LoadedScenario& result) {
  std::string text;
  for (const Diagnostic& error : result.errors) text += error.to_string() + "\n";
  for (const Diagnostic& warning : result.warnings) text += warning.to_string() + "\n";
  return text;
}

/// The smallest scenario; `more` is added at its end.
inline std::string small_scenario(const std::string& more = {}) {
  return "duration: 1h\n"
         "resource_groups: {main: {workers: 2}}\n"
         "workspaces: {acme: }\n"
         "workflows: {claims: {time: 10s}}\n"
         "submitters: {web: {arrivals: {poisson: 5/min}}}\n" +
         more;
}

inline LoadedScenario load(std::string_view text, const LoaderOptions& options = {}) {
  return load_scenario_text(text, "test.yaml", options);
}

/// The scenario; a test failure if there is none.
inline Scenario loaded(const LoadedScenario& result) {
  EXPECT_TRUE(result.scenario) << messages(result);
  return result.scenario.value_or(Scenario{});
}

/// `small_scenario` with the values of `sets` in it.
inline LoadedScenario load_with(std::vector<std::pair<std::string, std::string>> sets) {
  LoaderOptions options;
  options.sets = std::move(sets);
  return load(small_scenario(), options);
}

/// The messages of the errors, one per line, without places.
inline std::string errors_of(const LoadedScenario& result) {
  std::string text;
  for (const Diagnostic& error : result.errors) text += error.message + "\n";
  return text;
}

}  // namespace sluice::test
