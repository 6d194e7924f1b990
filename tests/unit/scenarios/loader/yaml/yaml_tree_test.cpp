// YAML: anchors, bounds, and texts made to hurt.
#include <gmock/gmock.h>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice {
namespace {

using namespace test;
using ::testing::HasSubstr;

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(YamlTree, anchors_aliases_and_merge_keys_mean_copies) {
  const Scenario scenario = loaded(
      load("duration: &d 1h\n"
           "resource_groups: {main: {workers: 2}}\n"
           "workspaces: {a: }\n"
           "workflows:\n"
           "  w: &w {time: 10s, steps: 3, max_retries: 1}\n"
           "  v: {<<: *w, steps: 5}\n"
           "  u: {<<: [{time: 7s}, *w]}\n"
           "submitters: {s: {workflow: [w, v, u], until: *d, arrivals: {poisson: 5/min}}}\n"));
  EXPECT_EQ(scenario.pipeline.workflows.at(1).steps, 5u);
  EXPECT_EQ(scenario.pipeline.workflows.at(1).max_retries, 1u);
  EXPECT_DOUBLE_EQ(scenario.pipeline.workflows.at(2).time.mean(), 7);
  EXPECT_EQ(scenario.pipeline.workflows.at(2).steps, 3u);
}

TEST(YamlTree, an_alias_bomb_is_not_unfolded) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(last + ", ", 9) +
            last + "]\n";
  }
  EXPECT_THAT(errors_of(load(bomb)), HasSubstr("too large"));
}

TEST(YamlTree, a_bomb_of_params_is_not_unfolded) {
  std::string bomb = small_scenario("params:\n  p0: [x, x, x, x, x, x, x, x, x, x]\n");
  for (int i = 1; i < 12; ++i) {
    const std::string last = "${p" + std::to_string(i - 1) + "}";
    bomb += "  p" + std::to_string(i) + ": [" + repeated(last + ", ", 9) + last + "]\n";
  }
  EXPECT_THAT(errors_of(load(bomb)), HasSubstr("too large"));
  std::string text =
      small_scenario("params:\n  p0: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n");
  for (int i = 1; i < 12; ++i)
    text +=
        "  p" + std::to_string(i) + ": " + repeated("${p" + std::to_string(i - 1) + "}", 10) + "\n";
  EXPECT_THAT(errors_of(load(text)), HasSubstr("too large"));
}

TEST(YamlTree, an_alias_cannot_stand_inside_its_own_anchor) {
  EXPECT_THAT(errors_of(load("a: &a [1, *a]\n")), HasSubstr("inside the value that it refers to"));
}

TEST(YamlTree, deep_nesting_is_an_error_however_deep) {
  for (const int depth : {65, 1000, 100'000}) {
    EXPECT_THAT(errors_of(load("a: " + repeated("[", depth))), HasSubstr("nested too deeply"))
        << depth;
    EXPECT_THAT(errors_of(load(repeated("- ", depth))), HasSubstr("nested too deeply")) << depth;
    EXPECT_FALSE(load("a: " + repeated("{a: ", depth)).scenario);
    EXPECT_FALSE(load(repeated("? ", depth)).scenario);
  }
  std::string deep = "a0: &a0 [" + repeated("[", 30) + repeated("]", 30) + "]\n";
  deep += "a1: &a1 " + repeated("[", 30) + "*a0" + repeated("]", 30) + "\na2: [[[[[*a1]]]]]\n";
  EXPECT_THAT(errors_of(load(deep)), HasSubstr("nested too deeply through an alias"));
}

TEST(YamlTree, what_is_not_text_is_an_error_with_its_place) {
  EXPECT_THAT(messages(load(std::string("duration: 1h\nseed: \xFF\n"))),
              HasSubstr("test.yaml:2:7: error"));
  EXPECT_FALSE(load(std::string("a\0b", 3)).scenario);
  EXPECT_FALSE(load("\xEF\xBB").scenario);
  EXPECT_TRUE(load("\xEF\xBB\xBF" + small_scenario()).scenario);
  EXPECT_FALSE(load("seed: \xDE\xBFx$").scenario);
}

TEST(YamlTree, broken_yaml_is_an_error_with_its_place) {
  for (const char* text : {"a: [1, 2",
                           "a: {b: 1",
                           "a: \"x",
                           "a: 'x",
                           "a: b: c",
                           "\tx: 1",
                           "a: *nowhere",
                           "a: !<",
                           "%",
                           "--- a\n--- b\n",
                           "a: 1\n b: 2\n",
                           "? [a]\n: b\n",
                           "",
                           "# nothing",
                           "~",
                           "- a",
                           "text",
                           "&a",
                           "a: &",
                           "*",
                           "!",
                           "|",
                           ">",
                           "@",
                           "`",
                           "a: |9",
                           "{",
                           "}",
                           "]",
                           "...",
                           "%YAML 9.9\n---\na: 1"}) {
    const LoadedScenario result = load(text);
    EXPECT_FALSE(result.scenario) << text;
    EXPECT_FALSE(result.errors.empty()) << text;
  }
}

TEST(YamlTree, a_huge_file_is_refused) {
  EXPECT_THAT(errors_of(load(std::string((std::size_t{8} << 20) + 1, ' '))),
              HasSubstr("larger than 8 MiB"));
}

TEST(YamlTree, a_hundred_thousand_mistakes_take_no_time_and_give_fifty_messages) {
  std::string text = small_scenario();
  for (int i = 0; i < 100'000; ++i) text += "wrong" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(load(text).errors.size(), kMaxDiagnostics);
}

}  // namespace
}  // namespace sluice
