// Loads a scenario file: YAML → Scenario, with every mistake located.
//
// Several mistakes are reported at once; a scenario is returned only when there is none. No input
// makes the loader throw, assert, crash or hang: sizes, nesting and aliases are bounded (see
// yaml_tree.hpp).
//
// Order of work: parse (aliases expanded) → `include` (deep merge) → `--set` → `${params}` →
// defaults → typed reading → names, counts, traces → cross-checks.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/loader/yaml/diagnostic.hpp"
#include "scenarios/scenario.hpp"

namespace sluice {

struct LoaderOptions {
  std::vector<std::pair<std::string, std::string>> params;  ///< -p NAME=value
  std::vector<std::pair<std::string, std::string>> sets;    ///< --set path=value, applied in order
  bool file_access = true;  ///< false: `include` and recorded files are errors (tests, fuzzing)
};

/// The completed YAML tree behind a scenario; what effective_scenario prints.
class EffectiveTree;

struct LoadedScenario {
  std::optional<Scenario> scenario;  ///< none when there are errors
  std::vector<Diagnostic> errors;    ///< in the order of file and line; at most kMaxDiagnostics
  std::vector<Diagnostic> warnings;
  /// Params and their values as texts (of a list or map: empty), in the file's order.
  std::vector<std::pair<std::string, std::string>> params = {};
  /// Also there with errors, as far as the tree could be completed; null when the YAML itself is
  /// broken.
  std::shared_ptr<const EffectiveTree> effective;
};

/// Loads the file at `path`; messages and Scenario::file name it as given. Cost: linear in the
/// sizes of the files. Safe to call from several threads at once.
LoadedScenario load_scenario(const std::string& path, const LoaderOptions& options = {});

/// The same for text that is at hand; `name` takes the place of the path (relative files are found
/// beside it).
LoadedScenario load_scenario_text(std::string_view text, const std::string& name,
                                  const LoaderOptions& options = {});

/// The scenario after includes, params, --set and counts, defaults filled in, as YAML that loads to
/// a scenario with the same hash. After each value a comment says where it comes from: `file:line`,
/// `default`, `param NAME, …`, `--set`. Empty when `result.effective` is null.
std::string effective_scenario(const LoadedScenario& result);

}  // namespace sluice
