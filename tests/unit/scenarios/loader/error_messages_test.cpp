// Golden messages: each errors/NAME.yaml with what is said about it in errors/NAME.expected.
//
// Lines `# option: -p NAME=value` and `# option: --set path=value` give options. To write the
// expected files anew, run this test with SLUICE_UPDATE_EXPECTED=1 and read the difference.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace test;

const std::filesystem::path kFolder = "tests/unit/scenarios/errors";

LoaderOptions options_in(const std::string& text) {
  LoaderOptions options;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kStart = "# option: ";
    if (!line.starts_with(kStart)) continue;
    std::istringstream words(line.substr(kStart.size()));
    std::string option, assignment;
    words >> option >> std::ws;
    std::getline(words, assignment);
    const std::size_t equals = assignment.find('=');
    auto& list = option == "-p" ? options.params : options.sets;
    list.emplace_back(assignment.substr(0, equals), assignment.substr(equals + 1));
  }
  return options;
}

class ErrorMessages : public ::testing::TestWithParam<std::string> {};

TEST_P(ErrorMessages, are_as_expected) {
  std::filesystem::current_path(SLUICE_SOURCE_DIR);
  const std::filesystem::path scenario = kFolder / (GetParam() + ".yaml");
  const std::filesystem::path expected = kFolder / (GetParam() + ".expected");
  const LoadedScenario result =
      load_scenario(scenario.string(), options_in(file_text(scenario.string())));
  if (std::getenv("SLUICE_UPDATE_EXPECTED") != nullptr) std::ofstream(expected) << messages(result);
  EXPECT_EQ(messages(result), file_text(expected.string()));
  EXPECT_FALSE(result.errors.empty() && result.warnings.empty());
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(SLUICE_SOURCE_DIR / kFolder))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Each, ErrorMessages, ::testing::ValuesIn(all_names()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace sluice
