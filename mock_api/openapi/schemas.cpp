// The named schemas of the OpenAPI document. What a reply may have besides is not forbidden.

#include "mock_api/openapi/endpoint_table.hpp"

namespace sluice {
namespace {

constexpr const char* kRuns = R"json({
"Status": {"type": "string", "enum": ["execution.queued", "execution.paused", "execution.start",
  "execution.requeued", "execution.success", "execution.failed", "execution.stopped"]},
"StartRun": {"type": "object", "required": ["workflow_id", "run_input_variables"], "properties": {
  "workflow_id": {"type": "string", "minLength": 1},
  "run_input_variables": {"type": "object", "description":
    "Inputs, and for each vault alias a permissioned_user_id or a pool of them."},
  "dry_run": {"type": ["object", "null"], "properties": {"enabled": {"type": "boolean"},
    "add_to_output": {"type": ["object", "null"]}}},
  "webhook": {"type": ["object", "null"], "properties": {"metadata": {"type": ["object", "null"]},
    "url": {"type": ["string", "null"]}, "secret": {"type": ["string", "null"]},
    "event_types_subscribed": {"type": ["array", "null"], "items": {"type": "string"}},
    "validity": {"type": ["integer", "null"], "minimum": 1, "description": "seconds"}}},
  "priority_level": {"enum": ["LOW", "MEDIUM", "HIGH", null], "default": "LOW"},
  "encrypted_variables": {"type": ["array", "null"], "items": {"type": "string"}},
  "force_refresh": {"type": ["boolean", "null"]},
  "capture_console_logs": {"type": ["boolean", "null"]},
  "include_live_view": {"type": ["boolean", "null"]},
  "debug": {"type": ["boolean", "null"]},
  "client_id": {"type": ["string", "null"]},
  "workflow_version": {"type": ["integer", "string", "null"]},
  "notifications": {"type": ["object", "null"], "properties": {"enabled": {"type": "boolean"}}},
  "additional_context": {}}},
"RunStarted": {"type": "object", "required": ["session_id"],
  "properties": {"session_id": {"type": "string", "format": "uuid"}}},
"Run": {"type": "object", "required": ["session_id", "status", "workflow_id", "input_variables",
    "data", "output_data", "vault_entries", "encrypted_variables", "session_retries", "video_urls",
    "file_urls", "screenshot_urls", "errors", "workflow_errors"],
  "properties": {
  "session_id": {"type": "string"}, "status": {"$ref": "#/components/schemas/Status"},
  "workflow_id": {"type": ["string", "null"]}, "input_variables": {"type": "object"},
  "data": {"type": ["object", "null"]}, "output_data": {"type": ["object", "null"]},
  "vault_entries": {"type": ["object", "null"]},
  "encrypted_variables": {"type": ["array", "null"], "items": {"type": "string"}},
  "session_retries": {"type": ["integer", "null"]},
  "video_urls": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Video"}},
  "file_urls": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/File"}},
  "screenshot_urls": {"type": ["array", "null"],
    "items": {"$ref": "#/components/schemas/Screenshot"}},
  "errors": {"type": "array", "items": {"$ref": "#/components/schemas/RunError"}},
  "workflow_errors": {"type": "array", "items": {"$ref": "#/components/schemas/RunError"}},
  "was_recovered": {"type": "boolean"},
  "recovered_error_ids": {"type": "array", "items": {"type": "string"}},
  "end_reason": {"type": ["string", "null"]}}},
"RunError": {"type": "object", "required": ["message", "error_id", "created_at"],
  "description": "Of a run that had not started, it names no node.", "properties": {
  "message": {"type": "string"}, "error_id": {"type": "string"},
  "created_at": {"type": "string", "format": "date-time"},
  "full_url": {"type": "string"}, "error_code": {"type": "string"},
  "action_type": {"type": "string"}, "action_display_name": {"type": "string"},
  "node_id": {"type": "string"}, "original_error": {"type": "string"},
  "llm_error_category": {"type": "string"}, "llm_error_sub_type": {"type": "string"},
  "llm_error_description": {"type": "string"}}}
})json";

constexpr const char* kRunParts = R"json({
"Video": {"type": "object", "required": ["session_id", "timestamp", "signed_screen_recording_url",
  "signed_screen_recording_url_expires"], "properties": {
  "session_id": {"type": "string"}, "timestamp": {"type": "string", "format": "date-time"},
  "signed_screen_recording_url": {"type": "string"},
  "signed_screen_recording_url_expires": {"type": "string", "format": "date-time"}}},
"File": {"type": "object", "required": ["session_id", "signed_file_url", "file_name", "timestamp",
  "signed_file_url_expires", "metadata"], "properties": {
  "session_id": {"type": "string"}, "signed_file_url": {"type": "string"},
  "file_name": {"type": "string"}, "timestamp": {"type": "string", "format": "date-time"},
  "signed_file_url_expires": {"type": "string", "format": "date-time"},
  "metadata": {"type": "object"}}},
"Screenshot": {"type": "object", "required": ["session_id", "screenshot_id",
  "signed_screenshot_url", "node_id", "node_display_name", "timestamp",
  "signed_screenshot_url_expires", "error_screenshot", "full_length_screenshot", "retry_index"],
  "properties": {"session_id": {"type": "string"}, "screenshot_id": {"type": "string"},
  "signed_screenshot_url": {"type": "string"}, "node_id": {"type": "string"},
  "node_display_name": {"type": "string"}, "timestamp": {"type": "string", "format": "date-time"},
  "signed_screenshot_url_expires": {"type": "string", "format": "date-time"},
  "error_screenshot": {"type": "boolean"}, "full_length_screenshot": {"type": "boolean"},
  "retry_index": {"type": "integer"}, "metadata": {"type": "object"}}},
"RunRow": {"type": "object", "required": ["session_id", "status"], "properties": {
  "session_id": {"type": "string"}, "status": {"$ref": "#/components/schemas/Status"},
  "created_at": {"type": ["string", "null"]}, "workflow_id": {"type": ["string", "null"]},
  "workspace_id": {"type": ["string", "null"]}, "execution_start": {"type": ["string", "null"]},
  "execution_end": {"type": ["string", "null"]}, "dry_run": {"type": "boolean"}}},
"NewInputVariables": {"oneOf": [
  {"type": "object", "required": ["input_variables"], "properties": {
    "input_variables": {"type": "object", "description": "only what changes"}}},
  {"type": "object", "required": ["modal_action"], "properties": {
    "modal_action": {"type": "string"}}},
  {"type": "object", "required": ["chosen_option"], "properties": {
    "chosen_option": {"type": "string"}, "save_decision": {"type": "boolean"}}}]},
"DebugSnapshots": {"type": "object",
  "required": ["session_id", "node_id", "page_snapshot_url", "screenshots"], "properties": {
  "session_id": {"type": "string"}, "node_id": {"type": "string"},
  "page_snapshot_url": {"type": ["string", "null"]}, "screenshots": {
    "type": "array", "items": {"$ref": "#/components/schemas/Screenshot"}}}},
"ErrorReport": {"type": "object",
  "required": ["workflow_id", "timeframe", "total_errors", "error_groups"], "properties": {
  "workflow_id": {"type": "string"}, "total_errors": {"type": "integer"},
  "timeframe": {"type": "object", "required": ["start", "end"], "properties": {
    "start": {"type": "string", "format": "date-time"},
    "end": {"type": "string", "format": "date-time"}}},
  "error_groups": {"type": "object", "description": "by error code", "additionalProperties": {
    "type": "object", "required": ["count", "errors"], "properties": {
    "count": {"type": "integer"},
    "errors": {"type": "array", "items": {"type": "object", "required": ["session_id",
      "created_at", "error_code", "error_category", "message", "error_details"], "properties": {
      "session_id": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"},
      "error_code": {"type": "string"}, "error_category": {"type": "string"},
      "message": {"type": "string"}, "error_details": {"type": "object"}}}}}}}}}
})json";

constexpr const char* kRunReplies = R"json({
"WebhookReplay": {"type": "object",
  "required": ["status", "info", "nr_success", "nr_failed", "webhook_events"], "properties": {
  "status": {"type": "string"}, "info": {"type": "string"}, "nr_success": {"type": "integer"},
  "nr_failed": {"type": "integer"}, "webhook_events": {"type": "array", "items": {
    "type": "object", "required": ["success", "response", "error"], "properties": {
    "success": {"type": "boolean"}, "response": {"type": "string"},
    "error": {"type": "string"}}}}}},
"WebhookLog": {"type": "object", "required": ["webhook_events"], "properties": {
  "webhook_events": {"type": "array", "items": {"type": "object", "required": ["created_at",
    "workflow_id", "session_id", "url", "delivered", "delivery_errors", "duration", "retries",
    "message"], "properties": {
    "created_at": {"type": "string", "format": "date-time"}, "workflow_id": {"type": "string"},
    "session_id": {"type": "string"}, "url": {"type": "string"},
    "delivered": {"type": "boolean"},
    "delivery_errors": {"type": "array", "items": {"type": "string"}},
    "duration": {"type": "integer", "description": "ms"}, "retries": {"type": "integer"},
    "message": {"type": "object"}}}}}},
"SessionOutcome": {"type": "object", "required": ["session_id", "success"], "properties": {
  "session_id": {"type": "string"}, "success": {"type": "boolean"}}},
"Outcome": {"type": "object", "required": ["success"], "properties": {
  "success": {"type": "boolean"}, "message": {"type": "string"}}}
})json";

constexpr const char* kErrors = R"json({
"Object": {"type": "object"},
"Error": {"type": "object", "required": ["statusCode", "message", "error"], "properties": {
  "statusCode": {"type": "integer"}, "message": {"type": "string"}, "error": {"type": "string"},
  "code": {"type": "string"}}},
"StartRunRefused": {"type": "object", "required": ["statusCode", "message"], "properties": {
  "statusCode": {"type": "integer"}, "message": {"type": "string"}, "error": {"type": "string"},
  "code": {"type": "string"},
  "run_input_variables_errors": {"type": "array", "items": {"type": "object",
    "required": ["field", "message", "keyword", "expected"], "properties": {
    "field": {"type": "string"}, "message": {"type": "string"}, "keyword": {"type": "string"},
    "expected": {"type": "object"}, "received": {}}}},
  "input_schema": {"type": "object"}}},
"RateLimited": {"type": "object",
  "required": ["statusCode", "error", "message", "limit", "remaining", "retryAfterSeconds"],
  "properties": {"statusCode": {"type": "integer"}, "error": {"type": "string"},
  "message": {"type": "string"},
  "limit": {"type": "integer", "description": "requests of the window that is full"},
  "remaining": {"type": "integer"},
  "retryAfterSeconds": {"type": "integer", "minimum": 1}}},
"VersionConflict": {"type": "object", "required": ["statusCode", "code", "message",
  "latestVersionId", "latestVersionNumber", "latestCreatedBy", "latestCreatedAt",
  "latestVersionNote"], "properties": {
  "statusCode": {"type": "integer"}, "error": {"type": "string"}, "code": {"type": "string"},
  "message": {"type": "string"}, "latestVersionId": {"type": "string"},
  "latestVersionNumber": {"type": "integer"}, "latestCreatedBy": {"type": "string"},
  "latestCreatedAt": {"type": "string", "format": "date-time"},
  "latestVersionNote": {"type": ["string", "null"]}}}
})json";

constexpr const char* kAdminBodies = R"json({
"Count": {"type": "object", "required": ["count"],
  "properties": {"count": {"type": "integer", "minimum": 0}}},
"WorkerTarget": {"type": "object", "required": ["count"], "properties": {"count": {
  "type": ["integer", "null"], "minimum": 0,
  "description": "null: what the scenario's incidents, autoscaler, schedule or count say"}}},
"Advance": {"oneOf": [
  {"type": "object", "required": ["by"], "properties": {"by": {"type": "string"}}},
  {"type": "object", "required": ["to"], "properties": {"to": {"type": "string"},
    "limit": {"type": "string"}}},
  {"type": "object", "required": ["until"], "properties": {"limit": {"type": "string"},
    "until": {"oneOf": [{"const": "idle"}, {"type": "object", "required": ["run"],
      "properties": {"run": {"type": "string"}, "status": {"type": "string"}}}]}}}]},
"Matcher": {"type": "object", "description":
  "Everything that is given must fit; `*` is a segment of the path, `**` any rest.",
  "properties": {"method": {"type": "string"}, "path": {"type": "string"},
  "workspace": {"type": "string"}, "status": {"type": "integer"},
  "headers": {"type": "object"}, "query": {"type": "object"}, "body": {},
  "limit": {"type": "integer", "minimum": 0}}},
"Verification": {"type": "object", "description":
  "A matcher, and how many requests must fit it; without a number at least one.",
  "properties": {"count": {"type": "integer"}, "at_least": {"type": "integer"},
  "at_most": {"type": "integer"}, "never": {"type": "boolean"},
  "order": {"type": "array", "items": {"$ref": "#/components/schemas/Matcher"}},
  "within": {"type": "string", "description": "wall time"}}},
"Verified": {"type": "object", "required": ["verified", "seen"], "properties": {
  "verified": {"type": "boolean"}, "count": {"type": "integer"}, "matched": {"type": "integer"},
  "of": {"type": "integer"}, "seen": {"type": "integer"}, "missing": {"type": "object"},
  "nearest": {"type": "array", "items": {"type": "object"}},
  "unwanted": {"type": "array", "items": {"type": "object"}}}},
"Fault": {"type": "object", "properties": {
  "match": {"$ref": "#/components/schemas/Matcher"},
  "probability": {"type": ["number", "string"]}, "times": {"type": "integer", "minimum": 1},
  "after": {"type": ["integer", "string"], "description": "requests that fit and pass, or a time"},
  "for": {"type": "string", "description": "simulated, from when it begins"},
  "seed": {"type": "integer", "minimum": 0},
  "latency": {"type": "string"}, "status": {"type": "integer", "minimum": 200, "maximum": 599},
  "headers": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
  "body": {},
  "wire": {"enum": ["reset", "reset_after", "close", "close_after", "stall", "stall_after",
    "reset_mid_body", "close_mid_body", "malformed_body"]},
  "stream": {"enum": ["end", "close", "reset", "half_event", "silence", "drop", "repeat"]},
  "after_events": {"type": "integer", "minimum": 0}, "events": {"type": "integer", "minimum": 1},
  "drop_webhook": {"oneOf": [{"const": true}, {"type": "object",
    "properties": {"url": {"type": "string"}, "event": {"type": "string"}}}]}}},
"StandingFault": {"type": "object", "required": ["id", "fits", "struck", "waiting", "left",
  "fault"], "properties": {
  "id": {"type": "string"}, "fits": {"type": "integer", "description": "requests so far"},
  "struck": {"type": "integer", "description": "of those, what has happened"},
  "waiting": {"type": "integer", "description": "of those, chosen and not known yet"},
  "left": {"type": ["integer", "null"]}, "fault": {"$ref": "#/components/schemas/Fault"}}}
})json";

constexpr const char* kScripts = R"json({
"RunScript": {"type": ["object", "string"], "description":
  "As a string: OUTCOME; KEY=VALUE; …", "properties": {
  "outcome": {"enum": ["success", "fail", "timeout", "login_fails"]},
  "takes": {"type": "string"}, "step": {"type": "integer", "minimum": 1},
  "retries": {"type": "integer", "minimum": 0}, "category": {"type": "string"},
  "sub_type": {"type": "string"}, "error_code": {"type": "string"},
  "message": {"type": "string"}, "description": {"type": "string"},
  "asks": {"oneOf": [{"enum": ["user_interaction", "input_required"]}, {"type": "object",
    "properties": {"kind": {"enum": ["user_interaction", "input_required"]},
    "step": {"type": "integer", "minimum": 1}, "message": {"type": "string"},
    "schema": {"type": "object"}, "timeout": {"type": "string"}}}]},
  "output": {"type": "object"}}},
"ScriptRule": {"type": "object", "required": ["script"], "properties": {
  "script": {"$ref": "#/components/schemas/RunScript"},
  "times": {"type": "integer", "minimum": 1},
  "match": {"type": "object", "properties": {"workflow": {"type": "string"},
    "workspace": {"type": "string"}, "priority": {"enum": ["LOW", "MEDIUM", "HIGH"]},
    "client_id": {"type": "string"}, "inputs": {"type": "object"}}}}}
})json";

constexpr const char* kVault = R"json({
"VaultName": {"type": "object", "required": ["permissioned_user_id", "domain"], "properties": {
  "permissioned_user_id": {"type": "string", "minLength": 1},
  "domain": {"type": "string", "minLength": 1}}},
"VaultWrite": {"type": "object", "required": ["permissioned_user_id", "domain"],
  "description": "user_name, password and tfa_secret are ciphertext.", "properties": {
  "permissioned_user_id": {"type": "string"}, "domain": {"type": "string", "format": "uri"},
  "user_name": {"type": ["string", "null"]}, "password": {"type": ["string", "null"]},
  "tfa_secret": {"type": ["string", "null"]},
  "tfa_method": {"enum": ["AUTHENTICATOR", "EMAIL", "SMS", "MAGIC_LINK", null]},
  "user_alias": {"type": ["string", "null"]}, "cookies": {"type": ["array", "null"]},
  "local_storage": {"type": ["object", "null"]}, "session_storage": {"type": ["object", "null"]},
  "persist_cookies": {"type": ["boolean", "null"]},
  "persist_local_storage": {"type": ["boolean", "null"]},
  "persist_session_storage": {"type": ["boolean", "null"]},
  "ip_address": {"type": ["string", "null"]}, "location": {"type": ["string", "null"]},
  "proxy": {"type": ["object", "null"]},
  "allow_multiple_sessions": {"type": ["boolean", "null"]},
  "max_concurrency": {"type": ["integer", "null"], "minimum": 1},
  "prevent_concurrency_during_login": {"type": ["boolean", "null"]},
  "expiry_time_from_last_use": {"type": ["string", "null"]},
  "expiry_time_from_session_data_set": {"type": ["string", "null"]}}},
"VaultEntry": {"type": "object", "required": ["id", "permissioned_user_id", "domain",
    "tfa_method", "tfa_email", "cookies", "session_storage", "local_storage", "persist_cookies",
    "persist_local_storage", "persist_session_storage", "skip_csrf_cookies",
    "allow_multiple_sessions", "max_concurrency", "prevent_concurrency_during_login",
    "expiry_time_from_last_use", "expiry_time_from_session_data_set", "session_data_set_at",
    "effective_expires_at", "workspace_id", "created_at", "updated_at"],
  "properties": {"id": {"type": "string"}, "permissioned_user_id": {"type": "string"},
  "domain": {"type": "string"}, "user_name": {"type": "string"}, "password": {"type": "string"},
  "tfa_secret": {"type": "string"},
  "tfa_method": {"enum": ["AUTHENTICATOR", "EMAIL", "SMS", "MAGIC_LINK", null]},
  "tfa_email": {"type": "string"}, "user_alias": {"type": "string"},
  "cookies": {"type": ["array", "null"]}, "session_storage": {"type": ["object", "null"]},
  "local_storage": {"type": ["object", "null"]}, "persist_cookies": {"type": "boolean"},
  "persist_local_storage": {"type": "boolean"}, "persist_session_storage": {"type": "boolean"},
  "skip_csrf_cookies": {"type": "boolean"}, "proxy": {"type": "object"},
  "proxy_string": {"type": ["string", "null"]}, "ip_address": {"type": "string"},
  "location": {"type": "string"}, "user_agent": {"type": "string"},
  "session_id": {"type": "string"}, "user_id": {"type": "string"},
  "allow_multiple_sessions": {"type": "boolean"},
  "max_concurrency": {"type": ["integer", "null"]},
  "prevent_concurrency_during_login": {"type": "boolean"},
  "expiry_time_from_last_use": {"type": ["string", "null"]},
  "expiry_time_from_session_data_set": {"type": ["string", "null"]},
  "session_data_set_at": {"type": ["string", "null"]},
  "effective_expires_at": {"type": ["string", "null"]},
  "workspace_id": {"type": "string"}, "organization_id": {"type": ["string", "null"]},
  "site_identifier": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"},
  "updated_at": {"type": "string", "format": "date-time"}}},
"VaultAnswer": {"anyOf": [{"$ref": "#/components/schemas/VaultEntry"},
  {"type": "array", "items": {"$ref": "#/components/schemas/VaultEntry"}}]},
"TfaCode": {"type": "object", "required": ["type", "code"], "properties": {
  "type": {"enum": ["authenticator", "email"]}, "code": {"type": "string"},
  "expires_in_seconds": {"type": "integer"}, "received_at": {"type": "string"}}}
})json";

constexpr const char* kWorkflows = R"json({
"WorkflowSummary": {"type": "object", "required": ["id", "name", "description", "created_at",
    "updated_at", "workspace_id", "created_by", "enable_popup_handling",
    "enable_xpath_recovery", "enable_error_code_generation",
    "enable_service_unavailable_recovery", "enable_action_timing_recovery"],
  "properties": {"id": {"type": "string"}, "name": {"type": "string"},
  "description": {"type": ["string", "null"]}, "created_at": {"type": "string"},
  "updated_at": {"type": "string"}, "workspace_id": {"type": "string"},
  "created_by": {"type": "string"}, "enable_popup_handling": {"type": "boolean"},
  "enable_xpath_recovery": {"type": "boolean"}, "enable_error_code_generation": {"type": "boolean"},
  "enable_service_unavailable_recovery": {"type": "boolean"},
  "enable_action_timing_recovery": {"type": "boolean"}}},
"WorkflowNode": {"type": "object", "required": ["id", "name", "action"], "properties": {
  "id": {"type": "string"}, "name": {"type": "string"}, "action": {"type": "string"},
  "parameters": {"type": "object"},
  "end_here_on_dry_run": {"type": "boolean", "description": "the last node of a dry run"}}},
"Workflow": {"allOf": [{"$ref": "#/components/schemas/WorkflowSummary"}, {"type": "object",
  "required": ["nodes", "edges", "version_number", "version_id", "input_schema", "output_schema",
    "max_retries", "vault_schema", "encrypted_keys", "origin_catalog_workflow_id",
    "origin_catalog_version_number", "track_updates_from_catalog"],
  "properties": {"nodes": {"type": "array", "items": {"$ref": "#/components/schemas/WorkflowNode"}},
  "edges": {"type": "object"},
  "version_number": {"type": "integer"}, "version_id": {"type": "string"},
  "input_schema": {"type": "object"}, "output_schema": {"type": "object"},
  "max_retries": {"type": "integer", "minimum": 0}, "vault_schema": {"type": "object"},
  "version_note": {"type": ["string", "null"]},
  "encrypted_keys": {"type": "array", "items": {"type": "string"}},
  "origin_catalog_workflow_id": {"type": ["string", "null"]},
  "origin_catalog_version_number": {"type": ["integer", "null"]},
  "track_updates_from_catalog": {"type": "boolean"}}}]},
"WorkflowMetadata": {"type": "object", "required": ["input_schema", "vault_schema", "workspace_id"],
  "properties": {"input_schema": {"type": "object"}, "workspace_id": {"type": "string"},
  "vault_schema": {"type": "object", "additionalProperties": {"type": "object",
    "required": ["type", "domain"], "properties": {"type": {"const": "credential"},
    "domain": {"type": "string"}, "example": {"type": "string"}}}}}},
"WorkflowWrite": {"type": "object", "required": ["nodes", "edges", "name", "input_schema",
    "output_schema", "max_retries"],
  "properties": {
  "nodes": {"type": "array", "items": {"$ref": "#/components/schemas/WorkflowNode"}},
  "edges": {"type": "object"},
  "name": {"type": "string"}, "input_schema": {"type": "object"},
  "output_schema": {"type": "object"}, "max_retries": {"type": "integer", "minimum": 0},
  "base_version_id": {"type": ["string", "null"]}}}
})json";

/// Makers of typed clients take an object without any named property for an empty one; here it is a
/// map of anything.
void open_maps(Json& schema) {
  if (schema.is_array())
    for (Json& item : schema) open_maps(item);
  if (!schema.is_object()) return;
  for (auto& [key, value] : schema.items()) open_maps(value);
  const Json type = schema.value("type", Json());
  const bool is_map = type == "object" || (type.is_array() && type[0] == "object");
  if (is_map && !schema.contains("properties") && !schema.contains("additionalProperties"))
    schema["additionalProperties"] = true;
}

}  // namespace

Json component_schemas() {
  Json all = Json::object();
  for (const char* part :
       {kRuns, kRunParts, kRunReplies, kScripts, kVault, kWorkflows, kErrors, kAdminBodies})
    all.update(Json::parse(part));
  all.update(event_schemas());
  open_maps(all);
  return all;
}

}  // namespace sluice
