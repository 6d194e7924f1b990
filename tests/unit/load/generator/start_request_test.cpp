#include "load/generator/start_request.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/unit/scenarios/loading.hpp"

namespace sluice::test {
namespace {

using nlohmann::json;

constexpr const char* kScenario =
    "duration: 1h\n"
    "resource_groups: {main: {workers: 2}}\n"
    "workspaces: {acme: }\n"
    "credentials: {portal: {domain: https://p.example.com, count: 2}}\n"
    "workflows: {claims: {needs: {USER: portal}, time: 10s}}\n"
    "submitters: {web: {credentials: {USER: {pool: portal}}, arrivals: {poisson: 5/min}}}\n";

class StartRequestTest : public ::testing::Test {
 protected:
  StartRequestTest() : scenario_(test::loaded(test::load(kScenario))) {
    facts_.target = *parse_target("http://127.0.0.1:8080/v1");
    facts_.api_keys = {"sk_acme"};
    facts_.tag = "monday";
    run_.workspace = WorkspaceId::at(0);
    run_.workflow = WorkflowId::at(0);
    run_.submitter = SubmitterId::at(0);
    run_.index = 42;
    run_.level = PriorityLevel::MEDIUM;
    run_.need_count = 1;
    run_.needs[0] = {1};
  }
  std::string request() const { return LoadRequests(scenario_, facts_).start(run_, pools_, "c-1"); }
  static json body_of(const std::string& request) {
    return json::parse(request.substr(request.find("\r\n\r\n") + 4));
  }

  Scenario scenario_;
  RequestFacts facts_;
  RunRequest run_;
  PoolMembers pools_{{CredentialId::at(0), CredentialId::at(1)}};
};

TEST_F(StartRequestTest, SaysWhatTheRunIs) {
  EXPECT_EQ(body_of(request()),
            json::parse(R"({"workflow_id": "claims", "run_input_variables": {"USER": "portal-2"},
                            "priority_level": "MEDIUM", "client_id": "c-1",
                            "webhook": {"metadata": {"sluice_load": "monday",
                                                     "sluice_run": "web#42"}}})"));
}

TEST_F(StartRequestTest, ItsHeadFitsTheTarget) {
  const std::string text = request();
  EXPECT_TRUE(
      text.starts_with("POST /v1/run HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
                       "cc-key: sk_acme\r\n"));
  const std::size_t body = text.find("\r\n\r\n") + 4;
  EXPECT_NE(text.find("Content-Length: " + std::to_string(text.size() - body) + "\r\n"),
            std::string::npos);
  EXPECT_EQ(text.find("X-Sluice-Run"), std::string::npos);
  facts_.absolute_form = true;
  facts_.names_runs = true;
  EXPECT_TRUE(request().starts_with("POST http://127.0.0.1:8080/v1/run HTTP/1.1\r\n"));
  EXPECT_NE(request().find("\r\nX-Sluice-Run: web/42\r\n"), std::string::npos);
}

TEST_F(StartRequestTest, APoolIsAList) {
  run_.needs[0] = {Need::kPoolBit};
  EXPECT_EQ(body_of(request())["run_input_variables"]["USER"], json({"portal-1", "portal-2"}));
}

TEST_F(StartRequestTest, ATargetsOwnNamesAndInputsAreUsed) {
  scenario_.load.workflows = {{"d4e5-uuid", R"({"npi": "123", "n": 1})"}};
  scenario_.load.credentials = {"", "a1b2-uuid"};
  const json body = body_of(request());
  EXPECT_EQ(body["workflow_id"], "d4e5-uuid");
  EXPECT_EQ(body["run_input_variables"],
            json::parse(R"({"USER": "a1b2-uuid", "npi": "123", "n": 1})"));
}

TEST_F(StartRequestTest, OptionsOfTheRunAndOfTheLoad) {
  run_.options.debug = run_.options.capture_console = run_.options.force_refresh = true;
  facts_.dry_run = true;
  facts_.webhook = {"http://127.0.0.1:9/webhooks", "whsec"};
  const json body = body_of(request());
  EXPECT_EQ(body["debug"], true);
  EXPECT_EQ(body["capture_console_logs"], true);
  EXPECT_EQ(body["force_refresh"], true);
  EXPECT_EQ(body["dry_run"]["enabled"], true);
  EXPECT_EQ(body["webhook"]["url"], "http://127.0.0.1:9/webhooks");
  EXPECT_EQ(body["webhook"]["secret"], "whsec");
  EXPECT_EQ(body["webhook"]["event_types_subscribed"].size(), 7u);
}

TEST_F(StartRequestTest, ClientIdsDependOnSeedWorkspaceAndNumberOnly) {
  const std::string id = LoadRequests::client_id(1, WorkspaceId::at(0), 3);
  EXPECT_EQ(id, LoadRequests::client_id(1, WorkspaceId::at(0), 3));
  EXPECT_NE(id, LoadRequests::client_id(2, WorkspaceId::at(0), 3));
  EXPECT_NE(id, LoadRequests::client_id(1, WorkspaceId::at(1), 3));
  EXPECT_NE(id, LoadRequests::client_id(1, WorkspaceId::at(0), 4));
}

}  // namespace
}  // namespace sluice::test
