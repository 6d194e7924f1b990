// The OpenAPI document against the router, and against what the API really answers.
#include <gmock/gmock.h>

#include <map>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "mock_api/admin/endpoints.hpp"
#include "mock_api/contract/query_string.hpp"
#include "mock_api/engine/routes.hpp"
#include "mock_api/vault/cipher.hpp"
#include "tests/mock_api/engine/api_world.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::testing;
using namespace literals;

/// `path` with its parameters filled in.
std::string filled(std::string_view path) {
  std::string text;
  for (const std::string& segment : split_target(path).segments)
    text += '/' + (segment.starts_with('{') ? "x" : segment);
  return text;
}

TEST(OpenApi, has_the_routes_of_the_router_and_no_others) {
  std::map<Route, std::set<std::string>> described;
  for (const Endpoint& endpoint : endpoints()) {
    const Route route = route_of(split_target(filled(endpoint.path)).segments);
    if (endpoint.part == Endpoint::Part::api) {
      EXPECT_NE(route, Route::unknown) << endpoint.path;
      EXPECT_TRUE(allows(route, endpoint.method)) << endpoint.method << ' ' << endpoint.path;
    }
    if (route != Route::unknown) described[route].insert(std::string(endpoint.method));
  }
  for (int i = 1; i <= static_cast<int>(Route::file); ++i) {
    const auto route = static_cast<Route>(i);
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
      EXPECT_EQ(described[route].contains(method), allows(route, method)) << method << " of " << i;
  }
}

TEST(OpenApi, refers_to_schemas_that_there_are) {
  const Json schemas = component_schemas();
  for (const Endpoint& endpoint : endpoints())
    for (std::string_view name : {endpoint.request, endpoint.reply}) {
      if (name.starts_with('[')) name = name.substr(1, name.size() - 2);
      EXPECT_TRUE(name.empty() || schemas.contains(name)) << name;
    }
  const std::string text = openapi_document(true).dump();
  for (std::size_t at = text.find("#/components"); at != text.npos;
       at = text.find("#/components", at + 1))
    EXPECT_TRUE(openapi_document(true).contains(
        Json::json_pointer(text.substr(at + 1, text.find('"', at) - at - 1))));
}

TEST(OpenApi, leaves_out_what_is_switched_off) {
  EXPECT_FALSE(openapi_document(false)["paths"].contains("/_sluice/state"));
  EXPECT_TRUE(openapi_document(true)["paths"].contains("/_sluice/state"));
}

/// Whether `body` is what the document says of that operation and status.
std::string problem_of(std::string_view method, std::string_view path, const HttpReply& reply) {
  static const nlohmann::json document = nlohmann::json::parse(openapi_document(true).dump());
  std::string lower;
  for (const char c : method) lower += static_cast<char>(c - 'A' + 'a');
  const auto& responses = document["paths"][std::string(path)][lower]["responses"];
  const std::string status = std::to_string(reply.status);
  if (!responses.contains(status)) return "no reply " + status + ": " + reply.body;
  nlohmann::json schema = responses[status]["content"]["application/json"]["schema"];
  schema = {{"allOf", nlohmann::json::array({schema})}, {"components", document["components"]}};
  valijson::Schema compiled;
  valijson::SchemaParser parser;
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), compiled);
  const nlohmann::json body = nlohmann::json::parse(reply.body);
  valijson::ValidationResults results;
  if (valijson::Validator().validate(compiled, valijson::adapters::NlohmannJsonAdapter(body),
                                     &results))
    return "";
  std::string text = reply.body + "\n";
  for (valijson::ValidationResults::Error error; results.popError(error);)
    text += error.description + "\n";
  return text;
}

class Replies : public Test {
 protected:
  void expect(const char* method, std::string_view path, unsigned status, const std::string& target,
              const std::string& body = "") {
    const HttpReply reply = world_.call(method, target, body);
    EXPECT_EQ(reply.status, status) << method << ' ' << target << ' ' << reply.body;
    EXPECT_EQ(problem_of(method, path, reply), "") << method << ' ' << target;
  }
  ApiWorld world_{served_scenario()};
};

TEST_F(Replies, about_runs_are_as_described) {
  const std::string started = world_.start("claims", R"({"USER":"portal-1"})");
  expect("POST", "/run", 201, "/run", R"({"workflow_id":"plain","run_input_variables":{}})");
  expect("POST", "/run", 400, "/run", R"({"workflow_id":"claims","run_input_variables":{}})");
  expect("POST", "/run", 400, "/run", "{");
  for (int i = 0; i < 3; ++i) {
    expect("GET", "/run/{session_id}", 200, "/run/" + started);
    expect("GET", "/runs", 200, "/runs?limit=10");
    world_.pass(6_s);
  }
  expect("GET", "/run/{session_id}", 404, "/run/nothing");
  expect("POST", "/run/{session_id}/interrupt", 200, "/run/" + started + "/interrupt");
  expect("GET", "/runs/workflow/{workflow_id}/errors", 200,
         "/runs/workflow/plain/errors?start_timestamp=2020-01-01&end_timestamp=2020-01-02");
  expect("GET", "/runs", 400, "/runs?limit=x");
  expect("GET", "/webhooks/{session_id}", 200, "/webhooks/" + started);
  world_.workspace = "nobody";
  expect("GET", "/runs", 401, "/runs");
}

TEST_F(Replies, about_vault_and_workflows_are_as_described) {
  expect("GET", "/vault", 200, "/vault");
  expect("GET", "/vault", 400, "/vault?domain=x");
  expect("POST", "/vault", 201, "/vault",
         R"({"permissioned_user_id":"u","domain":"https://x.example"})");
  expect("GET", "/vault", 200, "/vault?permissioned_user_id=u&domain=https://x.example");
  expect("PUT", "/vault", 200, "/vault",
         R"({"permissioned_user_id":"u","domain":"https://x.example","user_alias":"a"})");
  expect("PATCH", "/vault/clear-browser-state", 200, "/vault/clear-browser-state",
         R"({"permissioned_user_id":"u","domain":"https://x.example"})");
  expect("DELETE", "/vault", 200, "/vault",
         R"({"permissioned_user_id":"u","domain":"https://x.example"})");
  expect("GET", "/workflows", 200, "/workflows");
  expect("GET", "/workflows/{workflow_id}", 200, "/workflows/claims");
  expect("GET", "/workflows/{workflow_id}/metadata", 200, "/workflows/claims/metadata");
  expect("GET", "/workflows/{workflow_id}/metadata", 404, "/workflows/x/metadata");
  Json workflow = Json::parse(world_.get("/workflows/claims").body);
  expect("PUT", "/workflows/{workflow_id}", 200, "/workflows/claims", workflow.dump());
  workflow["base_version_id"] = "old";
  expect("PUT", "/workflows/{workflow_id}", 409, "/workflows/claims", workflow.dump());
}

TEST_F(Replies, to_people_who_test_are_as_described) {
  world_.start();
  expect("GET", "/_sluice/state", 200, "/_sluice/state");
  expect("GET", "/_sluice/report", 200, "/_sluice/report");
  expect("POST", "/_sluice/requests/verify", 200, "/_sluice/requests/verify",
         R"({"method":"POST","path":"/run","count":1})");
  EXPECT_THAT(world_.post("/_sluice/requests/verify", R"({"path":"/run","count":1})").body,
              HasSubstr(R"("verified":true)"));
  expect("POST", "/_sluice/faults", 201, "/_sluice/faults",
         R"({"match":{"path":"/runs"},"status":503,"times":1})");
  EXPECT_EQ(world_.get("/runs").status, 503u);
  EXPECT_EQ(world_.get("/runs").status, 200u);
  expect("GET", "/_sluice/faults", 200, "/_sluice/faults");
  expect("DELETE", "/_sluice/faults/{id}", 200, "/_sluice/faults/1");
  EXPECT_EQ(Json::parse(world_.get("/openapi.json").body), openapi_document(true));
}

}  // namespace
}  // namespace sluice
