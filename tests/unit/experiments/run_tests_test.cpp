// A test run: the same on any number of threads, one file's trouble is not the others'.
#include "experiments/run_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "reports/ci/github_annotations.hpp"
#include "reports/ci/junit.hpp"
#include "reports/json/test_run.hpp"
#include "reports/terminal/test_run.hpp"

namespace sluice {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// Stands still, so that no time is in what is compared.
class StoppedClock final : public Clock {
 public:
  SteadyTime now() const override { return {}; }
  SystemTime time_of_day() const override { return {}; }
};

constexpr const char* kTinyScenario = R"(duration: 20m
replications: 3
resource_groups: {main: {workers: {count: 2}}}
workspaces: {acme: {}}
workflows: {claims: {time: {exponential: {mean: 20s}}}}
submitters: {steady: {workspace: acme, workflow: claims, arrivals: {poisson: {rate: 3/min}}}}
)";

class RunTestsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sluice-tests-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    write("bad.yaml", std::string(kTinyScenario) + "duraton: 5m\n");
    write("fails.yaml", std::string(kTinyScenario) + "expect: [LOW.wait.count < 3]\n" +
                            "reaches: [a login failed]\n");
    write("nothing.yaml", kTinyScenario);
    write("passes.yaml", std::string(kTinyScenario) + "expect: [LOW.wait.p95 < 1h]\n");
    write("served.yaml",
          "{duration: 1h, workspaces: {acme: {}}, resource_groups: {main: {workers: "
          "2}}, workflows: {claims: {time: 1s}}}\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  TestRun run(TestOptions options = {}) const {
    return run_tests(find_test_files({folder_.string()}), options, StoppedClock());
  }
  static const TestedFile& file_of(const TestRun& run, const std::string& name) {
    return *std::ranges::find_if(run.files, [&](const TestedFile& tested) {
      return fs::path(tested.file).filename() == name;
    });
  }

  fs::path folder_;
};

TEST_F(RunTestsTest, EachFileHasAnOutcomeOfItsOwn) {
  const TestRun tested = run();
  EXPECT_EQ(file_of(tested, "bad.yaml").outcome, TestOutcome::bad_scenario);
  EXPECT_EQ(file_of(tested, "fails.yaml").outcome, TestOutcome::failed);
  EXPECT_EQ(file_of(tested, "nothing.yaml").outcome, TestOutcome::nothing_expected);
  EXPECT_EQ(file_of(tested, "passes.yaml").outcome, TestOutcome::passed);
  EXPECT_EQ(file_of(tested, "served.yaml").outcome, TestOutcome::skipped);
  EXPECT_TRUE(tested.complete);
  ASSERT_EQ(file_of(tested, "bad.yaml").problems.size(), 1u);
  EXPECT_EQ(file_of(tested, "bad.yaml").problems[0].line, 7);
}

TEST_F(RunTestsTest, SentencesKnowWhereTheyStand) {
  const TestRun tested = run();
  const TestedFile& fails = file_of(tested, "fails.yaml");
  ASSERT_EQ(fails.cases.size(), 2u);
  EXPECT_EQ(place_text(fails.cases[0]), (folder_ / "fails.yaml:7").string());
  EXPECT_EQ(place_text(fails.cases[1]), (folder_ / "fails.yaml:8").string());
}

TEST_F(RunTestsTest, TheSameBytesOnAnyNumberOfThreads) {
  const auto all = [](const TestRun& tested) {
    return render_test_run_json(tested) + junit_xml(tested) + github_annotations(tested) +
           render_test_run(tested, {});
  };
  TestOptions one, four;
  one.threads = 1;
  four.threads = 4;
  EXPECT_EQ(all(run(one)), all(run(four)));
}

TEST_F(RunTestsTest, ShardsTogetherAreAllFiles) {
  const TestRun all = run();
  std::vector<std::string> files;
  for (std::uint32_t index = 1; index <= 2; ++index) {
    TestOptions options;
    options.shard = Shard{index, 2};
    for (const TestedFile& tested : run(options).files) files.push_back(tested.file);
  }
  std::ranges::sort(files);
  ASSERT_EQ(files.size(), all.files.size());
  for (std::size_t i = 0; i < files.size(); ++i) EXPECT_EQ(files[i], all.files[i].file);
}

TEST_F(RunTestsTest, StoppedItSaysWhatWasNotRun) {
  const std::atomic<bool> stop{true};
  TestOptions options;
  options.stop = &stop;
  TestProgress progress;
  options.progress = &progress;
  const TestRun tested = run(options);
  EXPECT_FALSE(tested.complete);
  EXPECT_EQ(count_of(tested, TestOutcome::not_run), 5u);
  EXPECT_EQ(progress.done, 5u);
}

TEST_F(RunTestsTest, ValuesOfTheCommandLineReachEachFile) {
  TestOptions options;
  options.loader.sets = {{"replications", "2"}, {"expect", "['LOW.wait.count < 1']"}};
  const TestRun tested = run(options);
  const TestedFile& passes = file_of(tested, "passes.yaml");
  EXPECT_EQ(passes.replications, 2u);
  EXPECT_EQ(passes.outcome, TestOutcome::failed);
  EXPECT_FALSE(is_in_a_file(passes.cases[0].file)) << passes.cases[0].file;
}

}  // namespace
}  // namespace sluice
