// The OpenAPI document as it is served, and what it says of replies and webhooks.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/unit/reports/valijson_schema.hpp"

namespace sluice::test {

/// A document as it is served, and what it says of a reply.
class Document {
 public:
  explicit Document(const std::string& text) : json_(nlohmann::json::parse(text)) {}

  /// "" if `body` is what it says of that operation and status.
  std::string problem_of(std::string_view method, std::string_view path, unsigned status,
                         const std::string& body) {
    std::string lower;
    for (const char c : method) lower += static_cast<char>(c - 'A' + 'a');
    const auto& operation = json_["paths"][std::string(path)][lower];
    const std::string code = std::to_string(status);
    if (!operation["responses"].contains(code)) return "no reply " + code + ": " + body;
    seen_.insert(operation["operationId"].get<std::string>() + ' ' + code);
    return problem_of(operation["responses"][code]["content"]["application/json"]["schema"], body);
  }

  /// Methods that a path has not.
  std::vector<std::string> other_methods(std::string_view path) const {
    std::vector<std::string> others;
    for (const auto& [method, lower] :
         {std::pair("GET", "get"), std::pair("POST", "post"), std::pair("PUT", "put"),
          std::pair("PATCH", "patch"), std::pair("DELETE", "delete")})
      if (!json_["paths"].at(std::string(path)).contains(lower)) others.emplace_back(method);
    return others;
  }

  /// "" if `body` is what it says of webhooks of that event.
  std::string problem_of_webhook(const std::string& event, const std::string& body) const {
    if (!json_["webhooks"].contains(event)) return "no webhook " + event;
    const auto& request = json_["webhooks"][event]["post"]["requestBody"];
    return problem_of(request["content"]["application/json"]["schema"], body);
  }
  std::set<std::string> webhooks() const {
    std::set<std::string> events;
    for (const auto& [event, operation] : json_["webhooks"].items()) events.insert(event);
    return events;
  }

  /// Replies that it promises and nobody has seen: "getRun 404".
  std::vector<std::string> unseen() const {
    std::vector<std::string> unseen;
    for (const auto& [path, methods] : json_["paths"].items())
      for (const auto& [method, operation] : methods.items())
        for (const auto& [code, response] : operation["responses"].items()) {
          const std::string name = operation["operationId"].get<std::string>() + ' ' + code;
          if (response["content"].contains("application/json") && !seen_.contains(name))
            unseen.push_back(name);
        }
    return unseen;
  }

 private:
  std::string problem_of(const nlohmann::json& wanted, const std::string& text) const {
    const nlohmann::json schema{{"allOf", {wanted}}, {"components", json_["components"]}};
    const std::string problems =
        test::ValijsonSchema(schema).violations(nlohmann::json::parse(text, nullptr, false));
    return problems.empty() ? "" : text + "\n" + problems;
  }

  nlohmann::json json_;
  std::set<std::string> seen_;
};

}  // namespace sluice::test
