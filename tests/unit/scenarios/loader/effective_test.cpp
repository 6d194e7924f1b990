// The effective scenario: what it shows, and that it loads to the same scenario.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::Not;

void expect_round_trip(const std::string& file) {
  const LoadedScenario result = load_scenario(file);
  const std::string hash = loaded(result).hash;
  const LoadedScenario again = load_scenario_text(effective_scenario(result), file);
  EXPECT_EQ(loaded(again).hash, hash) << file;
  EXPECT_EQ(loaded(again).pipeline.workspaces.size(), result.scenario->pipeline.workspaces.size());
  EXPECT_EQ(loaded(again).submitters.size(), result.scenario->submitters.size());
}

TEST(Effective, loads_to_the_same_scenario) {
  std::filesystem::current_path(SLUICE_SOURCE_DIR);
  expect_round_trip("tests/unit/scenarios/files/monday_batch.yaml");
  expect_round_trip("tests/unit/scenarios/files/everything.yaml");
  for (const char* folder : {"scenarios", "scenarios/incidents"})
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".yaml") expect_round_trip(entry.path().string());
}

TEST(Effective, loads_again_whatever_characters_a_text_is_made_of) {
  // By their numbers a text may hold characters that a file may not.
  std::string question = R"(question: "\"quoted\" \\ and é, €, 😀)";
  for (int c = 0; c < 0x20; ++c) question += fmt::format("\\x{:02X}", c);
  for (const int c : {0x7F, 0x80, 0x85, 0xA0, 0x2028, 0xFEFF, 0xFFFF})
    question += fmt::format("\\u{:04X} ", c);
  const LoadedScenario result = load(small_scenario(question + "\"\n"));
  const std::string effective = effective_scenario(result);
  const LoadedScenario again = load_scenario_text(effective, "test.yaml");
  EXPECT_EQ(loaded(again).question, loaded(result).question) << effective;
  EXPECT_EQ(loaded(again).hash, loaded(result).hash);
}

TEST(Effective, says_where_each_value_is_from) {
  LoaderOptions options;
  options.params = {{"n", "4"}};
  options.sets = {{"replications", "5"}};
  const std::string text = effective_scenario(
      load(small_scenario("params: {n: 3, m: 9}\nseed: ${n}\nconfidence: 9${m}%\n"), options));
  EXPECT_THAT(text, HasSubstr("duration: 1h  # test.yaml:1\n"));
  EXPECT_THAT(text, HasSubstr("seed: 4  # param n, -p\n"));
  EXPECT_THAT(text, HasSubstr("confidence: 99%  # param m, test.yaml:6\n"));
  EXPECT_THAT(text, HasSubstr("replications: 5  # --set\n"));
  EXPECT_THAT(text, HasSubstr("warm_up: 0s  # default\n"));
  EXPECT_THAT(text, Not(HasSubstr("params")));
}

TEST(Effective, shows_what_counts_make) {
  const std::string text = effective_scenario(
      load("duration: 1h\n"
           "resource_groups: {main: {workers: 2}}\n"
           "workspaces: {acme: {count: 2}}\n"
           "workflows: {claims: {time: 10s}}\n"
           "submitters: {web: {workspace: acme, arrivals: {poisson: 5/min}}}\n"));
  EXPECT_THAT(text, HasSubstr("  acme-1: {}"));
  EXPECT_THAT(text, HasSubstr("  acme-2: {}"));
  EXPECT_THAT(text, Not(HasSubstr("count: 2")));
}

TEST(Effective, texts_survive_printing) {
  const LoadedScenario result =
      load(small_scenario("question: \"a: 'b' # \\\"c\\\" \\\\ \\n\\t é {[,]} ~\"\n"));
  const LoadedScenario again = load(effective_scenario(result));
  EXPECT_EQ(loaded(again).question, loaded(result).question);
  EXPECT_EQ(loaded(again).hash, loaded(result).hash);
}

TEST(Effective, the_hash_is_of_the_values) {
  const std::string plain = loaded(load(small_scenario())).hash;
  EXPECT_EQ(loaded(load(small_scenario("# a comment\nparams: {unused: 1}\n"))).hash, plain);
  EXPECT_EQ(loaded(load_with({{"warm_up", "1m"}})).hash,
            loaded(load(small_scenario("warm_up: 1m\n"))).hash);
  EXPECT_EQ(loaded(load_with({{"seed", "2"}})).hash, plain) << "the same scenario, looked at again";
  EXPECT_EQ(loaded(load_with({{"replications", "9"}})).hash, plain);
  EXPECT_NE(loaded(load_with({{"workflows.claims.time", "11s"}})).hash, plain);
}

}  // namespace
}  // namespace sluice
