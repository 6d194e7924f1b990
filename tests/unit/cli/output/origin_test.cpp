#include "cli/output/origin.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace sluice {
namespace {

TEST(ShellWord, IsTakenByAShellAsItIs) {
  EXPECT_EQ(shell_word("scenarios/a_b-1.yaml"), "scenarios/a_b-1.yaml");
  EXPECT_EQ(shell_word("peak=18/min"), "peak=18/min");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("my file"), "'my file'");
  EXPECT_EQ(shell_word("a'b; rm $x"), "'a'\\''b; rm $x'");
}

TEST(OriginOf, SaysHowToMakeThePageAgain) {
  const std::string file = testing::TempDir() + "origin test.yaml";
  std::ofstream(file) << "scenario: x\n";
  ScenarioArguments scenario;
  scenario.params = {"workers=60"};
  scenario.sets = {"expect=[LOW.wait.p95 < 1m]"};
  const HtmlOptions origin = origin_of("simulate", file, scenario, {"--seed", "7"});
  EXPECT_EQ(origin.command, "sluice simulate '" + file +
                                "' --seed 7 -p workers=60 --set 'expect=[LOW.wait.p95 < 1m]' "
                                "--html report.html");
  EXPECT_EQ(origin.scenario_text, "scenario: x\n");
  std::filesystem::remove(file);
  EXPECT_EQ(origin_of("simulate", file, {}, {}).scenario_text, "");
}

}  // namespace
}  // namespace sluice
