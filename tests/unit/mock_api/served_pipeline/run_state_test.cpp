// What clients read of a run is of the moment and of the node at which it is.
#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "tests/unit/mock_api/heard.hpp"

namespace sluice::test {
namespace {

using namespace ::testing;
using namespace literals;

Json graph(ApiWorld& world, const std::string& workflow = "plain") {
  return ApiWorld::json(world.get("/workflows/" + workflow));
}

/// Nodes by their names.
std::map<std::string, Json> nodes_of(const Json& workflow) {
  std::map<std::string, Json> nodes;
  for (const Json& node : workflow["nodes"]) nodes[node["name"]] = node;
  return nodes;
}

void put(ApiWorld& world, const Json& graph, const std::string& workflow = "plain") {
  Json body = Json::object();
  for (const char* key :
       {"nodes", "edges", "name", "input_schema", "output_schema", "max_retries", "vault_schema"})
    body[key] = graph[key];
  const HttpReply reply = world.call("PUT", "/workflows/" + workflow, body.dump());
  ASSERT_EQ(reply.status, 200u) << reply.body;
}

Scenario asking(std::uint32_t steps = 2, Duration timeout = 30_s) {
  Scenario scenario = served_scenario();
  WorkflowConfig& workflow = scenario.pipeline.workflows[0];
  workflow.steps = steps;
  workflow.interaction = InteractionConfig{1, Distribution::constant(3), timeout};
  return scenario;
}

// ---- people

TEST(People, AnswerOnlyWhereTheScenarioAsksForThem) {
  Heard without(asking());
  const std::string waits = without.world.start();
  without.world.pass(35_s);
  EXPECT_EQ(without.world.status(waits), "execution.start");
  without.world.pass(6_s);
  EXPECT_EQ(without.world.result(waits)["end_reason"], "interaction_timeout");

  Scenario scenario = asking();
  scenario.serve.people = true;
  Heard with(scenario);
  const std::string answered = with.world.start();
  with.world.pass(14_s);
  EXPECT_EQ(with.world.status(answered), "execution.success");
}

TEST(People, WithoutAnyAndWithoutATimeoutARunWaitsForItsClient) {
  Heard l(asking(2, Duration::max()));
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(Duration::from_seconds(86'400 * 14));
  EXPECT_EQ(l.world.status(run), "execution.start");
  EXPECT_EQ(l.payloads("interaction.waiting").size(), 1u);
  EXPECT_EQ(l.world.post("/run/" + run + "/user_interaction", R"({"answer":"x"})").status, 200u);
  l.world.pass({});
  EXPECT_EQ(l.world.status(run), "execution.success");
}

TEST(People, OfRunsThatAreDrawnToFailNobodyIsAsked) {
  Scenario scenario = asking();
  scenario.pipeline.workflows[0].failures = {{"XPATH_INCORRECT", 1.0, false}};
  Heard l(scenario);
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(11_s);
  EXPECT_EQ(l.world.result(run)["end_reason"], "failure");
  EXPECT_TRUE(l.payloads("interaction.waiting").empty());
}

TEST(InputRequired, WaitsAsLongAsTheServiceSays) {
  for (const bool people : {false, true}) {
    Scenario scenario = asking(1, 40_s);
    scenario.pipeline.workflows[0].interaction->answer_after = Distribution::constant(3600);
    scenario.serve.workflows[0].interaction.kind = ServedInteraction::Kind::input_required;
    scenario.serve.people = people;
    scenario.serve.input_required_timeout = 6_s;
    Heard l(scenario);
    const std::string run = l.world.start("plain", "{}", kClient);
    l.world.pass(15_s);
    EXPECT_EQ(l.payloads("execution.input_required").size(), 1u);
    EXPECT_EQ(l.world.status(run), "execution.start");
    l.world.pass(1_s);
    EXPECT_EQ(l.world.result(run)["end_reason"], "interaction_timeout");
    EXPECT_EQ(
        l.world.post("/run/" + run + "/new_input_variables", R"({"modal_action":"a"})").status,
        400u);
  }
}

TEST(InputRequired, WaitsFifteenSecondsUnlessSaidOtherwise) {
  Scenario scenario = asking(1, 40_s);
  scenario.serve.workflows[0].interaction.kind = ServedInteraction::Kind::input_required;
  ApiWorld world(scenario);
  const std::string run = world.start();
  world.pass(24_s);
  EXPECT_EQ(world.status(run), "execution.start");
  world.pass(1_s);
  EXPECT_EQ(world.status(run), "execution.failed");
}

TEST(Interrupted, ARunThatWaitedForItsClientTakesNoAnswerAnyMore) {
  ApiWorld world(asking());
  const std::string run = world.start();
  world.pass(12_s);
  world.post("/run/" + run + "/interrupt");
  world.pass({});
  EXPECT_EQ(world.status(run), "execution.stopped");
  EXPECT_EQ(world.post("/run/" + run + "/user_interaction", R"({"answer":"x"})").status, 409u);
  EXPECT_EQ(world.result(run)["errors"][0]["action_type"], "USER_INTERACTION");
}

// ---- steps

/// Whatever the number of steps, a question comes at the node that asks.
TEST(CurrentStep, OfAQuestionIsTheNodeThatAsks) {
  for (std::uint32_t steps = 1; steps <= 7; ++steps) {
    Heard l(asking(steps));
    l.world.start("plain", "{}", kClient);
    l.world.pass(60_s);
    const auto nodes = nodes_of(graph(l.world));
    for (const char* event : {"interaction.waiting", "interaction.failed"}) {
      const auto told = l.payloads(event);
      ASSERT_EQ(told.size(), 1u) << event;
      EXPECT_EQ(nodes.at(told[0]["current_step"])["action"], "USER_INTERACTION") << steps;
    }
    const Json error = l.payloads("execution.failed").at(0)["errors"][0];
    EXPECT_EQ(error["action_type"], "USER_INTERACTION");
  }
}

/// A graph that a client has put: steps up to the node that asks are told before the question, the
/// others after the answer.
TEST(CurrentStep, OfAQuestionFollowsTheGraph) {
  constexpr std::uint32_t kSteps = 5;
  for (std::uint32_t asks = 1; asks <= kSteps; ++asks) {
    Heard l(asking(kSteps));
    Json workflow = graph(l.world);
    for (Json& node : workflow["nodes"])
      if (node["name"].get<std::string>().starts_with("Step "))
        node["action"] =
            node["name"] == "Step " + std::to_string(asks) ? "USER_INTERACTION" : "CLICK";
    put(l.world, workflow);
    const std::string run = l.world.start("plain", "{}", kClient);
    l.world.pass(12_s);
    std::string path;
    for (std::uint32_t step = 1; step <= kSteps; ++step) {
      path += "Step " + std::to_string(step) + ' ';
      if (step == asks) path += "Step " + std::to_string(step) + "? ";
      if (step == asks) {
        EXPECT_EQ(l.path(), path);
      }
    }
    l.world.post("/run/" + run + "/user_interaction", R"({"answer":"x"})");
    l.world.pass({});
    EXPECT_EQ(l.path(), path);
    EXPECT_EQ(l.world.status(run), "execution.success");
  }
}

TEST(CurrentStep, OfARecoveryIsNoUserInteraction) {
  Scenario scenario = asking();
  scenario.serve.workflows[0].interaction.kind = ServedInteraction::Kind::input_required;
  ApiWorld world(scenario);
  const Json all = graph(world);
  for (const Json& node : all["nodes"]) EXPECT_NE(node["action"], "USER_INTERACTION");
}

// ---- errors of runs that never started

void expect_no_node(const Json& error) {
  for (const char* field : {"node_id", "action_type", "action_display_name", "full_url"})
    EXPECT_FALSE(error.contains(field)) << field << " of " << error;
}

TEST(NeverStarted, AnInterruptedRunHasNoStep) {
  ApiWorld world(served_scenario(1));
  world.start();
  const std::string queued = world.start();
  world.pass(1_s);
  world.post("/run/" + queued + "/interrupt");
  world.pass({});
  EXPECT_EQ(world.status(queued), "execution.stopped");
  expect_no_node(world.result(queued)["errors"][0]);
}

TEST(NeverStarted, AnExpiredRunHasNoStep) {
  Scenario scenario = served_scenario(1);
  scenario.pipeline.workflows[0].expiry = 5_s;
  ApiWorld world(scenario);
  world.start("claims", kPortal);
  const std::string queued = world.start();
  world.pass(6_s);
  EXPECT_EQ(world.result(queued)["end_reason"], "expired");
  expect_no_node(world.result(queued)["errors"][0]);
}

TEST(NeverStarted, ASiblingThatWasQueuedHasNoStep) {
  Scenario scenario = served_scenario(2);
  scenario.pipeline.stop_queued_siblings = true;
  scenario.pipeline.credentials[0].login = LoginConfig{Distribution::constant(3), 1.0};
  ApiWorld world(scenario);
  world.start("claims", kPortal);
  const std::string queued = world.start("claims", kPortal);
  world.pass(4_s);
  EXPECT_EQ(world.result(queued)["end_reason"], "sibling_login_failed");
  expect_no_node(world.result(queued)["errors"][0]);
}

TEST(NeverStarted, ARunThatIsStoppedBeforeItsNextAttemptIsAtNoStep) {
  Scenario scenario = served_scenario();
  WorkflowConfig& workflow = scenario.pipeline.workflows[0];
  workflow.failures = {{"service-unavailable", 1.0, true}};
  workflow.max_retries = 1;
  workflow.backoff.base = 60_s;
  ApiWorld world(scenario);
  const std::string run = world.start();
  world.pass(15_s);
  EXPECT_EQ(world.status(run), "execution.requeued");
  world.post("/run/" + run + "/interrupt");
  world.pass({});
  const Json errors = world.result(run)["errors"];
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_TRUE(errors[0].contains("node_id"));
  EXPECT_TRUE(errors[0]["full_url"].is_string());
  expect_no_node(errors[1]);
}

// ---- dry runs

void flag(Json& workflow, const std::string& name, bool in_parameters) {
  for (Json& node : workflow["nodes"])
    if (node["name"] == name)
      (in_parameters ? node["parameters"] : node)["end_here_on_dry_run"] = true;
}

TEST(DryRun, EndsAtTheFlaggedNode) {
  for (const bool in_parameters : {false, true})
    for (std::uint32_t last = 1; last <= 6; ++last) {
      Scenario scenario = served_scenario();
      scenario.pipeline.workflows[0].steps = 6;
      scenario.pipeline.workflows[0].time = Distribution::constant(12);
      Heard l(scenario);
      Json workflow = graph(l.world);
      flag(workflow, "Step " + std::to_string(last), in_parameters);
      put(l.world, workflow);
      const std::string dry = l.world.start(
          "plain", "{}", R"("client_id":"c","dry_run":{"enabled":true,"add_to_output":{"d":1}})");
      l.world.pass(Duration::from_seconds(2.0 * last - 0.5));
      EXPECT_EQ(l.world.status(dry), "execution.start");
      l.world.pass(500_ms);
      EXPECT_EQ(l.world.status(dry), "execution.success") << last;
      EXPECT_EQ(l.world.result(dry)["data"]["d"], 1);
      EXPECT_EQ(l.payloads("execution.step").size(), last);
      const std::string real = l.world.start("plain", "{}", kClient);
      l.world.pass(12_s);
      EXPECT_EQ(l.world.status(real), "execution.success");
      EXPECT_EQ(l.payloads("execution.step").size(), last + 6);
    }
}

TEST(DryRun, DoesNotAskBehindItsEnd) {
  Heard l(asking(4));
  Json workflow = graph(l.world);
  flag(workflow, "Step 2", false);
  put(l.world, workflow);
  const std::string dry =
      l.world.start("plain", "{}", R"("client_id":"c","dry_run":{"enabled":true})");
  l.world.pass(5_s);
  EXPECT_EQ(l.world.status(dry), "execution.success");
  EXPECT_EQ(l.path(), "Step 1 Step 2 ");
}

TEST(DryRun, TheGraphShowsWhereTheScenarioEndsIt) {
  Scenario scenario = served_scenario();
  scenario.pipeline.workflows[0].steps = 5;
  scenario.pipeline.workflows[0].dry_run_fraction = 0.3;
  Heard l(scenario);
  const Json workflow = graph(l.world);
  EXPECT_EQ(nodes_of(workflow)["Step 2"]["end_here_on_dry_run"], true);
  put(l.world, workflow);  // says the same
  const std::string dry =
      l.world.start("plain", "{}", R"("client_id":"c","dry_run":{"enabled":true})");
  l.world.pass(3_s);
  EXPECT_EQ(l.world.status(dry), "execution.success");
  EXPECT_EQ(l.path(), "Step 1 Step 2 ");
}

// ---- files

/// With a file of a step that only the answer lets the run come to.
TEST(Downloads, BehindAQuestionAreOfTheTimeOfItsAnswer) {
  Heard l(asking(4));
  Json workflow = graph(l.world);
  for (Json& node : workflow["nodes"]) {
    if (node["name"] == "Step 2") node["action"] = "USER_INTERACTION";
    if (node["name"] == "Step 3") node["action"] = "FILE_DOWNLOAD";
    if (node["name"] == "Step 4") node["action"] = "CLICK";
  }
  put(l.world, workflow);
  const std::string run = l.world.start("plain", "{}", kClient);
  l.world.pass(30_s);
  const std::string answered = ApiWorld::json(l.world.get("/_sluice/state"))["now"];
  l.world.post("/run/" + run + "/user_interaction", R"({"answer":"x"})");
  l.world.pass({});
  ASSERT_EQ(l.payloads("file.uploaded").size(), 1u);
  EXPECT_EQ(l.payloads("file.uploaded")[0]["timestamp"], answered);
  EXPECT_EQ(l.world.result(run)["file_urls"][0]["timestamp"], answered);
  std::string last;
  for (const Json& frame : l.frames.frames) {
    if (!frame.contains("data")) continue;
    EXPECT_GE(frame["timestamp"].get<std::string>(), last) << frame;
    last = frame["timestamp"];
  }
}

TEST(Downloads, AreToldAndCanBeFetched) {
  Scenario scenario = served_scenario();
  scenario.pipeline.workflows[0].steps = 4;
  scenario.serve.workflows[0].downloads = {"claims.csv", "letter.json"};
  Heard l(scenario);
  const auto nodes = nodes_of(graph(l.world));
  EXPECT_EQ(nodes.at("Step 3")["action"], "FILE_DOWNLOAD");
  EXPECT_EQ(nodes.at("Step 4")["parameters"]["file_name"], "letter.json");
  const std::string heard = l.world.start("plain", "{}", kClient), unheard = l.world.start();
  l.world.pass(6_s);
  EXPECT_TRUE(l.world.result(unheard)["file_urls"].empty());
  l.world.pass(2_s);  // the third step of four is over after 7.5 s
  EXPECT_EQ(l.payloads("file.uploaded").size(), 1u);
  EXPECT_EQ(l.world.result(unheard)["file_urls"].size(), 1u);
  l.world.pass(3_s);
  EXPECT_EQ(l.payloads("file.uploaded").size(), 2u);
  EXPECT_EQ(l.payloads("execution.success")[0]["file_urls"].size(), 2u);
  Json files = l.world.result(heard)["file_urls"], others = l.world.result(unheard)["file_urls"];
  ASSERT_EQ(files.size(), 2u);
  ASSERT_EQ(others.size(), 2u);
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(files[i]["file_name"], i == 0 ? "claims.csv" : "letter.json");
    EXPECT_TRUE(files[i]["metadata"].is_object());
    EXPECT_EQ(files[i]["timestamp"].get<std::string>().substr(0, 21),
              others[i]["timestamp"].get<std::string>().substr(0, 21));
    const std::string url = files[i]["signed_file_url"];
    const HttpReply reply = l.world.get(url.substr(url.find("/files/")));
    EXPECT_EQ(reply.status, 200u);
    EXPECT_EQ(reply.content_type, i == 0 ? "text/csv; charset=utf-8" : "application/json");
  }
}

TEST(Downloads, OfAGraphThatAClientPut) {
  Heard l(served_scenario());
  Json workflow = graph(l.world);
  for (Json& node : workflow["nodes"])
    if (node["name"] == "Step 1") node["action"] = "FILE_DOWNLOAD";
  put(l.world, workflow);
  const std::string run = l.world.start();
  l.world.pass(20_s);
  const Json files = l.world.result(run)["file_urls"];
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0]["file_name"], "file-1.txt");
}

}  // namespace
}  // namespace sluice::test
