#include "reports/ci/github_annotations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "tests/unit/reports/sample_test_run.hpp"

namespace sluice {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> commands_of(const TestRun& run) {
  std::vector<std::string> lines;
  std::istringstream text(github_annotations(run));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

TEST(GithubAnnotations, StandAtTheLineOfWhatIsNotMet) {
  const auto lines = commands_of(test::sample_test_run());
  EXPECT_THAT(lines, Contains("::error file=office.yaml,line=20,title=LOW.wait.p95 < 10m does not "
                              "hold::measured 15m%0Abecause: support promise%0Ain fails.yaml"));
  EXPECT_THAT(lines, Contains("::error file=fails.yaml,line=30,title=a login failed does not "
                              "hold::never happened"));
  EXPECT_THAT(lines, Contains(HasSubstr("::warning file=office.yaml,line=20,title=LOW.wait.p95 < "
                                        "10m is not decided::measured 10m")));
  EXPECT_THAT(lines, Contains("::error file=broken.yaml,line=3,col=1,title=a scenario with a "
                              "mistake::unknown key 'duraton'"));
  EXPECT_THAT(lines, Contains(HasSubstr("is worse than the baseline::5m (n = 5)")));
}

TEST(GithubAnnotations, WhatIsOnTheCommandLineIsAboutTheFile) {
  EXPECT_THAT(commands_of(test::sample_test_run()),
              Contains("::error file=broken.yaml,title=a scenario with a mistake::no such path"));
}

TEST(GithubAnnotations, NothingToSayIsNothing) {
  TestRun run;
  run.files = {test::sample_file("passes.yaml", Status::passed, 300)};
  EXPECT_EQ(github_annotations(run), "");
}

TEST(GithubAnnotations, HostileNamesMakeNoCommandsOfTheirOwn) {
  for (const std::string& line : commands_of(test::hostile_test_run())) {
    EXPECT_TRUE(line.starts_with("::error file=") || line.starts_with("::warning file=")) << line;
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
    // The properties end where the first `::` behind the command's own stands.
    const std::string properties = line.substr(2, line.find("::", 2) - 2);
    EXPECT_THAT(properties, HasSubstr("title="));
  }
}

TEST(GithubAnnotations, Escape) {
  EXPECT_EQ(github_data("a%b\r\nc: d, e"), "a%25b%0D%0Ac: d, e");
  EXPECT_EQ(github_property("a%b\r\nc: d, e"), "a%25b%0D%0Ac%3A d%2C e");
}

}  // namespace
}  // namespace sluice
