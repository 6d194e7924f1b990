// The OpenAPI document against the router. What is really answered: replies_test.cpp.
#include <gmock/gmock.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "http/query_string.hpp"
#include "mock_api/endpoints/routes.hpp"
#include "mock_api/openapi/endpoint_table.hpp"

namespace sluice {
namespace {

using namespace ::testing;

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
  const Json document = openapi_document(true);
  const std::string text = document.dump();
  for (std::size_t at = text.find("#/components"); at != text.npos;
       at = text.find("#/components", at + 1))
    EXPECT_TRUE(
        document.contains(Json::json_pointer(text.substr(at + 1, text.find('"', at) - at - 1))));
}

/// Names in `required` that no property is called, anywhere below `json`.
void add_unknown_names(const Json& json, const std::string& path, std::vector<std::string>& names) {
  if (json.is_object() && json.contains("required") && json["required"].is_array())
    for (const Json& name : json["required"])
      if (!json.contains("properties") || !json["properties"].contains(name.get<std::string>()))
        names.push_back(path + '.' + name.get<std::string>());
  if (json.is_object())
    for (const auto& [key, value] : json.items()) add_unknown_names(value, path + '/' + key, names);
  if (json.is_array())
    for (const Json& value : json) add_unknown_names(value, path, names);
}

TEST(OpenApi, has_a_schema_for_every_name_that_is_required) {
  std::vector<std::string> unknown;
  add_unknown_names(openapi_document(true), "", unknown);
  EXPECT_THAT(unknown, IsEmpty());
}

TEST(OpenApi, says_where_it_is_served_and_what_it_sends) {
  const Json document = openapi_document(true, "http://127.0.0.1:7");
  EXPECT_EQ(document["servers"][0]["url"], "http://127.0.0.1:7");
  EXPECT_TRUE(document["webhooks"].contains("execution.success"));
  std::set<std::string> ids;
  for (const char* part : {"paths", "webhooks"})
    for (const auto& [path, operations] : document[part].items())
      for (const auto& [method, operation] : operations.items())
        EXPECT_TRUE(ids.insert(operation["operationId"].get<std::string>()).second) << path;
  for (const char* status : {"401", "404", "405", "413", "429", "503"})
    EXPECT_TRUE(document["paths"]["/run"]["post"]["responses"].contains(status)) << status;
  const Json limited = document["paths"]["/run"]["post"]["responses"]["429"];
  for (const char* header :
       {"Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"})
    EXPECT_EQ(limited["headers"][header]["schema"]["type"], "integer") << header;
}

TEST(OpenApi, leaves_out_what_is_switched_off) {
  EXPECT_FALSE(openapi_document(false)["paths"].contains("/_sluice/state"));
  EXPECT_TRUE(openapi_document(true)["paths"].contains("/_sluice/state"));
}

}  // namespace
}  // namespace sluice
