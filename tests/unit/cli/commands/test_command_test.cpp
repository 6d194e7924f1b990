// sluice test, called as a process: exit codes, outputs, signals, baselines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "cli/output/baseline_files.hpp"
#include "tests/unit/cli/command_in_child.hpp"

namespace sluice {
namespace {

using test::CommandTest;
using test::kScenario;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

class TestCommand : public CommandTest {
 protected:
  void write_expecting(const std::string& name, const std::string& sentence) const {
    write(name, std::string(kScenario) + "expect: ['" + sentence + "']\n");
  }
};

TEST_F(TestCommand, TheFirstCodeOfTheOrderCounts) {
  fs::create_directory(path("tests"));
  write_expecting("tests/a.yaml", "HIGH.wait.count > 3");
  EXPECT_EQ(sluice({"test", path("tests")}).code, 0);
  write_expecting("tests/b.yaml", "LOW.wait.p95 < 1s");
  EXPECT_EQ(sluice({"test", path("tests")}).code, 5);
  write_expecting("tests/c.yaml", "HIGH.wait.count < 3");
  EXPECT_EQ(sluice({"test", path("tests")}).code, 3);
  write("tests/d.yaml", std::string(kScenario) + "duraton: 5m\n");
  const Result all = sluice({"test", path("tests")});
  EXPECT_EQ(all.code, 2);
  EXPECT_THAT(all.out, HasSubstr("PASS"));
  EXPECT_THAT(all.out, HasSubstr("d.yaml:9:1: error:"));
}

TEST_F(TestCommand, BadUsageIsTwo) {
  EXPECT_EQ(sluice({"test"}).code, 2);
  EXPECT_EQ(sluice({"test", path("nowhere")}).code, 2);
  EXPECT_EQ(sluice({"test", path("small.yaml"), "--shard", "3/2"}).code, 2);
  EXPECT_EQ(sluice({"test", path("small.yaml"), "--tolerance", "5%"}).code, 2);
  EXPECT_EQ(sluice({"test", path("small.yaml"), "--update-baseline"}).code, 2);
  EXPECT_EQ(sluice({"test", path("small.yaml"), "--json", path("small.yaml")}).code, 2);
  EXPECT_EQ(sluice({"test", path("small.yaml"), "--json", "-", "--markdown", "-"}).code, 2);
}

TEST_F(TestCommand, OutputsThatCannotBeWrittenAreFoundFirst) {
  const Result result = sluice({"test", path("small.yaml"), "--junit", path("none/junit.xml")});
  EXPECT_EQ(result.code, 8);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_EQ(sluice({"test", path("small.yaml"), "--junit", "/dev/full"}).code, 8);
  write("file", "");
  EXPECT_EQ(
      sluice({"test", path("small.yaml"), "--baseline", path("file"), "--update-baseline"}).code,
      8);
}

TEST_F(TestCommand, OneThatCannotBeWrittenKeepsNoOtherBack) {
  const Result result = sluice({"test", path("small.yaml"), "--json", "/dev/full", "--junit",
                                path("junit.xml"), "--github"});
  EXPECT_EQ(result.code, 8);
  EXPECT_THAT(result.err, HasSubstr("/dev/full"));
  EXPECT_THAT(read("junit.xml"), HasSubstr("</testsuites>"));
}

TEST_F(TestCommand, QuietIsSilentWhereAllIsWell) {
  write_expecting("a.yaml", "HIGH.wait.count > 3");
  const Result result = sluice({"test", "-q", path("a.yaml")});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out + result.err, IsEmpty());
}

TEST_F(TestCommand, WhatIsWorseThanItsBaselineIsFour) {
  write_expecting("a.yaml", "HIGH.wait.count < 1000");
  const std::string kept = path("kept"), file = path("a.yaml");
  EXPECT_EQ(sluice({"test", file, "--baseline", kept}).code, 5);
  EXPECT_EQ(sluice({"test", file, "--baseline", kept, "--update-baseline"}).code, 0);
  EXPECT_EQ(sluice({"test", file, "--baseline", kept}).code, 0);
  const std::string baseline = baseline_path(kept, file);
  auto json = nlohmann::json::parse(std::ifstream(baseline));
  json["figures"][0]["value"] = 3;
  std::ofstream(baseline) << json;
  EXPECT_EQ(sluice({"test", file, "--baseline", kept}).code, 4);
  json["version"] = 2;
  std::ofstream(baseline) << json;
  EXPECT_EQ(sluice({"test", file, "--baseline", kept}).code, 5);
}

TEST_F(TestCommand, ARunThatDoesNotPassWritesNoBaseline) {
  write_expecting("fails.yaml", "HIGH.wait.count < 3");
  write_expecting("undecided.yaml", "LOW.wait.p95 < 1s");
  write_expecting("passes.yaml", "HIGH.wait.count > 3");
  const std::string kept = path("kept");
  const Result result = sluice({"test", path("fails.yaml"), path("passes.yaml"),
                                path("undecided.yaml"), "--baseline", kept, "--update-baseline"});
  EXPECT_EQ(result.code, 3);
  EXPECT_TRUE(fs::exists(baseline_path(kept, path("passes.yaml"))));
  EXPECT_FALSE(fs::exists(baseline_path(kept, path("fails.yaml"))));
  EXPECT_FALSE(fs::exists(baseline_path(kept, path("undecided.yaml"))));
  EXPECT_THAT(result.out, HasSubstr("1 baseline written"));
  EXPECT_THAT(result.out, HasSubstr("fails.yaml, it did not pass: FAIL"));
}

TEST_F(TestCommand, StoppedItWritesWhatIsKnown) {
  std::string scenario = kScenario;
  write("long.yaml", scenario.replace(scenario.find("10m"), 3, "36000d"));
  const pid_t child = start({"test", "--threads", "1", path("long.yaml"), path("small.yaml"),
                             "--json", path("test.json")});
  wait_until_under_way();
  ::kill(child, SIGINT);
  const Result result = finish(child);
  EXPECT_EQ(result.code, 130);
  EXPECT_THAT(result.out, HasSubstr("stopped before the end"));
  const auto json = nlohmann::json::parse(read("test.json"));
  EXPECT_EQ(json["complete"], false);
  EXPECT_EQ(json["files"][1]["outcome"], "not_run");
}

TEST(BaselinePath, NeverLeavesItsFolder) {
  EXPECT_EQ(baseline_path("kept", "a/./b.yaml"), "kept/a/b.yaml.json");
  EXPECT_EQ(baseline_path("kept", "/far/b.yaml"), "kept/far/b.yaml.json");
  EXPECT_EQ(baseline_path("kept", (fs::current_path() / "a.yaml").string()), "kept/a.yaml.json");
  EXPECT_THAT(baseline_path("kept", "../../b.yaml"), Not(HasSubstr("..")));
}

}  // namespace
}  // namespace sluice
