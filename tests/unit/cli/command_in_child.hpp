// sluice called as a process, for tests of what its users and their scripts see.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/command_line.hpp"

namespace sluice::test {

/// small.yaml in the folder of each test.
inline constexpr const char* kScenario = R"(scenario: small
seed: 1
duration: 10m
resource_groups: {main: {workers: {count: 2}}}
workspaces: {acme: {group: main}}
workflows: {claims: {time: 5s}}
submitters:
  steady: {workspace: acme, workflow: claims, priority: HIGH, arrivals: {constant: {every: 10s}}}
)";

/// A folder of its own for each test, and sluice run in a child process with its output in files.
class CommandTest : public ::testing::Test {
 protected:
  struct Result {
    int code = -1;
    std::string out, err;
  };

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    write("small.yaml", kScenario);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name)).rdbuf();
    return text.str();
  }

  /// Standard output goes to `out` if that is given, else to a file that is read back.
  pid_t start(const std::vector<std::string>& arguments, const std::string& out = "") const {
    std::fflush(nullptr);  // what this process has yet to say is not the child's to say
    const pid_t child = ::fork();
    if (child != 0) return child;
    redirect(STDOUT_FILENO, out.empty() ? path("stdout") : out);
    redirect(STDERR_FILENO, path("stderr"));
    std::vector<const char*> argv{"sluice"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    ::_exit(run_command_line(static_cast<int>(argv.size()), argv.data()));
  }
  Result finish(pid_t child) const {
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), read("stdout"),
            read("stderr")};
  }
  Result sluice(const std::vector<std::string>& arguments, const std::string& out = "") const {
    return finish(start(arguments, out));
  }

  /// Waits until has_temporary_file(), half a minute at most.
  void wait_until_under_way() const {
    for (int looks = 0; looks < 3000 && !has_temporary_file(); ++looks)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_TRUE(has_temporary_file());
  }
  /// The run log is there, under another name: the simulation is under way and signals are heard.
  bool has_temporary_file() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      if (entry.path().extension() == ".tmp") return true;
    return false;
  }

  std::filesystem::path folder_;

 private:
  static void redirect(int descriptor, const std::string& file) {
    const int target = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (target < 0 || ::dup2(target, descriptor) < 0) ::_exit(99);
  }
};

}  // namespace sluice::test
