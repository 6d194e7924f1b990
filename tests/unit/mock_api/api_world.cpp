#include "tests/unit/mock_api/api_world.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sluice::test {
namespace {

constexpr std::int64_t kEpoch = 1'767'571'200'000'000'000;  // 2026-01-05T00:00:00Z

CredentialConfig portal(std::size_t number) {
  CredentialConfig credential;
  credential.name = fmt::format("portal-{}", number);
  credential.domain = "https://portal.example.com";
  return credential;
}

WorkflowConfig ten_seconds(std::string name, std::vector<std::string> aliases) {
  WorkflowConfig workflow;
  workflow.name = std::move(name);
  workflow.time = Distribution::constant(10);
  workflow.steps = 2;
  workflow.aliases = std::move(aliases);
  return workflow;
}

}  // namespace

void KeptFrames::write(std::string_view frame, std::uint64_t) {
  const std::size_t data = frame.find("data: ");
  const auto json = parse_json(frame.substr(data + 6, frame.find('\n', data) - data - 6));
  ASSERT_TRUE(json) << frame;
  frames.push_back(*json);
}

std::string KeptFrames::events() const {
  std::string names;
  for (const Json& frame : frames) {
    if (!frame.contains("data")) continue;
    const auto name = frame["data"]["event"].get<std::string>();
    const std::string_view prefix = "execution.";
    names += names.empty() ? "" : " ";
    names += name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  }
  return names;
}

Scenario served_scenario(std::uint32_t workers) {
  Scenario scenario;
  scenario.name = "served";
  scenario.duration = Duration::from_seconds(3600);
  scenario.starvation_threshold.fill(Duration::from_seconds(300));
  PipelineConfig& pipeline = scenario.pipeline;
  ResourceGroupConfig group;
  group.name = "main";
  group.workers.count = workers;
  pipeline.groups.push_back(group);
  pipeline.workspaces = {{"acme", GroupId{0}}, {"tenant", GroupId{0}}};
  for (std::size_t i = 1; i <= 3; ++i) pipeline.credentials.push_back(portal(i));
  pipeline.workflows = {ten_seconds("plain", {}), ten_seconds("claims", {"USER"})};
  scenario.serve.workflows.resize(2);
  scenario.serve.workflows[1].domains["USER"] = "https://portal.example.com";
  return scenario;
}

ApiWorld::ApiWorld(const Scenario& scenario, bool admin) {
  ApiOptions options;
  options.unix_ns_at_zero = kEpoch;
  options.engine = Engine::virtual_time;
  options.admin = admin;
  api = std::make_unique<Api>(scenario, options, webhooks);
}

HttpReply ApiWorld::call(std::string_view method, std::string_view target, std::string_view body,
                         const Headers& headers) {
  const std::string key = "sk_" + workspace;
  HttpRequest request{method, target, body, peer, {}};
  if (!workspace.empty()) request.headers.emplace_back("CC-Key", key);
  for (const auto& [name, value] : headers) request.headers.emplace_back(name, value);
  return api->handle(now, request);
}

std::string ApiWorld::start(std::string_view workflow, std::string_view inputs,
                            std::string_view more) {
  const HttpReply reply =
      post("/run", fmt::format(R"({{"workflow_id":"{}","run_input_variables":{}{}{}}})", workflow,
                               inputs, more.empty() ? "" : ",", more));
  EXPECT_EQ(reply.status, 201u) << reply.body;
  return reply.status == 201 ? json(reply)["session_id"].get<std::string>() : "";
}

Json ApiWorld::result(const std::string& session) {
  const HttpReply reply = get("/run/" + session);
  EXPECT_EQ(reply.status, 200u) << reply.body;
  return json(reply);
}

std::string ApiWorld::status(const std::string& session) {
  return result(session)["status"].get<std::string>();
}

Json ApiWorld::story(const std::string& session) {
  Json texts = Json::array();
  const Json run = json(get("/_sluice/runs/" + session));
  for (const Json& line : run["story"]) texts.push_back(line["text"]);
  return texts;
}

void ApiWorld::pass(Duration time) {
  now = now + time;
  api->advance(now);
}

Json ApiWorld::json(const HttpReply& reply) {
  const auto parsed = parse_json(reply.body);
  EXPECT_TRUE(parsed) << reply.body;
  return parsed ? *parsed : Json();
}

std::string ApiWorld::header(const HttpReply& reply, std::string_view name) {
  for (const auto& [key, value] : reply.headers)
    if (key == name) return value;
  return "";
}

}  // namespace sluice::test
