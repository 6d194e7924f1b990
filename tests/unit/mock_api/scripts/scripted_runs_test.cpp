// Runs whose outcome a test sets, through the API and the pipeline behind it.
#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

using namespace ::testing;
using namespace literals;

Scenario with_logins() {
  Scenario scenario = served_scenario();
  for (CredentialConfig& credential : scenario.pipeline.credentials)
    credential.login = LoginConfig{Distribution::constant(2), 0},
    credential.allow_multiple_sessions = true;
  for (WorkflowConfig& workflow : scenario.pipeline.workflows) {
    workflow.steps = 4;
    workflow.max_retries = 2;
    workflow.backoff = {Duration::from_seconds(5), 1, Duration::from_seconds(5), 0};
  }
  return scenario;
}

class AScriptedRun : public Test {
 protected:
  std::string start(const std::string& script, const std::string& workflow = "plain",
                    const std::string& inputs = "{}") {
    const HttpReply reply = post_run(script, workflow, inputs);
    EXPECT_EQ(reply.status, 201u) << reply.body;
    return reply.status == 201 ? ApiWorld::json(reply)["session_id"].get<std::string>() : "";
  }
  HttpReply post_run(const std::string& script, const std::string& workflow = "plain",
                     const std::string& inputs = "{}", const std::string& more = "") {
    ApiWorld::Headers headers;
    if (!script.empty()) headers.emplace_back("x-sluice-script", script);
    return world_->call(
        "POST", "/run",
        R"({"workflow_id":")" + workflow + R"(","run_input_variables":)" + inputs + more + "}",
        headers);
  }
  Json error_of(const std::string& run) { return world_->result(run)["errors"].at(0); }
  Json admin(const std::string& path) { return ApiWorld::json(world_->get("/_sluice/" + path)); }

  void serve(const Scenario& scenario) { world_ = std::make_unique<ApiWorld>(scenario); }

  std::unique_ptr<ApiWorld> world_ = std::make_unique<ApiWorld>(with_logins());
};

TEST_F(AScriptedRun, fails_where_and_with_the_words_it_is_told) {
  const std::string run = start(R"({"outcome":"fail","step":3,"category":"AUTHENTICATION_ERROR",)"
                                R"("sub_type":"MFA_CODE_REJECTED",)"
                                R"("error_code":"MFA-E0007","message":"The code was refused"})");
  world_->pass(7400_ms);
  EXPECT_EQ(world_->status(run), "execution.start");
  world_->pass(200_ms);  // 3 of 4 steps of 10 s
  EXPECT_EQ(world_->status(run), "execution.failed");
  const Json error = error_of(run);
  EXPECT_EQ(error["llm_error_category"], "AUTHENTICATION_ERROR");
  EXPECT_EQ(error["llm_error_sub_type"], "MFA_CODE_REJECTED");
  EXPECT_EQ(error["error_code"], "MFA-E0007");
  EXPECT_EQ(error["message"], "The code was refused");
  EXPECT_EQ(error["action_display_name"], "Step 3");
  EXPECT_THAT(world_->result(run)["data"], Json(nullptr));
}

TEST_F(AScriptedRun, takes_as_long_and_puts_out_what_it_is_told) {
  const std::string run =
      start(R"({"takes":"3s","output":{"claims":[1,2]}})", "claims", R"({"USER":"portal-1"})");
  world_->pass(4900_ms);  // 2 s for the login
  EXPECT_EQ(world_->status(run), "execution.start");
  world_->pass(200_ms);
  EXPECT_EQ(world_->status(run), "execution.success");
  EXPECT_EQ(world_->result(run)["data"].dump(), R"({"claims":[1,2]})");
  EXPECT_EQ(world_->result(run)["vault_entries"]["USER"]["permissioned_user_id"], "portal-1");
}

TEST_F(AScriptedRun, is_retried_and_succeeds) {
  const std::string run = start("success; retries=2; takes=1s; sub_type=HTTP_ERROR");
  world_->pass(1_s);
  EXPECT_EQ(world_->status(run), "execution.requeued");
  EXPECT_EQ(error_of(run)["llm_error_category"], "SERVICE_UNAVAILABLE");
  EXPECT_EQ(error_of(run)["llm_error_sub_type"], "HTTP_ERROR");
  world_->pass(12_s);
  EXPECT_EQ(world_->status(run), "execution.success");
  EXPECT_EQ(world_->result(run)["session_retries"], 2);
  EXPECT_EQ(world_->result(run)["was_recovered"], true);
  EXPECT_EQ(world_->result(run)["errors"].size(), 2u);
}

TEST_F(AScriptedRun, fails_for_an_outer_reason_as_long_as_it_is_retried) {
  const std::string run = start("fail; retries=1; takes=1s");
  world_->pass(1_s);
  EXPECT_EQ(world_->status(run), "execution.requeued");
  EXPECT_EQ(error_of(run)["llm_error_category"], "SERVICE_UNAVAILABLE");
  world_->pass(12_s);
  EXPECT_EQ(world_->status(run), "execution.failed");
  EXPECT_EQ(world_->result(run)["errors"].at(1)["llm_error_category"], "UNEXPECTED_UI_STATE");
}

TEST_F(AScriptedRun, has_no_more_retries_than_its_workflow) {
  const std::string run = start("success; retries=3; takes=1s");
  world_->pass(60_s);
  EXPECT_EQ(world_->status(run), "execution.failed");
  EXPECT_EQ(world_->result(run)["session_retries"], 2);
}

TEST_F(AScriptedRun, times_out) {
  const std::string run = start("timeout; takes=2s");
  world_->pass(2_s);
  EXPECT_EQ(world_->status(run), "execution.failed");
  EXPECT_EQ(error_of(run)["error_code"], "TIMEOUT-E0001");
}

TEST_F(AScriptedRun, fails_to_log_in_and_stops_those_with_the_same_credential) {
  const std::string sibling = start("success", "claims", R"({"USER":"portal-1"})");
  world_->pass(1_s);
  const std::string run = start("login_fails", "claims", R"({"USER":"portal-1"})");
  world_->pass(2500_ms);
  EXPECT_EQ(world_->status(run), "execution.failed");
  EXPECT_EQ(error_of(run)["llm_error_category"], "AUTHENTICATION_ERROR");
  EXPECT_EQ(world_->status(sibling), "execution.stopped");
  const std::string alone = start("login_fails; message=Locked");
  world_->pass(1_s);
  EXPECT_EQ(error_of(alone)["message"], "Locked");
}

TEST_F(AScriptedRun, asks_a_person_and_goes_on_with_the_answer) {
  const std::string run =
      start(R"({"takes":"8s","asks":{"step":2,"message":"Which one?","timeout":"1m","schema":)"
            R"({"type":"object","properties":{"claim":{"type":"string"}},"required":["claim"]}}})");
  world_->pass(4_s);
  EXPECT_EQ(world_->status(run), "execution.start");
  EXPECT_THAT(world_->story(run).back(), "waits for a person");
  EXPECT_EQ(world_->post("/run/" + run + "/user_interaction", R"({"claim":"C-1"})").status, 200u);
  world_->pass(3900_ms);  // the other two steps
  EXPECT_EQ(world_->status(run), "execution.start");
  world_->pass(200_ms);
  EXPECT_EQ(world_->status(run), "execution.success");
}

TEST_F(AScriptedRun, tells_of_every_step_around_its_question) {
  KeptFrames frames;
  const HttpReply opened = world_->get("/run/clients/me/events");
  world_->api->open_stream(world_->now, opened.stream_of, frames);
  const HttpReply started = post_run(R"({"takes":"8s","asks":{"step":2,"timeout":"1m"}})", "plain",
                                     "{}", R"(,"client_id":"me")");
  const std::string run = ApiWorld::json(started)["session_id"];
  world_->pass(5_s);
  world_->post("/run/" + run + "/user_interaction", R"({"answer":"yes"})");
  world_->pass(10_s);
  std::vector<std::string> steps;
  std::string asked_at;
  for (const Json& frame : frames.frames) {
    if (!frame.contains("data")) continue;
    const Json& data = frame["data"];
    if (data["event"] == "execution.step") steps.push_back(data["payload"]["current_step"]);
    if (data["event"] == "interaction.waiting") asked_at = data["payload"]["current_step"];
  }
  EXPECT_THAT(steps, ElementsAre("Step 1", "Step 2", "Step 3", "Step 4"));
  EXPECT_EQ(asked_at, "Step 2");
}

TEST_F(AScriptedRun, that_nobody_answers_fails) {
  const std::string run =
      start(R"({"takes":"4s","asks":{"kind":"input_required","timeout":"6s"}})");
  world_->pass(9_s);
  EXPECT_EQ(world_->post("/run/" + run + "/user_interaction", R"({"answer":"x"})").status, 409u);
  world_->pass(1_s);
  EXPECT_EQ(world_->status(run), "execution.failed");
  EXPECT_EQ(error_of(run)["error_code"], "INTERACTION-E0001");
}

TEST_F(AScriptedRun, waits_like_any_other) {
  serve(served_scenario(1));
  const std::string first = start("takes=10s"), second = start("fail; takes=1s");
  world_->pass(10500_ms);
  EXPECT_EQ(world_->status(first), "execution.success");
  EXPECT_EQ(world_->status(second), "execution.start");
  world_->pass(1_s);
  EXPECT_EQ(world_->status(second), "execution.failed");
}

TEST_F(AScriptedRun, is_told_by_a_magic_input_that_nobody_else_sees) {
  const std::string run =
      start("", "claims", R"({"USER":"portal-1","sluice_script":"fail; takes=1s"})");
  world_->pass(4_s);
  EXPECT_EQ(world_->status(run), "execution.failed");
  EXPECT_EQ(world_->result(run)["input_variables"].dump(), R"({"USER":"portal-1"})");
  const std::string object = start("", "plain", R"({"sluice_script":{"takes":"1s"}})");
  world_->pass(1_s);
  EXPECT_EQ(world_->status(object), "execution.success");
  const HttpReply context =
      post_run("", "plain", "{}", R"(,"additional_context":{"sluice_script":"fail; takes=1s"})");
  world_->pass(1_s);
  EXPECT_EQ(world_->status(ApiWorld::json(context)["session_id"]), "execution.failed");
}

TEST_F(AScriptedRun, is_told_by_an_input_where_the_schema_is_closed) {
  Scenario closed = with_logins();
  closed.serve.workflows[0].input_schema =
      R"({"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false})";
  serve(closed);
  EXPECT_EQ(post_run("", "plain", R"({"b":"1"})").status, 400u);
  const std::string run = start("", "plain", R"({"a":"1","sluice_script":"fail; takes=1s"})");
  world_->pass(1_s);
  EXPECT_EQ(world_->status(run), "execution.failed");
}

TEST_F(AScriptedRun, is_told_by_a_rule_so_often) {
  const HttpReply rule = world_->post(
      "/_sluice/scripts", R"({"match":{"workflow":"claims","priority":"HIGH","workspace":"acme",)"
                          R"("inputs":{"n":{"a":1}}},)"
                          R"("times":1,"script":{"outcome":"fail","takes":"1s"}})");
  ASSERT_EQ(rule.status, 201u) << rule.body;
  const auto claim = [&](const char* inputs, const char* level) {
    return ApiWorld::json(post_run(
        "", "claims", inputs, R"(,"priority_level":")" + std::string(level) + '"'))["session_id"]
        .get<std::string>();
  };
  const std::string low = claim(R"({"USER":"portal-1","n":{"a":1}})", "LOW");
  const std::string other = claim(R"({"USER":"portal-2","n":{"a":2}})", "HIGH");
  const std::string hit = claim(R"({"USER":"portal-2","n":{"a":1,"b":2}})", "HIGH");
  const std::string spent = claim(R"({"USER":"portal-3","n":{"a":1}})", "HIGH");
  world_->pass(120_s);
  EXPECT_EQ(world_->status(hit), "execution.failed");
  for (const std::string& run : {low, other, spent})
    EXPECT_EQ(world_->status(run), "execution.success");
  const Json story = admin("runs/" + hit);
  EXPECT_EQ(story["script"]["by"], "rule 1");
  EXPECT_EQ(story["story"][1]["text"], "scripted by rule 1: fails at the last step, takes 1s");
  EXPECT_EQ(admin("scripts")[0]["struck"], 1);
  EXPECT_EQ(admin("scripts")[0]["left"], 0);
  EXPECT_EQ(admin("requests?method=POST&path=/run&limit=2")["requests"][1]["script"], "rule 1");
  EXPECT_EQ(admin("requests?method=POST&path=/run&limit=2")["requests"][0]["script"],
            Json(nullptr));
}

TEST_F(AScriptedRun, comes_before_a_rule_and_spends_none) {
  world_->post("/_sluice/scripts", R"({"times":1,"script":"fail; takes=1s"})");
  EXPECT_EQ(post_run("", "nothing").status, 404u);  // refused: not struck
  const std::string own = start("success; takes=1s"), next = start("");
  world_->pass(2_s);
  EXPECT_EQ(world_->status(own), "execution.success");
  EXPECT_EQ(world_->status(next), "execution.failed");
  EXPECT_EQ(admin("runs/" + own)["script"]["by"], "X-Sluice-Script");
}

TEST_F(AScriptedRun, by_a_rule_has_the_steps_of_its_workflow) {
  world_->post("/_sluice/scripts", R"({"times":1,"script":"fail; step=5"})");
  const HttpReply refused = post_run("");
  EXPECT_EQ(refused.status, 400u);
  EXPECT_THAT(refused.body, HasSubstr("rule 1: there is no step 5, the workflow has 4"));
  EXPECT_EQ(admin("scripts")[0]["struck"], 0) << "nothing was started";
  EXPECT_EQ(ApiWorld::json(world_->get("/runs")).size(), 0u);
}

TEST_F(AScriptedRun, rules_are_listed_and_removed) {
  for (int i = 0; i < 2; ++i) world_->post("/_sluice/scripts", R"({"script":"fail"})");
  EXPECT_EQ(admin("scripts").size(), 2u);
  EXPECT_EQ(world_->call("DELETE", "/_sluice/scripts/1").status, 200u);
  EXPECT_EQ(world_->call("DELETE", "/_sluice/scripts/1").status, 404u);
  EXPECT_EQ(admin("scripts")[0]["id"], "2");
  EXPECT_EQ(world_->call("DELETE", "/_sluice/scripts").status, 200u);
  EXPECT_EQ(admin("scripts").size(), 0u);
  world_->post("/_sluice/scripts", R"({"script":"fail"})");
  world_->post("/_sluice/reset");
  EXPECT_EQ(admin("scripts").size(), 0u);
}

TEST_F(AScriptedRun, that_is_wrong_is_refused) {
  for (const char* script : {"explode", "fail; step=5", "{", R"({"asks":{"step":5}})"})
    EXPECT_EQ(post_run(script).status, 400u) << script;
  EXPECT_EQ(post_run("", "plain", R"({"sluice_script":"explode"})").status, 400u);
  for (const char* rule :
       {"{}", "[]", R"({"script":"explode"})", R"({"script":"fail","times":0})",
        R"({"script":"fail","match":{"worfklow":"x"}})",
        R"({"script":"fail","match":{"priority":"URGENT"}})", R"({"script":"fail","more":1})"})
    EXPECT_EQ(world_->post("/_sluice/scripts", rule).status, 400u) << rule;
  EXPECT_EQ(world_->call("PUT", "/_sluice/scripts").status, 405u);
}

TEST(WithoutAdminApi, no_run_is_scripted) {
  ApiWorld world(served_scenario(), false);
  const std::string run = world.start("plain", R"({"sluice_script":"fail; takes=1s"})");
  world.pass(10_s);
  EXPECT_EQ(world.status(run), "execution.success");
  EXPECT_EQ(world.result(run)["input_variables"]["sluice_script"], "fail; takes=1s");
  EXPECT_EQ(world
                .call("POST", "/run", R"({"workflow_id":"plain","run_input_variables":{}})",
                      {{"X-Sluice-Script", "fail"}})
                .status,
            400u);
}

}  // namespace
}  // namespace sluice::test
