// Which files are tests, and their shares.
#include "experiments/test_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/failure.hpp"

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

/// A folder of its own for each test.
class TestFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "sluice-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name,
             const std::string& text = "{duration: 1h, submitters: {a: b}}") {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  std::vector<std::string> tests(const std::vector<std::string>& paths) const {
    std::vector<std::string> names;
    for (const std::string& file : find_test_files(paths).tests)
      names.push_back(fs::path(file).lexically_relative(folder_).string());
    return names;
  }

  fs::path folder_;
};

TEST_F(TestFilesTest, AreAllYamlFilesOfAFolderInOrderOfPath) {
  write("b.yaml");
  write("a/z.yaml");
  write("a.yaml");
  write("recorded.csv");
  write("other.yml");
  write(".hidden.yaml");
  write(".git/c.yaml");
  EXPECT_THAT(tests({path("")}), ElementsAre("a.yaml", "a/z.yaml", "b.yaml"));
}

TEST_F(TestFilesTest, AreTheSameInWhateverOrderTheyAreNamed) {
  write("a.yaml");
  write("b.yaml");
  const std::vector<std::string> all{"a.yaml", "b.yaml"};
  EXPECT_EQ(tests({path("b.yaml"), path("a.yaml")}), all);
  EXPECT_EQ(tests({path("b.yaml"), path(""), path("./a.yaml")}), all);
  fs::create_symlink(path("a.yaml"), path("c.yaml"));
  EXPECT_EQ(tests({path("")}), all);
}

TEST_F(TestFilesTest, PartsOfOthersAreNone) {
  write("base/office.yaml", "submitters: {a: b}");
  write("base/whole.yaml");
  write("day.yaml", "{include: base/office.yaml, duration: 8h}");
  write("what_if.yaml", "include: [base/whole.yaml]");
  EXPECT_THAT(tests({path("")}), ElementsAre("base/whole.yaml", "day.yaml", "what_if.yaml"));
  const TestFiles found = find_test_files({path("")});
  ASSERT_EQ(found.parts.size(), 1u);
  EXPECT_EQ(found.parts[0].file, path("base/office.yaml"));
  EXPECT_EQ(found.parts[0].of, path("day.yaml"));
}

TEST_F(TestFilesTest, AMistakeMakesNoPart) {
  write("typo.yaml", "{duraton: 8h, submitters: {a: b}}");
  write("broken.yaml", "a: [");
  write("missing.yaml", "{include: nowhere.yaml}");
  write("circle.yaml", "{include: circle.yaml, duration: 8h}");
  EXPECT_THAT(tests({path("")}),
              ElementsAre("broken.yaml", "circle.yaml", "missing.yaml", "typo.yaml"));
}

TEST_F(TestFilesTest, WhatIsNotThereIsBadInput) {
  EXPECT_THROW(find_test_files({path("nowhere")}), UserError);
  EXPECT_THROW(find_test_files({path("")}), UserError);
}

}  // namespace
}  // namespace sluice
