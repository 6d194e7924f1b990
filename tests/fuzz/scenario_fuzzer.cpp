// libFuzzer target: no text makes the loader throw, assert, crash, hang or grow without bound, and
// what it accepts prints as an effective scenario that loads to the same hash.
//
// The text may be followed by command-line values: lines after a line `%%` are `-p NAME=value` or
// `--set path=value`.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scenarios/loader/loader.hpp"

namespace {

void add_option(std::string_view line, sluice::LoaderOptions& options) {
  const bool param = line.starts_with("-p ");
  if (!param && !line.starts_with("--set ")) return;
  line.remove_prefix(param ? 3 : 6);
  const std::size_t equals = line.find('=');
  if (equals == line.npos) return;
  auto& list = param ? options.params : options.sets;
  list.emplace_back(line.substr(0, equals), line.substr(equals + 1));
}

void fail(const std::string& what, const sluice::LoadedScenario& again) {
  std::fprintf(stderr, "%s\n", what.c_str());
  for (const auto& error : again.errors) std::fprintf(stderr, "%s\n", error.to_string().c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  sluice::LoaderOptions options;
  options.file_access = false;
  if (const std::size_t end = text.find("\n%%\n"); end != text.npos) {
    std::string_view rest = text.substr(end + 4);
    text = text.substr(0, end + 1);
    while (!rest.empty()) {
      const std::size_t line = std::min(rest.find('\n'), rest.size());
      add_option(rest.substr(0, line), options);
      rest.remove_prefix(std::min(line + 1, rest.size()));
    }
  }
  const sluice::LoadedScenario result = sluice::load_scenario_text(text, "fuzz.yaml", options);
  if (result.scenario.has_value() != result.errors.empty())
    fail("a scenario beside errors", result);
  for (const auto& error : result.errors)
    if (error.to_string().size() < 3) fail("an empty message", result);
  if (!result.scenario || result.scenario->pipeline.workspaces.size() > 1000) return 0;

  sluice::LoaderOptions plain;
  plain.file_access = false;
  const std::string effective = sluice::effective_scenario(result);
  const sluice::LoadedScenario again = sluice::load_scenario_text(effective, "fuzz.yaml", plain);
  if (!again.scenario) fail("the effective scenario does not load:\n" + effective, again);
  if (again.scenario->hash != result.scenario->hash) fail("another hash:\n" + effective, again);
  return 0;
}
