#include "mock_api/endpoints/run_api.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text/json.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/contract/json_schema/json_schema.hpp"
#include "reports/runs/run_words.hpp"

namespace sluice {
namespace {

void add(std::string& json, std::string_view key, std::string_view value) {
  json += json.empty() ? '{' : ',';
  append_quoted_json(json, key);
  json += ':';
  json += value;
}

void add_text(std::string& json, std::string_view key, std::string_view text) {
  add(json, key, quoted_json(text));
}

bool was_recovered(const ServedRun& run) {
  for (const RunError& error : run.errors)
    if (error.recovered) return true;
  return false;
}

std::string end_reason_of(const ServedRun& run) {
  if (!run.is_terminal() || run.end_reason == EndReason::completed) return "null";
  return quoted_json(name(run.end_reason));
}

HttpReply success_reply(const ServedRun& run) {
  return json_reply(200, Json{{"session_id", run.session_id}, {"success", true}});
}

/// None if the text answers what was asked for; else what is wrong with it.
std::optional<std::string> problem_with_answer(const Json& answer, const std::string& expected) {
  const auto schema = parse_json(expected);
  if (!schema) return std::nullopt;
  try {
    const auto problem = JsonSchema(*schema).check(answer);
    if (!problem) return std::nullopt;
    return problem->pointer.empty() ? problem->message
                                    : fmt::format("{} {}", problem->pointer, problem->message);
  } catch (const std::invalid_argument&) {
    return std::nullopt;  // a schema that is none asks for nothing
  }
}

/// Exactly one of the three forms of contract 1.6.
bool is_new_input(const Json& body) {
  if (!body.is_object()) return false;
  const auto given = [&](const char* key) { return body.contains(key) && !body[key].is_null(); };
  if (given("input_variables") + given("modal_action") + given("chosen_option") != 1) return false;
  if (given("input_variables")) return body["input_variables"].is_object();
  if (given("modal_action")) return body["modal_action"].is_string();
  return body["chosen_option"].is_string() &&
         (!given("save_decision") || body["save_decision"].is_boolean());
}

}  // namespace

ServedRun* RunApi::find(WorkspaceId workspace, std::string_view session_id) const {
  ServedRun* run = p_.runs.find(session_id);
  return run != nullptr && run->workspace == workspace ? run : nullptr;
}

// ---- results

std::string RunApi::result_json(Time now, const ServedRun& run) const {
  const RunDocuments& documents = p_.documents;
  const std::string data = p_.names.output(run);
  const std::string errors = documents.errors(run);
  std::string json;
  add_text(json, "session_id", run.session_id);
  add_text(json, "status", name(run.status));
  add_text(json, "workflow_id", p_.names.workflow_id(run));
  add(json, "input_variables", run.input_variables);
  add(json, "data", data);
  add(json, "output_data", data);
  add(json, "vault_entries", p_.names.vault_entries(run));
  add(json, "encrypted_variables", documents.encrypted_variables(run));
  add(json, "session_retries", std::to_string(run.retries));
  add(json, "video_urls", documents.videos(now, run));
  add(json, "file_urls", documents.files(now, run));
  add(json, "screenshot_urls", documents.screenshots(now, run));
  add(json, "errors", errors);
  add(json, "workflow_errors", errors);
  add(json, "was_recovered", was_recovered(run) ? "true" : "false");
  add(json, "recovered_error_ids", documents.recovered_error_ids(run));
  add(json, "end_reason", end_reason_of(run));
  if (run.settings.capture_console_logs) add(json, "console_logs", documents.console_logs(run));
  return json + '}';
}

HttpReply RunApi::handle_get(Time now, ServedRun& run) {
  p_.pipeline.look(now, run);
  return json_reply(200, result_json(now, run));
}

// ---- commands

HttpReply RunApi::handle_interrupt(Time now, ServedRun& run) {
  if (run.is_terminal())
    return json_reply(200, Json{{"success", false}, {"message", "Run is over already"}});
  p_.pipeline.interrupt(now, run);
  return json_reply(200, Json{{"success", true}, {"message", "Run interrupt triggered"}});
}

HttpReply RunApi::answered(Time now, ServedRun& run, std::string answer) {
  run.interaction_answer = std::move(answer);
  p_.pipeline.end_interaction(now, run, true);
  return success_reply(run);
}

HttpReply RunApi::handle_user_interaction(Time now, ServedRun& run, std::string_view body) {
  const auto answer = parse_json(body);
  if (!answer || !answer->is_object()) return bad_request_reply("The body must be a JSON object");
  const InteractionWords words = p_.names.interaction(run);
  if (run.interaction != InteractionState::waiting || words.input_required)
    return coded_error_reply(409, "ALREADY_ANSWERED",
                             fmt::format("Run {} does not wait for an answer", run.session_id));
  if (const auto problem = problem_with_answer(*answer, words.expected)) {
    p_.pipeline.end_interaction(now, run, false);
    return bad_request_reply(
        fmt::format("The answer does not fit what was asked for: {}", *problem));
  }
  return answered(now, run, std::string(body));
}

HttpReply RunApi::handle_new_input_variables(Time now, ServedRun& run, std::string_view body) {
  const auto input = parse_json(body);
  if (!input || !is_new_input(*input))
    return bad_request_reply(
        "The body must have exactly one of input_variables (an object), modal_action (a string) "
        "and chosen_option (a string, with save_decision)");
  if (run.interaction != InteractionState::waiting || !p_.names.interaction(run).input_required)
    return bad_request_reply(fmt::format("Run {} does not wait for input", run.session_id));
  return answered(now, run, std::string(body));
}

}  // namespace sluice
