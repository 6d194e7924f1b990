// A scenario with two workspaces, a credential and a workflow, and requests in a line, for tests of
// what the API knows beside runs.
#pragma once

#include <string>
#include <string_view>

#include "base/text/json.hpp"
#include "http/message.hpp"
#include "scenarios/scenario.hpp"

namespace sluice::test {

/// Workspaces `acme` and `other`; credentials `portal-1`, `portal-2` of https://portal.example.com;
/// workflow `claims` with the alias USER and three steps.
inline Scenario small_served_scenario() {
  Scenario scenario;
  PipelineConfig& pipeline = scenario.pipeline;
  pipeline.groups.push_back({"main", {}, {}, {}});
  pipeline.workspaces = {{"acme", GroupId::at(0)}, {"other", GroupId::at(0)}};
  for (const char* name : {"portal-1", "portal-2"}) {
    CredentialConfig credential;
    credential.name = name;
    credential.domain = "https://portal.example.com";
    pipeline.credentials.push_back(credential);
  }
  WorkflowConfig workflow;
  workflow.name = "claims";
  workflow.aliases = {"USER"};
  workflow.steps = 3;
  workflow.max_retries = 2;
  pipeline.workflows.push_back(workflow);
  ServedWorkflow served;
  served.domains["USER"] = "https://portal.example.com";
  served.input_schema = R"({"type":"object","properties":{"claim":{"type":"string"}}})";
  scenario.serve.workflows.push_back(served);
  return scenario;
}

inline HttpRequest request(std::string_view method, std::string_view target,
                           std::string_view body = {}) {
  HttpRequest request;
  request.method = method;
  request.target = target;
  request.body = body;
  return request;
}

inline Json body_of(const HttpReply& reply) { return Json::parse(reply.body); }

}  // namespace sluice::test
