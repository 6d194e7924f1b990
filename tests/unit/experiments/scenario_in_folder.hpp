// A scenario file for experiments: a queue that is small, quick and drawn.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sluice::test {

/// LOW waits behind HIGH on `workers` (default 4): 3 runs a minute of one minute each. About 2 ms a
/// replication.
inline const char* const kSmallQueue = R"(scenario: small-queue
seed: 5
duration: 400m
warm_up: 20m
params: {workers: 4, sessions: 9}
api: {rate_limits: {}}
resource_groups: {main: {workers: "${workers}"}}
workspaces: {support: {}, research: {}}
credentials:
  portal: {domain: https://portal.example.com, allow_multiple_sessions: true,
           max_concurrency: "${sessions}"}
workflows:
  plain: {time: {exponential: 1m}}
  with-login: {needs: {USER: portal}, time: {exponential: 1m}}
submitters:
  support: {workspace: support, workflow: with-login, priority: HIGH,
            credentials: {USER: portal}, arrivals: {poisson: 1.5/min}}
  research: {workspace: research, workflow: plain, priority: LOW, arrivals: {poisson: 1.2/min}}
expect:
  - "LOW.wait.mean < 1m"
)";

/// A folder of its own, removed at the end.
class ScenarioInFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string(test->test_suite_name()) + "." + test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::string small_queue() const { return write("small_queue.yaml", kSmallQueue); }
  std::string store() const { return (folder_ / "store").string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace sluice::test
