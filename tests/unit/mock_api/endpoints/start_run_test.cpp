// POST /run: what it accepts, what it refuses and with which words (contract 1.1 and 7).
#include <gtest/gtest.h>

#include "base/text/uuid.hpp"
#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;

TEST(StartRun, AnswersWithASessionId) {
  ApiWorld world(served_scenario());
  const HttpReply reply =
      world.post("/run", R"({"workflow_id":"plain","run_input_variables":{"a":1}})");
  EXPECT_EQ(reply.status, 201u);
  EXPECT_EQ(reply.content_type, "application/json");
  EXPECT_TRUE(is_uuid(ApiWorld::json(reply)["session_id"].get<std::string>()));
  EXPECT_EQ(reply.started_run, UINT64_MAX) << "without a client id no frames are held back";
}

TEST(StartRun, ARunWithAClientIdIsNamedToTheServer) {
  ApiWorld world(served_scenario());
  world.start();
  const HttpReply reply =
      world.post("/run", R"({"workflow_id":"plain","run_input_variables":{},"client_id":"c"})");
  EXPECT_EQ(reply.started_run, 1u);
}

TEST(StartRun, TheStatusIsASetting) {
  Scenario scenario = served_scenario();
  scenario.serve.run_status = 200;
  ApiWorld world(scenario);
  EXPECT_EQ(world.post("/run", R"({"workflow_id":"plain","run_input_variables":{}})").status, 200u);
}

TEST(StartRun, NullsAreAsGoodAsAbsent) {
  ApiWorld world(served_scenario());
  const std::string run = world.start(
      "plain", "{}", R"("dry_run":null,"webhook":null,"additional_context":null,"client_id":null)");
  EXPECT_EQ(world.status(run), "execution.queued");
}

TEST(StartRun, WithoutALevelARunIsLow) {
  ApiWorld world(served_scenario());
  const std::string run = world.start();
  EXPECT_EQ(ApiWorld::json(world.get("/_sluice/runs/" + run))["level"], "LOW");
}

TEST(StartRun, KeysThatNobodyKnowsAreAcceptedOrRefusedAndListed) {
  const std::string_view body =
      R"({"workflow_id":"plain","run_input_variables":{},"priorty_level":"HIGH",)"
      R"("webhook":{"metdata":{}}})";
  Scenario scenario = served_scenario();
  ApiWorld accepting(scenario);
  EXPECT_EQ(accepting.post("/run", body).status, 201u);
  scenario.serve.refuse_unknown_keys = true;
  ApiWorld refusing(scenario);
  const HttpReply reply = refusing.post("/run", body);
  EXPECT_EQ(reply.status, 400u);
  EXPECT_NE(reply.body.find("`priorty_level`, `webhook.metdata`"), std::string::npos) << reply.body;
  refusing.start("plain", R"({"any":1})", R"("debug":true,"dry_run":{"enabled":true})");
  for (ApiWorld* world : {&accepting, &refusing}) {
    const Json entry =
        ApiWorld::json(world->get("/_sluice/requests?method=POST"))["requests"].back();
    EXPECT_EQ(entry["not_understood"].dump(),
              R"([{"in":"body","name":"priorty_level"},{"in":"body","name":"webhook.metdata"}])");
  }
}

/// They are kept with the request, so that nobody fills the memory with them.
TEST(StartRun, OfKeysThatNobodyKnowsTheFirstAreNamedShortly) {
  Scenario scenario = served_scenario();
  scenario.serve.refuse_unknown_keys = true;
  ApiWorld world(scenario);
  std::string body = R"({"workflow_id":"plain","run_input_variables":{},"x)";
  for (int i = 0; i < 60; ++i) body += "\u00e9";  // from byte 1 on: byte 100 is within one
  body += R"(":1)";
  for (int i = 1; i < 70; ++i) body += ",\"key" + std::to_string(i) + "\":1";
  const HttpReply reply = world.post("/run", body + '}');
  EXPECT_EQ(reply.status, 400u);
  EXPECT_NE(reply.body.find("`key49` and 20 more should not exist"), std::string::npos)
      << reply.body;
  const Json entry = ApiWorld::json(world.get("/_sluice/requests?method=POST"))["requests"][0];
  ASSERT_EQ(entry["not_understood"].size(), 50u);
  std::string first = "x";
  for (int i = 0; i < 49; ++i) first += "é";
  EXPECT_EQ(entry["not_understood"][0]["name"], first + "…");
  EXPECT_EQ(entry["not_understood"][49]["name"], "key49");
}

TEST(StartRun, RefusesWhatIsNoRun) {
  ApiWorld world(served_scenario());
  EXPECT_EQ(world.post("/run", "no json").status, 400u);
  EXPECT_EQ(world.post("/run", "").status, 400u);
  EXPECT_EQ(world.post("/run", "[]").status, 400u);
  EXPECT_EQ(world
                .post("/run", R"({"workflow_id":"plain","run_input_variables":{},)"
                              R"("priority_level":"high"})")
                .status,
            400u);
  const HttpReply unknown =
      world.post("/run", R"({"workflow_id":"nope","run_input_variables":{}})");
  EXPECT_EQ(unknown.status, 404u);
  EXPECT_EQ(ApiWorld::json(unknown)["message"], "Workflow nope not found");
  EXPECT_EQ(ApiWorld::json(world.get("/runs")).size(), 0u);
}

TEST(StartRun, AMissingAliasAndAnUnknownCredentialAreBadRequests) {
  ApiWorld world(served_scenario());
  const HttpReply missing =
      world.post("/run", R"({"workflow_id":"claims","run_input_variables":{}})");
  EXPECT_EQ(missing.status, 400u);
  EXPECT_EQ(ApiWorld::json(missing)["message"], "Validation failed for run_input_variables");
  const HttpReply unknown =
      world.post("/run", R"({"workflow_id":"claims","run_input_variables":{"USER":"nobody"}})");
  EXPECT_EQ(unknown.status, 400u);
  EXPECT_NE(unknown.body.find("Credentials for nobody and domain"), std::string::npos);
  EXPECT_EQ(
      world.post("/run", R"({"workflow_id":"claims","run_input_variables":{"USER":[]}})").status,
      400u);
}

TEST(StartRun, APoolLeavesOutThoseThatNobodyKnows) {
  ApiWorld world(served_scenario());
  const std::string run = world.start("claims", R"({"USER":["nobody","portal-2","portal-3"]})");
  world.pass(1_s);
  EXPECT_EQ(world.result(run)["vault_entries"]["USER"]["permissioned_user_id"], "portal-2");
}

TEST(StartRun, PooledRunsTakeTheMembersInTurn) {
  ApiWorld world(served_scenario(3));
  std::vector<std::string> runs;
  for (int i = 0; i < 3; ++i)
    runs.push_back(world.start("claims", R"({"USER":["portal-3","portal-1","portal-2"]})"));
  world.pass(1_s);
  const auto used = [&](std::size_t i) {
    return world.result(runs[i])["vault_entries"]["USER"]["permissioned_user_id"];
  };
  EXPECT_EQ(used(0), "portal-3");
  EXPECT_EQ(used(1), "portal-1");
  EXPECT_EQ(used(2), "portal-2");
}

TEST(StartRun, NeedsAKey) {
  ApiWorld world(served_scenario());
  world.workspace = "stranger";
  const HttpReply reply = world.post("/run", R"({"workflow_id":"plain","run_input_variables":{}})");
  EXPECT_EQ(reply.status, 401u);
  EXPECT_EQ(ApiWorld::json(reply)["code"], "UNAUTHENTICATED");
}

TEST(StartRun, APinnedVersionThatIsNotThereIsNotFound) {
  ApiWorld world(served_scenario());
  const HttpReply reply = world.post("/run", R"({"workflow_id":"plain","run_input_variables":{},)"
                                             R"("workflow_version":7})");
  EXPECT_EQ(reply.status, 404u);
  EXPECT_EQ(ApiWorld::json(reply)["message"], "Version 7 of workflow plain not found");
  world.start("plain", "{}", R"("workflow_version":1)");
}

TEST(StartRun, ARunOfTheScenarioSaysWhoseItIs) {
  ApiWorld world(served_scenario());
  const auto post = [&](const std::string& run) {
    return world.call("POST", "/run", R"({"workflow_id":"plain","run_input_variables":{}})",
                      {{"X-Sluice-Run", run}});
  };
  EXPECT_EQ(post("nobody/3").status, 400u);
  EXPECT_EQ(post("nobody").status, 400u);
}

TEST(StartRun, TheAnswerWaitsForTheScenariosLatency) {
  Scenario scenario = served_scenario();
  scenario.pipeline.api.latency = Distribution::constant(0.25);
  ApiWorld world(scenario);
  const HttpReply reply = world.post("/run", R"({"workflow_id":"plain","run_input_variables":{}})");
  EXPECT_EQ(reply.send_at, Time::zero() + 250_ms);
  const auto run = ApiWorld::json(reply)["session_id"].get<std::string>();
  EXPECT_EQ(world.status(run), "execution.queued");
  world.pass(200_ms);
  EXPECT_EQ(world.status(run), "execution.queued");
  world.pass(50_ms);
  EXPECT_EQ(world.status(run), "execution.start");
}

TEST(StartRun, TheScenariosErrorsAreServerErrors) {
  Scenario scenario = served_scenario();
  scenario.pipeline.api.error_rate = 1;
  ApiWorld world(scenario);
  const HttpReply reply = world.post("/run", R"({"workflow_id":"plain","run_input_variables":{}})");
  EXPECT_EQ(reply.status, 500u);
  EXPECT_EQ(ApiWorld::json(reply)["statusCode"], 500);
  EXPECT_EQ(ApiWorld::json(world.get("/runs")).size(), 0u);
}

// ---- rate limits

struct Limited : ::testing::Test {
  Limited() {
    Scenario scenario = served_scenario();
    scenario.pipeline.api.rate_limits = {{1_s, 2}, {60_s, 5}};
    world.emplace(scenario);
  }
  std::optional<ApiWorld> world;
};

TEST_F(Limited, EveryRequestCountsAndEveryGoodAnswerSaysWhatIsLeft) {
  const HttpReply first = world->get("/runs");
  EXPECT_EQ(ApiWorld::header(first, "X-RateLimit-Limit"), "2");
  EXPECT_EQ(ApiWorld::header(first, "X-RateLimit-Remaining"), "1");
  EXPECT_EQ(ApiWorld::header(first, "X-RateLimit-Reset"), "1");
  const HttpReply second =
      world->post("/run", R"({"workflow_id":"plain","run_input_variables":{}})");
  EXPECT_EQ(second.status, 201u);
  EXPECT_EQ(ApiWorld::header(second, "X-RateLimit-Remaining"), "0");

  const HttpReply third =
      world->post("/run", R"({"workflow_id":"plain","run_input_variables":{}})");
  EXPECT_EQ(third.status, 429u);
  EXPECT_EQ(third.body,
            R"({"statusCode":429,"error":"Too Many Requests","message":"Too Many Requests",)"
            R"("limit":2,"remaining":0,"retryAfterSeconds":1})");
  EXPECT_EQ(ApiWorld::header(third, "Retry-After"), "1");
  EXPECT_EQ(ApiWorld::header(third, "X-RateLimit-Limit"), "2");
  EXPECT_EQ(ApiWorld::header(third, "X-RateLimit-Remaining"), "0");
  EXPECT_EQ(ApiWorld::header(third, "X-RateLimit-Reset"), "1");
  EXPECT_EQ(world->get("/runs").status, 429u);
  world->pass(1_s);
  EXPECT_EQ(world->get("/runs").status, 200u) << "refused requests do not count";
}

TEST_F(Limited, TheWindowWithTheLongestWaitIsNamed) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(world->get("/runs").status, 200u);
    world->pass(1_s);
  }
  const HttpReply reply = world->get("/runs");
  EXPECT_EQ(ApiWorld::json(reply)["limit"], 5);
  EXPECT_EQ(ApiWorld::header(reply, "Retry-After"), "55");
}

TEST_F(Limited, BadRequestsCountAndWorkspacesDoNotShare) {
  for (int i = 0; i < 2; ++i) EXPECT_EQ(world->post("/run", "x").status, 400u);
  EXPECT_EQ(world->post("/run", "x").status, 429u);
  world->workspace = "tenant";
  EXPECT_EQ(world->get("/runs").status, 200u);
}

TEST_F(Limited, StreamsDoNotCount) {
  for (int i = 0; i < 9; ++i) EXPECT_EQ(world->get("/run/clients/c/events").status, 200u);
}

TEST_F(Limited, RequestsOfNobodyCountByAddress) {
  world->workspace = "stranger";
  for (int i = 0; i < 2; ++i) EXPECT_EQ(world->get("/runs").status, 401u);
  EXPECT_EQ(world->get("/runs").status, 429u);
  world->peer = "192.0.2.2";
  EXPECT_EQ(world->get("/runs").status, 401u);
}

}  // namespace
}  // namespace sluice::test
