// The official clients' conversations, played against the API with its pipeline.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "mock_api/api.hpp"
#include "tests/unit/mock_api/clients/conversation.hpp"

namespace sluice::test {
namespace {

const std::string kFolder = SLUICE_SOURCE_DIR "/tests/unit/mock_api/clients/";

std::string file_text(const std::string& name) {
  std::ifstream file(kFolder + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> conversations() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    if (entry.path().extension() == ".http") names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

CredentialConfig credential(std::string name) {
  CredentialConfig made;
  made.name = std::move(name);
  made.domain = "https://portal.example.com";
  return made;
}

WorkflowConfig workflow(std::string name) {
  WorkflowConfig made;
  made.name = std::move(name);
  made.time = Distribution::constant(90);
  made.steps = 3;
  made.aliases = {"USER"};
  return made;
}

/// What the conversations speak of: a workspace, two credentials, a workflow, and one that asks.
Scenario clients_scenario() {
  Scenario scenario;
  scenario.name = "clients";
  scenario.duration = Duration::from_seconds(86400);
  scenario.starvation_threshold.fill(Duration::from_seconds(300));
  PipelineConfig& pipeline = scenario.pipeline;
  pipeline.groups.emplace_back();
  pipeline.groups[0].name = "main";
  pipeline.groups[0].workers.count = 2;
  pipeline.workspaces = {{"acme", GroupId::at(0)}};
  pipeline.credentials = {credential("user-1"), credential("user-2")};
  pipeline.workflows = {workflow("claims"), workflow("asks")};
  InteractionConfig asks;
  asks.probability = 1;
  asks.answer_after = Distribution::constant(3600);
  pipeline.workflows[1].interaction = asks;
  scenario.serve.workspaces = {
      {"sk_client_tests", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}};
  scenario.serve.workflows.resize(2);
  scenario.serve.workflows[0].id = "d4e5f6a7-89ab-45cd-ef01-456789012abc";
  scenario.serve.workflows[1].id = "d4e5f6a7-89ab-45cd-ef01-456789012def";
  for (ServedWorkflow& each : scenario.serve.workflows)
    each.domains["USER"] = "https://portal.example.com";
  return scenario;
}

class ConversationsTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ConversationsTest, TheClientGetsWhatItReads) {
  ApiOptions options;
  options.unix_ns_at_zero = 1'767'571'200'000'000'000;  // 2026-01-05T00:00:00Z
  options.engine = Engine::virtual_time;
  PostBox posts;
  Api api(clients_scenario(), options, posts);
  Player(api, posts).play(GetParam(), file_text(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Clients, ConversationsTest, ::testing::ValuesIn(conversations()),
                         [](const auto& info) {
                           return info.param.substr(0, info.param.find('.'));
                         });

}  // namespace
}  // namespace sluice::test
