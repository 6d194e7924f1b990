// docs/cluster/kubernetes.yaml beside the program: numbers that have to agree, and what each exit
// code leads to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/failure.hpp"

namespace sluice::test {
namespace {

YAML::Node job(const std::string& name) {
  for (const YAML::Node& document :
       YAML::LoadAllFromFile(SLUICE_SOURCE_DIR "/docs/cluster/kubernetes.yaml"))
    if (document["metadata"]["name"].as<std::string>() == name) return document["spec"];
  ADD_FAILURE() << "no " << name;
  return {};
}

/// Exit codes, and the action that a job's policy takes; those that are not named count as failures
/// and are tried again.
std::map<int, std::string> actions(const YAML::Node& spec) {
  std::map<int, std::string> actions;
  for (const YAML::Node& rule : spec["podFailurePolicy"]["rules"]) {
    if (!rule["onExitCodes"]) continue;
    EXPECT_EQ(rule["onExitCodes"]["operator"].as<std::string>(), "In");
    EXPECT_EQ(rule["onExitCodes"]["containerName"].as<std::string>(),
              spec["template"]["spec"]["containers"][0]["name"].as<std::string>());
    const auto codes = rule["onExitCodes"]["values"].as<std::vector<int>>();
    EXPECT_TRUE(std::is_sorted(codes.begin(), codes.end())) << "Kubernetes wants them in order";
    for (const int code : codes)
      EXPECT_TRUE(actions.emplace(code, rule["action"].as<std::string>()).second) << code;
  }
  return actions;
}

TEST(ClusterManifest, TriesAgainWhatMayHelp) {
  for (const char* const name : {"sluice-shards", "sluice-merge"}) {
    const auto found = actions(job(name));
    for (const int code : {static_cast<int>(ExitCode::internal_error),
                           static_cast<int>(ExitCode::target_unreachable), 137, 143})
      EXPECT_EQ(found.count(code), 0u) << name << ", " << code;
    for (const ExitCode code :
         {ExitCode::bad_input, ExitCode::expectation_failed, ExitCode::regression,
          ExitCode::inconclusive, ExitCode::invalid_run, ExitCode::output_failed})
      EXPECT_EQ(found.count(static_cast<int>(code)), 1u) << name << ", " << static_cast<int>(code);
    EXPECT_EQ(found.count(130), 1u) << name;
    EXPECT_EQ(found.size(), 7u) << name;
  }
}

TEST(ClusterManifest, WhoWaitsForOthersNeitherGoesOnAtOnceNorEndsThem) {
  const auto found = actions(job("sluice-shards"));
  EXPECT_EQ(found.at(static_cast<int>(ExitCode::inconclusive)), "FailIndex");
  EXPECT_EQ(found.at(static_cast<int>(ExitCode::bad_input)), "FailJob");
}

TEST(ClusterManifest, HasAsManyPodsAsShards) {
  const YAML::Node spec = job("sluice-shards");
  const auto command =
      spec["template"]["spec"]["containers"][0]["command"].as<std::vector<std::string>>();
  const auto shards = std::find(command.begin(), command.end(), "--shards");
  ASSERT_LT(shards + 1, command.end());
  EXPECT_EQ(shards[1], spec["completions"].as<std::string>());
  EXPECT_EQ(spec["completionMode"].as<std::string>(), "Indexed");
  EXPECT_EQ(spec["podReplacementPolicy"].as<std::string>(), "Failed");
}

}  // namespace
}  // namespace sluice::test
