// Exit codes, outputs and messages of sluice, called as a process.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/cli/command_in_child.hpp"

namespace sluice {
namespace {

using test::CommandTest;
using test::kScenario;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

TEST_F(CommandTest, EverythingHolds) {
  const Result result = sluice({"simulate", path("small.yaml")});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("small"));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(CommandTest, BadUsageIsTwo) {
  EXPECT_EQ(sluice({}).code, 2);
  EXPECT_EQ(sluice({"simulate"}).code, 2);
  EXPECT_EQ(sluice({"simulat"}).code, 2);
  EXPECT_EQ(sluice({"simulate", path("small.yaml"), "--unknown"}).code, 2);
  EXPECT_EQ(sluice({"simulate", path("small.yaml"), "--color", "sometimes"}).code, 2);
  EXPECT_EQ(sluice({"simulate", path("small.yaml"), "--set", "seed"}).code, 2);
  EXPECT_EQ(sluice({"simulate", path("small.yaml"), "--json", "-", "--runs", "-"}).code, 2);
  EXPECT_EQ(sluice({"simulate", path("small.yaml"), "--explain", "stedy#1"}).code, 2);
  EXPECT_EQ(sluice({"simulate", path("small.yaml"), "--explain", "steady#1000"}).code, 2);
}

TEST_F(CommandTest, HelpAndVersionAreNoMistakes) {
  EXPECT_EQ(sluice({"--help"}).code, 0);
  EXPECT_THAT(sluice({"simulate", "--help"}).out, HasSubstr("Exit codes"));
  EXPECT_THAT(sluice({"--version"}).out, StartsWith("sluice "));
}

TEST_F(CommandTest, ABadScenarioIsTwoAndSaysWhere) {
  write("bad.yaml", std::string(kScenario) + "duraton: 5m\n");
  const Result result = sluice({"simulate", path("bad.yaml")});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("bad.yaml:9:1: error:"));
  EXPECT_EQ(sluice({"simulate", path("missing.yaml")}).code, 2);
  EXPECT_EQ(sluice({"validate", path("small.yaml"), path("bad.yaml")}).code, 2);
  EXPECT_EQ(sluice({"validate", path("small.yaml")}).code, 0);
  EXPECT_THAT(sluice({"validate", "--effective", path("small.yaml")}).out, HasSubstr("default"));
}

TEST_F(CommandTest, AFailedExpectationIsThree) {
  write("fails.yaml", std::string(kScenario) + "expect: [{that: 'HIGH.wait.count < 3'}]\n");
  EXPECT_EQ(sluice({"simulate", path("fails.yaml")}).code, 3);
}

TEST_F(CommandTest, AMetricWithoutSamplesIsFive) {
  write("nothing.yaml", std::string(kScenario) + "expect: [{that: 'LOW.wait.p95 < 1s'}]\n");
  EXPECT_EQ(sluice({"simulate", path("nothing.yaml")}).code, 5);
}

TEST_F(CommandTest, OutputThatCannotBeWrittenIsEight) {
  const std::string scenario = path("small.yaml");
  EXPECT_EQ(sluice({"simulate", scenario}, "/dev/full").code, 8);
  EXPECT_EQ(sluice({"simulate", scenario, "--json", "/dev/full"}).code, 8);
  EXPECT_EQ(sluice({"simulate", scenario, "--runs", "/dev/full"}).code, 8);
  EXPECT_EQ(sluice({"metrics"}, "/dev/full").code, 8);
  const Result result = sluice({"simulate", scenario, "--markdown", path("no/such/folder.md")});
  EXPECT_EQ(result.code, 8);
  EXPECT_THAT(result.err, HasSubstr("cannot write"));
  EXPECT_THAT(result.err, HasSubstr("folder.md"));
  EXPECT_EQ(sluice({"simulate", scenario, "--csv", path("small.yaml")}).code, 8);
}

TEST_F(CommandTest, OutputThatCannotBeWrittenIsFoundBeforeTheSimulation) {
  const std::string scenario = path("small.yaml");
  const std::vector<std::string> for_ever{"simulate", scenario, "--set", "duration=10000d",
                                          "--replications=100"};
  const auto with = [&](const std::string& option, const std::string& file) {
    std::vector<std::string> arguments = for_ever;
    arguments.insert(arguments.end(), {option, path(file)});
    return sluice(arguments).code;
  };
  EXPECT_EQ(with("--json", "no/such/report.json"), 8);
  EXPECT_EQ(with("--markdown", "no/such/report.md"), 8);
  EXPECT_EQ(with("--csv", "small.yaml/csv"), 8);
  EXPECT_EQ(with("--runs", "no/such/runs.ndjson"), 8);
}

TEST_F(CommandTest, AReaderThatLeavesIsNoError) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const pid_t child = start(
      {"simulate", path("small.yaml"), "--set", "duration=100d", "--json", "-"}, path("pipe"));
  // Behind the fork: a child that has the reader itself waits for it, if it writes enough.
  const int reader = ::open(path("pipe").c_str(), O_RDONLY);
  ASSERT_GE(reader, 0);
  std::string some(10, ' ');
  while (::read(reader, some.data(), some.size()) <= 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::close(reader);
  const Result result = finish(child);
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.err, Not(HasSubstr("pipe")));
}

TEST_F(CommandTest, ThereIsAtLeastOneReplication) {
  const Result result = sluice({"simulate", path("small.yaml"), "--replications", "0"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("100000"));
  EXPECT_LT(result.err.size(), 300U) << result.err;
}

TEST_F(CommandTest, OutputsReplaceOldFilesWhole) {
  write("report.json", "old");
  const Result result = sluice({"simulate", path("small.yaml"), "--json", path("report.json"),
                                "--csv", path("tables"), "--markdown", path("report.md"), "--runs",
                                path("runs.ndjson"), "--quiet"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_TRUE(nlohmann::json::parse(read("report.json")).is_object());
  EXPECT_THAT(read("report.md"), Not(IsEmpty()));
  EXPECT_FALSE(fs::is_empty(path("tables")));
  for (const auto& entry : fs::directory_iterator(folder_))
    EXPECT_THAT(entry.path().string(), Not(HasSubstr(".tmp"))) << "nothing is left behind";
}

TEST_F(CommandTest, AFailedSimulationLeavesTheOldFile) {
  write("report.json", "old");
  EXPECT_EQ(sluice({"simulate", path("small.yaml"), "--json", path("report.json"), "--explain",
                    "steady#9999"})
                .code,
            2);
  EXPECT_EQ(read("report.json"), "old");
}

TEST_F(CommandTest, ADashIsStandardOutputInsteadOfTheReport) {
  const Result result = sluice({"simulate", path("small.yaml"), "--json", "-"});
  EXPECT_EQ(result.code, 0);
  EXPECT_TRUE(nlohmann::json::parse(result.out).is_object());
}

TEST_F(CommandTest, TheRunLogHasAllReplicationsInOrderOnAnyNumberOfThreads) {
  const auto log = [&](const std::string& threads) {
    return sluice({"simulate", path("small.yaml"), "--replications", "5", "--threads", threads,
                   "--runs", "-"})
        .out;
  };
  const std::string one = log("1");
  EXPECT_EQ(one, log("3"));
  std::istringstream lines(one);
  std::string line;
  std::getline(lines, line);
  int replication = 0, runs = 0;
  for (; std::getline(lines, line); ++runs) {
    const int number = nlohmann::json::parse(line)["replication"];
    EXPECT_GE(number, replication);
    replication = number;
  }
  EXPECT_EQ(replication, 4);
  EXPECT_EQ(runs, 5 * 60);
}

TEST_F(CommandTest, ExplainTellsTheStoryOfARun) {
  const Result result = sluice({"simulate", path("small.yaml"), "--explain", "steady#3"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("steady#3 in scenario small"));
  EXPECT_THAT(result.out, HasSubstr("00:00:40  submitted: HIGH run"));
}

TEST_F(CommandTest, SeedReplicationsAndSetChangeTheScenario) {
  const Result result = sluice(
      {"simulate", path("small.yaml"), "--seed", "77", "--set", "duration=2m", "--json", "-"});
  EXPECT_THAT(result.out, HasSubstr("77"));
  EXPECT_NE(result.out, sluice({"simulate", path("small.yaml"), "--json", "-"}).out);
  EXPECT_EQ(sluice({"simulate", path("small.yaml"), "-p", "unknown=1"}).code, 2);
}

TEST_F(CommandTest, CtrlCEndsItWithTheReportSoFar) {
  for (const auto& [signal, code] :
       {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}, std::pair{SIGHUP, 129}}) {
    const pid_t child = start({"simulate", path("small.yaml"), "--set", "duration=800000h",
                               "--json", path("report.json"), "--runs", path("runs.ndjson")});
    wait_until_under_way();
    ::kill(child, signal);
    EXPECT_EQ(finish(child).code, code);
    EXPECT_THAT(read("report.json"), HasSubstr("\"complete\": false"));
  }
}

TEST_F(CommandTest, SchemasAndMetricsArePrinted) {
  EXPECT_TRUE(nlohmann::json::parse(sluice({"schema", "scenario"}).out).is_object());
  EXPECT_TRUE(nlohmann::json::parse(sluice({"schema", "report"}).out).is_object());
  EXPECT_EQ(sluice({"schema", "poem"}).code, 2);
  EXPECT_THAT(sluice({"metrics"}).out, HasSubstr("wait.p95"));
}

}  // namespace
}  // namespace sluice
