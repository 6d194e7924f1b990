// A run's life as a client sees it: statuses, events, results, errors (contract 2).
#include <gtest/gtest.h>

#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

using namespace literals;

constexpr const char* kClient = R"("client_id":"c")";
constexpr const char* kPortal = R"({"USER":"portal-1"})";

/// An api whose client `c` listens.
struct Listening {
  explicit Listening(const Scenario& scenario) : world(scenario) {
    const HttpReply reply = world.get("/run/clients/c/events");
    EXPECT_EQ(reply.content_type, "text/event-stream");
    world.api->open_stream(world.now, reply.stream_of, frames);
  }
  const Json& payload(std::size_t event) { return frames.frames[event + 1]["data"]["payload"]; }
  ApiWorld world;
  KeptFrames frames;
};

TEST(RunLife, FromTheQueueToSuccess) {
  Listening l(served_scenario(1));
  const std::string first = l.world.start();
  EXPECT_EQ(l.world.status(first), "execution.queued");
  const std::string second = l.world.start("plain", R"({"k":"v"})", kClient);
  l.world.pass(1_s);
  EXPECT_EQ(l.world.status(first), "execution.start");
  EXPECT_EQ(l.world.status(second), "execution.queued");
  EXPECT_EQ(l.frames.events(), "queued");
  l.world.pass(30_s);

  const Json result = l.world.result(second);
  EXPECT_EQ(result["status"], "execution.success");
  EXPECT_EQ(result["input_variables"], Json({{"k", "v"}}));
  EXPECT_TRUE(result["data"].is_object());
  EXPECT_EQ(result["data"], result["output_data"]);
  EXPECT_EQ(result["errors"], Json::array());
  EXPECT_EQ(result["session_retries"], 0);
  EXPECT_TRUE(result["vault_entries"].is_null());
  EXPECT_TRUE(result["encrypted_variables"].is_null());
  EXPECT_TRUE(result["end_reason"].is_null());
  EXPECT_EQ(l.frames.events(), "queued start step step screenshot.uploaded success video.uploaded");
  EXPECT_EQ(l.payload(0)["session_id"], second);
}

TEST(RunLife, StepsAreToldAtTheirTimes) {
  Listening l(served_scenario());
  l.world.start("plain", "{}", kClient);
  l.world.pass(4_s);
  EXPECT_EQ(l.frames.events(), "queued start step");
  l.world.pass(1_s);
  EXPECT_EQ(l.frames.events(), "queued start step step");
}

TEST(RunLife, AFailureWithRetriesLeftIsRequeued) {
  Scenario scenario = served_scenario();
  WorkflowConfig& workflow = scenario.pipeline.workflows[0];
  workflow.failures = {{"service-unavailable", 1.0, true}};
  workflow.max_retries = 1;
  workflow.backoff.base = 20_s;
  Listening l(scenario);
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(15_s);
  EXPECT_EQ(l.world.status(run), "execution.requeued");
  l.world.pass(15_s);
  EXPECT_EQ(l.world.status(run), "execution.start");
  l.world.pass(60_s);
  const Json result = l.world.result(run);
  EXPECT_EQ(result["status"], "execution.failed");
  EXPECT_EQ(result["session_retries"], 1);
  EXPECT_EQ(result["errors"].size(), 2u);
  EXPECT_EQ(result["errors"][0]["llm_error_category"], "SERVICE_UNAVAILABLE");
  EXPECT_EQ(result["errors"], result["workflow_errors"]);
  EXPECT_EQ(result["was_recovered"], false);
  EXPECT_EQ(result["end_reason"], "failure");
  EXPECT_TRUE(result["data"].is_null());
}

TEST(RunLife, AnInterruptStopsWithinTheSameInstant) {
  Listening l(served_scenario(1));
  const std::string running = l.world.start("plain", "{}", kClient);
  const std::string waiting = l.world.start("plain", "{}", kClient);
  l.world.pass(2_s);
  for (const std::string& run : {running, waiting}) {
    const HttpReply reply = l.world.post("/run/" + run + "/interrupt");
    EXPECT_EQ(reply.status, 200u);
    EXPECT_EQ(reply.body, R"({"success":true,"message":"Run interrupt triggered"})");
  }
  EXPECT_EQ(l.world.status(running), "execution.start") << "an interrupt is only triggered";
  EXPECT_LE(l.world.api->next_due(), l.world.now);
  l.world.pass({});
  EXPECT_EQ(l.world.status(running), "execution.stopped");
  EXPECT_EQ(l.world.status(waiting), "execution.stopped");
  EXPECT_EQ(l.world.result(running)["end_reason"], "interrupted");

  const HttpReply again = l.world.post("/run/" + running + "/interrupt");
  EXPECT_EQ(again.status, 200u);
  EXPECT_EQ(ApiWorld::json(again)["success"], false);
  l.world.pass(60_s);
  EXPECT_EQ(l.world.status(running), "execution.stopped");
}

TEST(RunLife, AnInterruptBeforeTheAnswerStopsTheRunOnceItIsAccepted) {
  Scenario scenario = served_scenario();
  scenario.pipeline.api.latency = Distribution::constant(1);
  ApiWorld world(scenario);
  const std::string run = world.start();
  EXPECT_EQ(world.post("/run/" + run + "/interrupt").status, 200u);
  world.pass(500_ms);
  EXPECT_EQ(world.status(run), "execution.queued");
  world.pass(500_ms);
  EXPECT_EQ(world.status(run), "execution.stopped");
}

TEST(RunLife, APausedWorkflowPausesItsRunsBeforeTheyStart) {
  Listening l(served_scenario());
  EXPECT_EQ(l.world.post("/_sluice/workflows/plain/pause").status, 200u);
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(5_s);
  EXPECT_EQ(l.world.status(run), "execution.paused");
  EXPECT_EQ(l.frames.events(), "queued paused");
  l.world.post("/_sluice/workflows/plain/resume");
  l.world.pass(1_s);
  EXPECT_EQ(l.world.status(run), "execution.start");
}

TEST(RunLife, AFailedLoginStopsTheOthersOnTheCredential) {
  Scenario scenario = served_scenario();
  CredentialConfig& portal = scenario.pipeline.credentials[0];
  portal.allow_multiple_sessions = true;
  portal.login = LoginConfig{Distribution::constant(3), 1.0};
  Listening l(scenario);
  const std::string culprit = l.world.start("claims", kPortal, kClient);
  l.world.pass(1_s);
  const std::string sibling = l.world.start("claims", kPortal, kClient);
  l.world.pass(9_s);
  const Json failed = l.world.result(culprit);
  EXPECT_EQ(failed["status"], "execution.failed");
  EXPECT_EQ(failed["errors"][0]["llm_error_category"], "AUTHENTICATION_ERROR");
  const Json stopped = l.world.result(sibling);
  EXPECT_EQ(stopped["status"], "execution.stopped");
  EXPECT_EQ(stopped["errors"][0]["error_code"], "INTERRUPTED-E0002");
  bool told = false;
  for (const Json& frame : l.frames.frames)
    if (frame.contains("data") && frame["data"]["event"] == "execution.stopped") {
      told = true;
      EXPECT_EQ(frame["data"]["payload"]["session_id"], sibling);
      EXPECT_EQ(frame["data"]["payload"]["session_causing_error"], culprit);
    }
  EXPECT_TRUE(told);
}

// ---- people

Scenario asking_scenario(double answer_after = 100) {
  Scenario scenario = served_scenario();
  scenario.pipeline.workflows[0].interaction =
      InteractionConfig{1, Distribution::constant(answer_after), 30_s};
  return scenario;
}

TEST(Interaction, AnAnswerLetsTheRunGoOnAtOnce) {
  Listening l(asking_scenario());
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(9_s);
  EXPECT_EQ(l.world.post("/run/" + run + "/user_interaction", R"({"answer":"x"})").status, 409u);
  l.world.pass(3_s);
  EXPECT_EQ(l.world.status(run), "execution.start");
  EXPECT_EQ(l.frames.events(), "queued start step step interaction.waiting");
  const HttpReply reply = l.world.post("/run/" + run + "/user_interaction", R"({"answer":"x"})");
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(ApiWorld::json(reply), Json({{"session_id", run}, {"success", true}}));
  l.world.pass({});
  EXPECT_EQ(l.world.status(run), "execution.success");
  EXPECT_EQ(l.world.post("/run/" + run + "/user_interaction", R"({"answer":"x"})").status, 409u);
}

TEST(Interaction, ABadAnswerFailsIt) {
  Listening l(asking_scenario());
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(12_s);
  EXPECT_EQ(l.world.post("/run/" + run + "/user_interaction", "7").status, 400u);
  EXPECT_EQ(l.world.status(run), "execution.start");
  EXPECT_EQ(l.world.post("/run/" + run + "/user_interaction", R"({"answer":7})").status, 400u);
  l.world.pass({});
  EXPECT_EQ(l.world.status(run), "execution.failed");
  EXPECT_NE(l.frames.events().find("interaction.failed"), std::string::npos);
}

TEST(Interaction, NobodyAnswersInTime) {
  Listening l(asking_scenario());
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(60_s);
  EXPECT_EQ(l.world.result(run)["end_reason"], "interaction_timeout");
  EXPECT_NE(l.frames.events().find("interaction.waiting interaction.failed"), std::string::npos);
}

TEST(Interaction, TheScenariosPersonAnswers) {
  Scenario scenario = asking_scenario(5);
  scenario.serve.people = true;
  Listening l(scenario);
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(60_s);
  EXPECT_EQ(l.world.status(run), "execution.success");
  EXPECT_NE(l.frames.events().find("interaction.waiting interaction.finished"), std::string::npos);
}

TEST(Interaction, NewInputVariablesAnswerAnInputRequired) {
  Scenario scenario = asking_scenario();
  scenario.serve.workflows[0].interaction.kind = ServedInteraction::Kind::input_required;
  Listening l(scenario);
  const std::string run = l.world.start("plain", "{}", kClient);
  const std::string path = "/run/" + run + "/new_input_variables";
  EXPECT_EQ(l.world.post(path, R"({"input_variables":{"a":1}})").status, 400u) << "not yet";
  l.world.pass(12_s);
  EXPECT_NE(l.frames.events().find("input_required"), std::string::npos);
  EXPECT_EQ(l.world.post(path, R"({})").status, 400u);
  EXPECT_EQ(l.world.post(path, R"({"modal_action":"a","chosen_option":"b"})").status, 400u);
  EXPECT_EQ(l.world.post("/run/" + run + "/user_interaction", R"({"answer":"x"})").status, 409u);
  EXPECT_EQ(l.world.post(path, R"({"chosen_option":"b","save_decision":true})").status, 200u);
  l.world.pass({});
  EXPECT_EQ(l.world.status(run), "execution.success");
  EXPECT_EQ(l.world.post(path, R"({"modal_action":"a"})").status, 400u);
}

}  // namespace
}  // namespace sluice::test
