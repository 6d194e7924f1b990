// What every operation answers, in success and refusal, against the OpenAPI document that is
// served.
#include <gmock/gmock.h>
#include <httplib.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mock_api/openapi/endpoint_table.hpp"
#include "mock_api/server/api_server.hpp"
#include "mock_api/tenants.hpp"
#include "mock_api/vault/cipher.hpp"
#include "tests/unit/mock_api/admin/document.hpp"
#include "tests/unit/mock_api/api_world.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;
using namespace literals;

Scenario asking_scenario() {
  Scenario scenario = served_scenario();
  PipelineConfig& pipeline = scenario.pipeline;
  pipeline.workflows[0].interaction = InteractionConfig{1, Distribution::constant(100), 60_s};
  WorkflowConfig inputs = pipeline.workflows[0];
  inputs.name = "inputs";
  pipeline.workflows.push_back(inputs);
  scenario.serve.workflows.resize(3);
  scenario.serve.workflows[2].interaction.kind = ServedInteraction::Kind::input_required;
  pipeline.workflows[1].failures = {{"service-unavailable", 0.7, true}};
  pipeline.workflows[1].max_retries = 1;
  return scenario;
}

class Replies : public Test {
 protected:
  void expect(const char* method, std::string_view path, unsigned status, const std::string& target,
              const std::string& body = "") {
    HttpReply reply = world_->call(method, target, body);
    if (reply.deferred != 0) reply = deferred_reply();
    EXPECT_EQ(reply.status, status) << method << ' ' << target << ' ' << reply.body;
    EXPECT_EQ(document_.problem_of(method, path, reply.status, reply.body), "")
        << method << ' ' << target;
  }
  /// The same path and target.
  void expect(const char* method, unsigned status, const std::string& path,
              const std::string& body = "") {
    expect(method, path, status, path, body);
  }

  void starts_and_lists();
  void results();
  void interactions();
  void webhooks();
  void vault();
  void codes();
  void workflows();
  void admin();
  void faults_and_journal();
  void scripts();
  void refusals_of_all();
  void wrong_methods();

  std::unique_ptr<ApiWorld> world_ = std::make_unique<ApiWorld>(asking_scenario());
  Document document_{world_->get("/openapi.json").body};

 private:
  HttpReply deferred_reply() {
    for (std::size_t i = 0; i < world_->webhooks.posts.size(); ++i)
      world_->api->webhook_done(world_->now, world_->webhooks.posts[i].id, {200, "ok", "", {}});
    world_->webhooks.posts.clear();
    const auto replies = world_->api->take_deferred();
    EXPECT_EQ(replies.size(), 1u);
    return replies.empty() ? HttpReply() : replies[0].second;
  }
};

void Replies::starts_and_lists() {
  expect("POST", 201, "/run", R"({"workflow_id":"plain","run_input_variables":{}})");
  expect("POST", 400, "/run", R"({"workflow_id":"claims","run_input_variables":{}})");
  expect("POST", 400, "/run", "{");
  expect("POST", 404, "/run", R"({"workflow_id":"nothing","run_input_variables":{}})");
  expect("GET", "/runs", 200, "/runs?limit=10");
  expect("GET", "/runs", 400, "/runs?limit=x");
  const std::string errors = "/runs/workflow/{workflow_id}/errors";
  const std::string time = "/errors?start_timestamp=2020-01-01&end_timestamp=2030-01-02";
  expect("GET", errors, 400, "/runs/workflow/plain/errors");
  expect("GET", errors, 404, "/runs/workflow/nothing" + time);
  for (int i = 0; i < 5; ++i) world_->start("claims", R"({"USER":"portal-2"})");
  world_->pass(300_s);
  expect("GET", errors, 200, "/runs/workflow/claims" + time);
}

/// Of runs in all their states, with everything that can be asked for.
void Replies::results() {
  const std::string run = world_->start("claims", R"({"USER":["portal-1","portal-3"]})",
                                        R"("debug":true,"capture_console_logs":true)");
  const std::string one = "/run/{session_id}", snapshots = one + "/debug-snapshots/{node_id}";
  for (int i = 0; i < 4; ++i) {
    expect("GET", one, 200, "/run/" + run);
    world_->pass(7_s);
  }
  world_->pass(300_s);
  const Json result = world_->result(run);
  ASSERT_FALSE(result["screenshot_urls"].empty());
  const std::string node = result["screenshot_urls"][0]["node_id"];
  expect("GET", snapshots, 200, "/run/" + run + "/debug-snapshots/" + node);
  expect("GET", snapshots, 404, "/run/" + run + "/debug-snapshots/nothing");
  expect("GET", one, 404, "/run/nothing");
  expect("POST", one + "/interrupt", 200, "/run/" + run + "/interrupt");
  expect("POST", one + "/interrupt", 404, "/run/nothing/interrupt");
  const std::string file = "/files/{token}/{file_name}";
  expect("GET", file, 404, "/files/x/y");
  std::string url = result["screenshot_urls"][0]["signed_screenshot_url"];
  url = url.substr(url.find("/files/"));
  expect("GET", file, 403, url + "x");
}

void Replies::interactions() {
  const std::string answer = "/run/{session_id}/user_interaction";
  const std::string inputs = "/run/{session_id}/new_input_variables";
  const std::string first = world_->start("plain"), second = world_->start("inputs");
  expect("POST", answer, 409, "/run/" + first + "/user_interaction", "{}");
  world_->pass(15_s);
  expect("POST", answer, 404, "/run/nothing/user_interaction", "{}");
  expect("POST", answer, 400, "/run/" + first + "/user_interaction", "[]");
  expect("POST", answer, 200, "/run/" + first + "/user_interaction", R"({"answer":"yes"})");
  expect("POST", inputs, 404, "/run/nothing/new_input_variables", "{}");
  expect("POST", inputs, 400, "/run/" + second + "/new_input_variables", "{}");
  expect("POST", inputs, 200, "/run/" + second + "/new_input_variables",
         R"({"input_variables":{"a":1}})");
}

void Replies::webhooks() {
  const std::string run = world_->start(
      "plain", "{}",
      R"("webhook":{"url":"http://127.0.0.1:9/","event_types_subscribed":["execution.queued"],)"
      R"("secret":"s","validity":60,"metadata":{"k":[1]}})");
  world_->pass({});
  ASSERT_EQ(world_->webhooks.posts.size(), 1u);
  world_->api->webhook_done(world_->now, world_->webhooks.posts[0].id, {200, "ok", "", {}});
  world_->webhooks.posts.clear();
  expect("GET", "/webhooks/{session_id}", 200, "/webhooks/" + run);
  expect("GET", "/webhooks/{session_id}", 404, "/webhooks/nothing");
  expect("POST", "/webhooks/{session_id}/replay", 200, "/webhooks/" + run + "/replay");
  expect("POST", "/webhooks/{session_id}/replay", 404, "/webhooks/nothing/replay");
}

void Replies::vault() {
  const std::string u = R"({"permissioned_user_id":"u","domain":"https://x.example")";
  expect("GET", 200, "/vault");
  expect("GET", "/vault", 400, "/vault?domain=x");
  expect("GET", "/vault", 404, "/vault?permissioned_user_id=u&domain=https://x.example");
  for (const char* method : {"PUT", "DELETE"}) expect(method, 404, "/vault", u + "}");
  expect("PATCH", 404, "/vault/clear-browser-state", u + "}");
  expect("POST", 201, "/vault", u + "}");
  expect("POST", 409, "/vault", u + "}");
  expect("POST", 401, "/vault",
         R"({"permissioned_user_id":"v","domain":"https://x.example","password":"0123"})");
  expect("GET", "/vault", 200, "/vault?permissioned_user_id=u&domain=https://x.example");
  expect("PUT", 200, "/vault", u + R"(,"user_alias":"a","expiry_time_from_last_use":"01:00:00"})");
  for (const char* method : {"POST", "PUT", "DELETE"}) expect(method, 400, "/vault", "{}");
  expect("PATCH", 400, "/vault/clear-browser-state", "{}");
  expect("PATCH", 200, "/vault/clear-browser-state", u + "}");
  expect("DELETE", 200, "/vault", u + "}");
}

void Replies::codes() {
  const std::string path = "/vault/tfa-code";
  const std::string target = path + "?permissioned_user_id=portal-1&domain=portal.example.com";
  const Tenants tenants(asking_scenario());
  const auto change = [&](const std::string& fields) {
    const HttpReply reply = world_->call(
        "PUT", "/vault",
        R"({"permissioned_user_id":"portal-1","domain":"https://portal.example.com",)" + fields +
            "}");
    EXPECT_EQ(reply.status, 200u) << reply.body;
  };
  expect("GET", path, 400, path);
  expect("GET", path, 404, path + "?permissioned_user_id=x&domain=portal.example.com");
  change(R"("tfa_method":"AUTHENTICATOR","tfa_secret":")" +
         encrypt_json(tenants.key(WorkspaceId{0}), Json("GEZDGNBVGY3TQOJQ")) + '"');
  expect("GET", path, 200, target);
  change(R"("tfa_method":"SMS")");
  expect("GET", path, 409, target);
}

void Replies::workflows() {
  const std::string one = "/workflows/{workflow_id}";
  expect("GET", 200, "/workflows");
  expect("GET", one, 200, "/workflows/claims");
  expect("GET", one, 404, "/workflows/nothing");
  expect("GET", one + "/metadata", 200, "/workflows/claims/metadata");
  expect("GET", one + "/metadata", 404, "/workflows/nothing/metadata");
  Json workflow = Json::parse(world_->get("/workflows/claims").body);
  expect("PUT", one, 200, "/workflows/claims", dump(workflow));
  expect("PUT", one, 400, "/workflows/claims", "{}");
  expect("PUT", one, 404, "/workflows/nothing", dump(workflow));
  workflow["base_version_id"] = "old";
  expect("PUT", one, 409, "/workflows/claims", dump(workflow));
}

void Replies::admin() {
  const std::string run = world_->start();
  for (const char* what : {"state", "report", "config"})
    expect("GET", 200, std::string("/_sluice/") + what);
  expect("GET", "/_sluice/runs/{session_id}", 200, "/_sluice/runs/" + run);
  expect("GET", "/_sluice/runs/{session_id}", 404, "/_sluice/runs/nothing");
  for (const auto& [kind, name] : {std::pair("groups", "main"), std::pair("workflows", "plain"),
                                   std::pair("credentials", "portal-1")})
    for (const char* change : {"pause", "resume"}) {
      const std::string begin = std::string("/_sluice/") + kind + '/';
      const std::string end = std::string("/") + change;
      expect("POST", begin + "{name}" + end, 200, begin + name + end);
      expect("POST", begin + "{name}" + end, 404, begin + "nothing" + end);
    }
  for (const auto& [method, change] :
       {std::pair("PUT", "workers"), std::pair("POST", "lose"), std::pair("POST", "restore")}) {
    const std::string path = std::string("/_sluice/groups/{name}/") + change;
    const std::string end = std::string("/") + change;
    expect(method, path, 200, "/_sluice/groups/main" + end, R"({"count":1})");
    expect(method, path, 400, "/_sluice/groups/main" + end, R"({"count":"x"})");
    expect(method, path, 404, "/_sluice/groups/nothing" + end, R"({"count":1})");
  }
}

void Replies::faults_and_journal() {
  const std::string faults = "/_sluice/faults", requests = "/_sluice/requests";
  expect("POST", 201, faults, R"({"match":{"path":"/runs"},"status":503,"times":1})");
  expect("POST", 400, faults, R"({"status":1})");
  EXPECT_EQ(world_->get("/runs").status, 503u);
  EXPECT_EQ(world_->get("/runs").status, 200u);
  expect("GET", 200, faults);
  expect("DELETE", faults + "/{id}", 200, faults + "/1");
  expect("DELETE", faults + "/{id}", 404, faults + "/1");
  expect("DELETE", 200, faults);
  expect("GET", requests, 200, requests + "?path=/runs&status=503");
  expect("GET", requests, 400, requests + "?limit=x");
  expect("POST", 200, requests + "/search", R"({"path":"/run/**","limit":3})");
  expect("POST", 400, requests + "/search", R"({"way":"/run"})");
  expect("POST", 200, requests + "/verify", R"({"path":"/runs","status":503,"count":1})");
  EXPECT_THAT(world_->post(requests + "/verify", R"({"path":"/runs","status":503,"count":1})").body,
              HasSubstr(R"("verified":true)"));
  expect("POST", 400, requests + "/verify", R"({"count":-1})");
  expect("POST", 200, requests + "/verify", R"({"path":"/runs","method":"PUT"})");
  expect("POST", 200, requests + "/verify", R"({"path":"/runs","never":true})");
  expect("POST", 200, requests + "/verify", R"({"order":[{"path":"/runs"},{"path":"/x"}]})");
  expect("DELETE", 200, requests);
  expect("GET", 200, "/openapi.json");
  expect("POST", 200, "/_sluice/reset");
}

void Replies::scripts() {
  const std::string scripts = "/_sluice/scripts";
  expect("POST", 201, scripts, R"({"times":1,"script":{"outcome":"fail"}})");
  expect("POST", 400, scripts, "{}");
  expect("GET", 200, scripts);
  const std::string run = world_->start();
  expect("GET", "/_sluice/runs/{session_id}", 200, "/_sluice/runs/" + run);
  expect("DELETE", scripts + "/{id}", 200, scripts + "/1");
  expect("DELETE", scripts + "/{id}", 404, scripts + "/1");
  expect("DELETE", 200, scripts);
}

/// Without a key, and above the rate limits.
void Replies::refusals_of_all() {
  const auto ask_all = [this](unsigned status) {
    for (const Endpoint& endpoint : endpoints()) {
      if (endpoint.part != Endpoint::Part::api) continue;
      if (status == 429 && endpoint.operation == "streamEvents") continue;
      const std::string body = endpoint.operation == "startRun"
                                   ? R"({"workflow_id":"plain","run_input_variables":{}})"
                                   : "";
      expect(std::string(endpoint.method).c_str(), endpoint.path, status,
             std::string(endpoint.path), body);
    }
  };
  world_->workspace = "nobody";
  ask_all(401);
  world_->workspace = "acme";
  Scenario limited = asking_scenario();
  limited.pipeline.api.rate_limits = {{1_s, 1}};
  world_ = std::make_unique<ApiWorld>(limited);
  world_->get("/runs");
  ask_all(429);
  world_->api->drain(world_->now);
  expect("POST", 503, "/run", R"({"workflow_id":"plain","run_input_variables":{}})");
  limited.pipeline.api.rate_limits.clear();
  limited.pipeline.api.error_rate = 1;
  world_ = std::make_unique<ApiWorld>(limited);
  expect("POST", 500, "/run", R"({"workflow_id":"plain","run_input_variables":{}})");
}

bool is_servers_own(std::string_view operation) {
  for (const char* own :
       {"getHealth ", "getReadiness ", "getMetrics ", "getClock ", "advanceClock "})
    if (operation.starts_with(own)) return true;
  return false;
}

/// Each path says so in the same way.
void Replies::wrong_methods() {
  for (const Endpoint& endpoint : endpoints()) {
    if (is_servers_own(std::string(endpoint.operation) + ' ')) continue;
    for (const std::string& method : document_.other_methods(endpoint.path)) {
      const HttpReply reply = world_->call(method, endpoint.path, "{}");
      EXPECT_EQ(reply.status, 405u) << method << ' ' << endpoint.path;
      EXPECT_THAT(reply.headers, ElementsAre(Pair("Allow", Not(IsEmpty()))))
          << method << ' ' << endpoint.path;
      EXPECT_EQ(document_.problem_of(endpoint.method, endpoint.path, reply.status, reply.body), "");
    }
  }
}

TEST_F(Replies, of_every_operation_and_status_are_as_described) {
  starts_and_lists();
  results();
  interactions();
  webhooks();
  vault();
  codes();
  workflows();
  admin();
  faults_and_journal();
  scripts();
  wrong_methods();
  refusals_of_all();
  // A stream is never limited; the server's own endpoints and limits: see the next test.
  for (const std::string& reply : document_.unseen())
    EXPECT_TRUE(reply == "streamEvents 429" || reply.ends_with(" 413") || is_servers_own(reply))
        << reply;
}

TEST(OwnReplies, of_a_server_with_a_held_clock_are_as_described) {
  WebhookSender webhooks({});
  ApiOptions api_options;
  api_options.unix_ns_at_zero = 1'767'571'200'000'000'000;
  Api api(served_scenario(), api_options, webhooks);
  ServerOptions options;
  options.clock = ServerClock::held();
  options.log_level = ServerLog::Level::off;
  options.request.body = 64;
  ApiServer server(api, webhooks, options);
  httplib::Client client(server.url());
  Document document(client.Get("/openapi.json")->body);
  const auto expect = [&](std::string method, std::string_view path, int status,
                          const std::string& body, std::string_view described_as = {}) {
    httplib::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.set_header("Content-Type", "application/json");
    const auto reply = client.send(request);
    ASSERT_TRUE(reply) << method << ' ' << path;
    EXPECT_EQ(reply->status, status) << method << ' ' << path << ' ' << reply->body;
    if (described_as.empty()) described_as = method;
    EXPECT_EQ(document.problem_of(described_as, path, static_cast<unsigned>(status), reply->body),
              "");
  };
  expect("GET", "/healthz", 200, "");
  expect("GET", "/readyz", 200, "");
  expect("GET", "/_sluice/clock", 200, "");
  expect("POST", "/_sluice/clock/advance", 200, R"({"by":"10m"})");
  expect("POST", "/_sluice/clock/advance", 200, R"({"until":"idle"})");
  expect("POST", "/_sluice/clock/advance", 400, R"({"by":"10"})");
  expect("POST", "/_sluice/clock/advance", 404, R"({"until":{"run":"nobody"}})");
  expect("POST", "/_sluice/clock/advance", 409, R"({"to":"1m"})");
  std::set<std::string> not_here;
  for (const Endpoint& endpoint : endpoints()) {
    const std::string name = std::string(endpoint.operation) + ' ';
    if (is_servers_own(name))
      for (const std::string& method : document.other_methods(endpoint.path))
        expect(method, endpoint.path, 405, "{}", endpoint.method);
    if (!endpoint.request.empty())
      expect(std::string(endpoint.method), endpoint.path, 413, std::string(100, ' '));
  }
  for (const std::string& reply : document.unseen())
    if (is_servers_own(reply) || reply.ends_with(" 413")) not_here.insert(reply);
  // Of a server that fails or ends.
  EXPECT_THAT(not_here,
              UnorderedElementsAre("getHealth 500", "getReadiness 503", "advanceClock 503"));
}

}  // namespace
}  // namespace sluice
