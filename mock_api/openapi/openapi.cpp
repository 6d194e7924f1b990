// The OpenAPI document, from the table of endpoints and the named schemas.
#include <array>
#include <string>

#include "http/reason_phrase.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/openapi/endpoint_table.hpp"

namespace sluice {
namespace {

Json reference(std::string_view name) {
  return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

/// Of "X" or "[X]".
Json schema_of(std::string_view name) {
  if (!name.starts_with('[')) return reference(name);
  return {{"type", "array"}, {"items", reference(name.substr(1, name.size() - 2))}};
}

Json content_of(std::string_view name) {
  return {{"application/json", {{"schema", schema_of(name)}}}};
}

/// Calls f(word) for each word.
template <class F>
void for_each_word(std::string_view text, F f) {
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    f(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
}

Json query_schema(std::string_view name) {
  const auto list_of = [](Json item) {
    return Json{{"type", "array"}, {"items", std::move(item)}};
  };
  if (name == "limit") return {{"type", "integer"}, {"minimum", 1}};
  if (name == "statuses") return list_of(reference("Status"));
  if (name == "workflow_ids" || name == "credential_ids") return list_of({{"type", "string"}});
  return {{"type", "string"}};
}

Json parameters_of(const Endpoint& endpoint) {
  Json parameters = Json::array();
  std::string_view path = endpoint.path;
  for (std::size_t open = path.find('{'); open != path.npos; open = path.find('{')) {
    const std::size_t close = path.find('}');
    parameters.push_back({{"name", path.substr(open + 1, close - open - 1)},
                          {"in", "path"},
                          {"required", true},
                          {"schema", {{"type", "string"}}}});
    path.remove_prefix(close + 1);
  }
  for_each_word(endpoint.query, [&parameters](std::string_view name) {
    const bool required = name.ends_with('!');
    if (required) name.remove_suffix(1);
    parameters.push_back(
        {{"name", name}, {"in", "query"}, {"required", required}, {"schema", query_schema(name)}});
  });
  const auto header = [&parameters](const char* name, const char* description) {
    parameters.push_back({{"name", name},
                          {"in", "header"},
                          {"required", false},
                          {"description", description},
                          {"schema", {{"type", "string"}}}});
  };
  if (endpoint.operation == "startRun") {
    header("X-Sluice-Run", "SUBMITTER/INDEX: whose random draws the run gets");
    header("X-Sluice-Script", "how the run goes: a RunScript, or its short form");
  }
  return parameters;
}

std::string_view media_type_of(const Endpoint& endpoint) {
  if (endpoint.operation == "streamEvents") return "text/event-stream";
  if (endpoint.operation == "getIncidents") return "application/yaml";
  return endpoint.operation == "getMetrics" ? "text/plain" : "application/octet-stream";
}

/// Refusals of single operations, beside those that follow from what an operation takes.
struct Refusal {
  std::string_view operation;
  unsigned status;
  const char* schema = "Error";
};
constexpr auto kRefusals = std::to_array<Refusal>({
    {"startRun", 404},
    {"startRun", 500},
    {"startRun", 503},
    {"answerInteraction", 409},
    {"createVaultEntry", 409},
    {"updateVaultEntry", 404},
    {"getVault", 404},
    {"deleteVaultEntry", 404},
    {"clearBrowserState", 404},
    {"getTfaCode", 404},
    {"getTfaCode", 409},
    {"putWorkflow", 409, "VersionConflict"},
    {"getFile", 403},
    {"getHealth", 500, "Object"},
    {"getReadiness", 503, "Object"},
    {"advanceClock", 404},
    {"advanceClock", 409},
    {"advanceClock", 503},
});

// ---- headers

Json described_header(const char* description, const char* type = "integer") {
  return {{"description", description}, {"schema", {{"type", type}}}};
}

Json rate_headers() {
  return {{"X-RateLimit-Limit", described_header("requests of the window with the least room")},
          {"X-RateLimit-Remaining", described_header("how many of them are left")},
          {"X-RateLimit-Reset", described_header("seconds until there is more room")}};
}

/// Of a refusal; none: null.
Json refusal_headers(unsigned status) {
  if (status == 405)
    return {{"Allow", described_header("the methods that the path has", "string")}};
  if (status != 429) return nullptr;
  Json headers = rate_headers();
  headers["Retry-After"] = described_header("seconds until the next try can succeed");
  return headers;
}

Json good_response(const Endpoint& endpoint) {
  Json good{{"description", std::string(reason_phrase(endpoint.status))}};
  if (endpoint.part == Endpoint::Part::api && endpoint.operation != "streamEvents")
    good["headers"] = rate_headers();
  good["content"] =
      endpoint.reply.empty()
          ? Json{{std::string(media_type_of(endpoint)), {{"schema", {{"type", "string"}}}}}}
          : content_of(endpoint.reply);
  return good;
}

Json responses_of(const Endpoint& endpoint) {
  Json responses{{std::to_string(endpoint.status), good_response(endpoint)}};
  const auto add = [&responses](unsigned status, const char* schema) {
    Json& response = responses[std::to_string(status)];
    response = {{"description", std::string(reason_phrase(status))},
                {"content", content_of(schema)}};
    if (Json headers = refusal_headers(status); !headers.is_null())
      response["headers"] = std::move(headers);
  };
  add(405, "Error");  // to the methods that the path has not
  if (!endpoint.request.empty()) add(413, "Error");
  if (endpoint.part == Endpoint::Part::api) {
    add(401, "Error");
    add(429, "RateLimited");
  }
  if (!endpoint.request.empty() || !endpoint.query.empty())
    add(400, endpoint.operation == "startRun" ? "StartRunRefused" : "Error");
  // Every client id has a stream.
  if (endpoint.path.find('{') != endpoint.path.npos && endpoint.operation != "streamEvents")
    add(404, "Error");
  for (const Refusal& refusal : kRefusals)
    if (refusal.operation == endpoint.operation) add(refusal.status, refusal.schema);
  return responses;
}

constexpr std::string_view tag_of(Endpoint::Part part) {
  return part == Endpoint::Part::api     ? "API"
         : part == Endpoint::Part::admin ? "For tests"
                                         : "Server";
}

Json operation_of(const Endpoint& endpoint) {
  Json operation{{"operationId", endpoint.operation},
                 {"summary", endpoint.summary},
                 {"tags", Json::array({tag_of(endpoint.part)})}};
  if (Json parameters = parameters_of(endpoint); !parameters.empty())
    operation["parameters"] = std::move(parameters);
  if (!endpoint.request.empty())
    operation["requestBody"] = {{"required", true}, {"content", content_of(endpoint.request)}};
  operation["responses"] = responses_of(endpoint);
  if (endpoint.part == Endpoint::Part::api)
    operation["security"] = Json::array({{{"key", Json::array()}}});
  return operation;
}

std::string lower(std::string_view method) {
  std::string text;
  for (const char c : method) text += static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

Json openapi_document(bool with_admin, const std::string& server) {
  Json paths = Json::object();
  for (const Endpoint& endpoint : endpoints())
    if (with_admin || endpoint.part != Endpoint::Part::admin)
      paths[std::string(endpoint.path)][lower(endpoint.method)] = operation_of(endpoint);
  return {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Sluice mock of the run API"},
        {"version", SLUICE_VERSION},
        {"description",
         "The pipeline of a scenario behind the start-run API. Keys are `sk_` and the "
         "workspace's name unless the scenario says otherwise. What is no proper HTTP request is "
         "answered with 400, 408, 431, 501 or 505, and what the faults of `/_sluice/faults` say "
         "comes on top."}}},
      {"servers", Json::array({{{"url", server.empty() ? "/" : server}}})},
      {"paths", std::move(paths)},
      {"webhooks", webhook_operations()},
      {"components",
       {{"securitySchemes", {{"key", {{"type", "apiKey"}, {"in", "header"}, {"name", "cc-key"}}}}},
        {"schemas", component_schemas()}}}};
}

}  // namespace sluice
