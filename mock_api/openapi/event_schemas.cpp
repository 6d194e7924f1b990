// What runs tell by webhooks: payloads and envelopes of events, for the OpenAPI document.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "mock_api/contract/event_type.hpp"
#include "mock_api/openapi/endpoint_table.hpp"

namespace sluice {
namespace {

constexpr const char* kPayloads = R"json({
"RunNamed": {"type": "object", "required": ["session_id", "workflow_id"], "properties": {
  "session_id": {"type": "string"}, "workflow_id": {"type": "string"},
  "live_view_url": {"type": "string"}, "message": {"type": "string"}}},
"RunStep": {"type": "object",
  "required": ["session_id", "workflow_id", "current_step", "next_step"], "properties": {
  "session_id": {"type": "string"}, "workflow_id": {"type": "string"},
  "current_step": {"type": "string", "description": "the name of a node"},
  "next_step": {"type": "string"}}},
"RunRequeued": {"type": "object", "required": ["session_id", "workflow_id", "retry_attempt",
  "max_retries", "next_execution_time", "delay_ms"], "properties": {
  "session_id": {"type": "string"}, "workflow_id": {"type": "string"},
  "retry_attempt": {"type": "integer"}, "max_retries": {"type": "integer"},
  "next_execution_time": {"type": "string", "format": "date-time"},
  "delay_ms": {"type": "integer"}}},
"RunEnded": {"type": "object", "required": ["session_id", "workflow_id", "data",
  "input_variables", "errors", "status", "encrypted_variables", "file_urls", "vault_entries"],
  "properties": {"session_id": {"type": "string"}, "workflow_id": {"type": "string"},
  "data": {"type": ["object", "null"]}, "input_variables": {"type": "object"},
  "errors": {"type": "array", "items": {"$ref": "#/components/schemas/RunError"}},
  "status": {"$ref": "#/components/schemas/Status"},
  "encrypted_variables": {"type": ["array", "null"], "items": {"type": "string"}},
  "file_urls": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/File"}},
  "vault_entries": {"type": ["object", "null"]}}},
"RunStopped": {"anyOf": [{"$ref": "#/components/schemas/RunEnded"},
  {"type": "object", "required": ["message", "error_code", "session_id"],
    "description": "a run that had not started, or one that a failed login has stopped",
    "properties": {"message": {"type": "string"}, "error_code": {"type": "string"},
    "session_id": {"type": "string"}, "session_causing_error": {"type": "string"}}},
  {"type": "object",
    "required": ["message", "error_code", "session_causing_error", "session_ids"],
    "description": "several runs that a failed login has stopped", "properties": {
    "message": {"type": "string"}, "error_code": {"type": "string"},
    "session_causing_error": {"type": "string"},
    "session_ids": {"type": "array", "items": {"type": "string"}}}}]},
"InputRequired": {"type": "object",
  "required": ["session_id", "input_variables", "screenshot_url", "reason"], "properties": {
  "session_id": {"type": "string"}, "input_variables": {"type": "object"},
  "screenshot_url": {"type": ["string", "null"]}, "reason": {"type": "string"}}},
"InteractionWaiting": {"type": "object", "required": ["session_id", "workflow_id",
  "current_step", "missing_properties", "expected_json_schema_datamodel", "message"],
  "properties": {"session_id": {"type": "string"}, "workflow_id": {"type": "string"},
  "current_step": {"type": "string", "description": "the name of the node that asks"},
  "missing_properties": {"type": "array", "items": {"type": "string"}},
  "expected_json_schema_datamodel": {"type": "object"}, "message": {"type": "string"}}},
"InteractionFinished": {"anyOf": [{"$ref": "#/components/schemas/InteractionWaiting"},
  {"type": "object", "required": ["session_id", "workflow_id", "provided_input",
    "expected_json_schema_datamodel"], "properties": {
    "session_id": {"type": "string"}, "workflow_id": {"type": "string"},
    "provided_input": {}, "message": {"type": "string"},
    "expected_json_schema_datamodel": {"type": "object"}}}]},
"ErrorAnalysis": {"type": "object", "required": ["session_id", "analysis_step_name"],
  "properties": {"session_id": {"type": "string"}, "analysis_step_name": {"type": "string"},
  "ai_analysis": {"type": "string"}, "root_cause_analysis": {"type": "string"},
  "error_category": {"type": "string"}}}
})json";

/// "" for what runs never send.
std::string_view payload_of(EventType type) {
  switch (type) {
    case EventType::execution_queued:
    case EventType::execution_start:
    case EventType::execution_paused:
      return "RunNamed";
    case EventType::execution_step:
      return "RunStep";
    case EventType::execution_requeued:
      return "RunRequeued";
    case EventType::execution_success:
    case EventType::execution_failed:
      return "RunEnded";
    case EventType::execution_stopped:
      return "RunStopped";
    case EventType::execution_input_required:
      return "InputRequired";
    case EventType::file_uploaded:
      return "File";
    case EventType::screenshot_uploaded:
      return "Screenshot";
    case EventType::video_uploaded:
      return "Video";
    case EventType::interaction_waiting:
    case EventType::interaction_failed:
      return "InteractionWaiting";
    case EventType::interaction_finished:
      return "InteractionFinished";
    case EventType::agent_error_analysis:
      return "ErrorAnalysis";
    case EventType::agent_tfa_setup_recovery:
      break;
  }
  return "";
}

Json event_words(EventType type) {
  Json words = Json::array({name(type)});
  if (type == EventType::execution_paused) words.push_back("execution.pause");
  return {{"type", "string"}, {"enum", std::move(words)}};
}

Json envelope_of(EventType type) {
  return {{"type", "object"},
          {"required", {"event", "payload", "timestamp", "expires_at"}},
          {"properties",
           {{"event", event_words(type)},
            {"payload", {{"$ref", "#/components/schemas/" + std::string(payload_of(type))}}},
            {"timestamp", {{"type", "integer"}, {"description", "Unix seconds"}}},
            {"expires_at", {{"type", "integer"}, {"description", "Unix seconds"}}},
            {"metadata", {{"type", "object"}, {"description", "webhook.metadata of the run"}}}}}};
}

/// `execution.input_required` is sendExecutionInputRequired.
std::string operation_id(EventType type) {
  std::string id = "send";
  bool begins = true;
  for (const char c : name(type)) {
    if (c == '.' || c == '_') {
      begins = true;
      continue;
    }
    id += begins ? static_cast<char>(c - 'a' + 'A') : c;
    begins = false;
  }
  return id;
}

Json operation_of_event(EventType type) {
  const Json signature{{"name", "x-hmac-signature"},
                       {"in", "header"},
                       {"required", true},
                       {"description", "sha256= and the HMAC-SHA256 of the body in hex"},
                       {"schema", {{"type", "string"}}}};
  return {
      {"operationId", operation_id(type)},
      {"summary", "A run tells " + std::string(name(type))},
      {"tags", Json::array({"Webhooks"})},
      {"parameters", Json::array({signature})},
      {"requestBody",
       {{"required", true}, {"content", {{"application/json", {{"schema", envelope_of(type)}}}}}}},
      {"responses",
       {{"2XX", {{"description", "It has arrived; any other answer is a failed try."}}}}}};
}

}  // namespace

Json event_schemas() { return Json::parse(kPayloads); }

Json webhook_operations() {
  Json operations = Json::object();
  for (std::size_t i = 0; i < kEventTypes; ++i) {
    const auto type = static_cast<EventType>(i);
    if (!payload_of(type).empty())
      operations[std::string(name(type))]["post"] = operation_of_event(type);
  }
  return operations;
}

}  // namespace sluice
