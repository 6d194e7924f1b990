// What webhooks carry, against the `webhooks` section of the OpenAPI document that is served.
#include <gmock/gmock.h>

#include <set>
#include <string>
#include <utility>

#include "tests/unit/mock_api/admin/document.hpp"
#include "tests/unit/mock_api/api_world.hpp"

namespace sluice::test {
namespace {

using namespace ::testing;
using namespace literals;

/// Its runs do everything that runs can tell of.
Scenario telling_scenario() {
  Scenario scenario = served_scenario(4);
  PipelineConfig& pipeline = scenario.pipeline;
  pipeline.stop_queued_siblings = true;
  pipeline.workflows[1].failures = {{"service-unavailable", 1, true}};
  pipeline.workflows[1].max_retries = 1;
  pipeline.credentials[2].login = LoginConfig{Distribution::constant(3), 1.0};
  WorkflowConfig asks = pipeline.workflows[0];
  asks.name = "asks";
  asks.interaction = InteractionConfig{1, Distribution::constant(100), 20_s};
  WorkflowConfig inputs = asks;
  inputs.name = "inputs";
  pipeline.workflows.push_back(asks);
  pipeline.workflows.push_back(inputs);
  ServeConfig& serve = scenario.serve;
  serve.workflows.resize(4);
  serve.workflows[0].downloads = {"a.csv"};
  serve.workflows[3].interaction.kind = ServedInteraction::Kind::input_required;
  serve.webhooks.push_back({"http://127.0.0.1:9/", "s", {}, {}, {}, 300_s});
  return scenario;
}

class Webhooks : public Test {
 protected:
  /// Lets time pass, and receivers take what is posted.
  void pass(Duration time) {
    world_.pass(time);
    while (!world_.webhooks.posts.empty()) {
      const auto posts = std::exchange(world_.webhooks.posts, {});
      for (const WebhookPost& post : posts) {
        const std::string event = parse_json(post.body)->at("event");
        seen_.insert(event);
        EXPECT_EQ(document_.problem_of_webhook(event, post.body), "");
        world_.api->webhook_done(world_.now, post.id, {200, "", "", {}});
      }
      world_.pass({});
    }
  }

  ApiWorld world_{telling_scenario()};
  Document document_{world_.get("/openapi.json").body};
  std::set<std::string> seen_;
};

TEST_F(Webhooks, of_every_event_are_as_described) {
  world_.start("plain", "{}", R"("debug":true,"include_live_view":true,"webhook":{"metadata":{}})");
  world_.start("claims", R"({"USER":"portal-1"})");
  const std::string answered = world_.start("asks");
  world_.start("inputs");
  pass(12_s);
  world_.post("/run/" + answered + "/user_interaction", R"({"answer":"x"})");
  world_.start("asks");
  pass(60_s);
  for (int i = 0; i < 3; ++i) world_.start("claims", R"({"USER":"portal-3"})");
  pass(5_s);
  world_.post("/_sluice/workflows/plain/pause");
  const std::string paused = world_.start();
  pass(1_s);
  world_.post("/run/" + paused + "/interrupt");
  const std::string running = world_.start("asks");
  pass(1_s);
  world_.post("/run/" + running + "/interrupt");
  pass(1_s);
  EXPECT_EQ(seen_, document_.webhooks());
}

}  // namespace
}  // namespace sluice::test
