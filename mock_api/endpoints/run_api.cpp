#include "mock_api/endpoints/run_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/text/json.hpp"
#include "http/query_string.hpp"
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

// ---- lists

namespace {

constexpr Duration kDay{86'400'000'000'000};
constexpr Duration kYear = kDay * 366;

/// A problem with a query, for the 400.
struct BadQuery {
  std::string message;
};

/// A stamp of the query; `otherwise` if it is not given.
Time stamp(const QueryString& query, const Epoch& epoch, const char* key, Time otherwise) {
  const auto text = query.get(key);
  if (!text || text->empty()) return otherwise;
  const auto time = epoch.time_of(*text);
  if (!time) throw BadQuery{fmt::format("{} must be an ISO 8601 time", key)};
  return *time;
}

std::size_t limit_of(const QueryString& query, std::size_t most, std::size_t otherwise) {
  const auto text = query.get("limit");
  if (!text || text->empty()) return otherwise;
  std::size_t limit = 0;
  const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || stop != text->data() + text->size() || limit < 1 || limit > most)
    throw BadQuery{fmt::format("limit must be a whole number from 1 to {}", most)};
  return limit;
}

/// `one` and the array `several` of the query.
std::vector<std::string> values(const QueryString& query, const char* one, const char* several) {
  std::vector<std::string> all = query.all(several);
  for (std::string& value : query.all(one)) all.push_back(std::move(value));
  return all;
}

void read_statuses(const QueryString& query, RunFilter& filter) {
  for (const std::string& text : values(query, "status", "statuses")) {
    const auto status = run_status_of(text);
    if (!status) throw BadQuery{fmt::format("there is no status '{}'", text)};
    filter.statuses.push_back(*status);
  }
}

/// `newest`: the last creation stamp. It is ahead of `now` where many runs came at one instant: who
/// asks for all until now, or until that stamp, means these runs, too.
void read_times(const QueryString& query, const Epoch& epoch, Time now, Time newest,
                RunFilter& filter) {
  filter.from = stamp(query, epoch, "start_time", now - kDay);
  filter.until = stamp(query, epoch, "end_time", Time::never());
  filter.before = stamp(query, epoch, "cursor", Time::never());
  if (filter.from < now - kYear) throw BadQuery{"start_time must not be older than a year"};
  if (!query.get("end_time").value_or("").empty()) {
    if (filter.until < filter.from) throw BadQuery{"end_time must not be before start_time"};
    if (filter.until > std::max(now, newest)) throw BadQuery{"end_time must not be in the future"};
    if (filter.until >= Time{whole_micros(now.ns)}) filter.until = std::max(filter.until, newest);
  }
}

Json error_item(const Epoch& epoch, const ServedRun& run, const RunError& error) {
  return Json{{"session_id", run.session_id},
              {"created_at", epoch.iso8601(error.created)},
              {"error_code", error.error_code},
              {"error_category", error.category},
              {"message", error.message},
              {"error_details",
               {{"error_id", error.error_id},
                {"llm_error_sub_type", error.sub_type},
                {"llm_error_description", error.description},
                {"original_error", error.original_error}}}};
}

}  // namespace

std::string RunApi::list_row(const ServedRun& run) const {
  const auto time = [&](const std::optional<Time>& t) {
    return t ? quoted_json(p_.epoch.iso8601(*t)) : std::string("null");
  };
  return fmt::format(
      R"({{"session_id":"{}","status":"{}","created_at":"{}","workflow_id":{},"workspace_id":{},)"
      R"("execution_start":{},"execution_end":{},"dry_run":{}}})",
      run.session_id, name(run.status), p_.epoch.iso8601(run.created),
      quoted_json(p_.names.workflow_id(run)), quoted_json(p_.tenants.id(run.workspace)),
      time(run.execution_start), time(run.execution_end), run.settings.dry_run);
}

HttpReply RunApi::handle_list(Time now, WorkspaceId workspace, std::string_view query_text) const {
  const QueryString query(query_text);
  RunFilter filter;
  filter.workspace = workspace;
  std::size_t limit = 0;
  try {
    limit = limit_of(query, 10'000, 1'000);
    read_times(query, p_.epoch, now, p_.runs.last_created(), filter);
    read_statuses(query, filter);
  } catch (const BadQuery& bad) {
    return bad_request_reply(bad.message);
  }
  for (const std::string& id : values(query, "workflow_id", "workflow_ids")) {
    const WorkflowVersion* version = p_.workflows.latest(workspace, id);
    filter.families.push_back(version != nullptr ? p_.changes.family(version->pipeline)
                                                 : WorkflowId::none());
  }
  for (const std::string& id : values(query, "credential_id", "credential_ids"))
    filter.credentials.push_back(p_.vault.find(workspace, id, ""));
  std::string json = "[";
  for (const ServedRun* run : p_.runs.list(filter, limit)) {
    if (json.size() > 1) json += ',';
    json += list_row(*run);
  }
  return json_reply(200, json + ']');
}

HttpReply RunApi::handle_errors(WorkspaceId workspace, std::string_view workflow_id,
                                std::string_view query_text) const {
  const QueryString query(query_text);
  const WorkflowVersion* version = p_.workflows.latest(workspace, workflow_id);
  if (version == nullptr) return not_found_reply("Workflow", workflow_id);
  RunFilter filter;
  filter.workspace = workspace;
  filter.families = {p_.changes.family(version->pipeline)};
  Time start;
  std::size_t limit = 0;
  try {
    for (const char* key : {"start_timestamp", "end_timestamp"})
      if (query.get(key).value_or("").empty()) throw BadQuery{fmt::format("{} is missing", key)};
    start = stamp(query, p_.epoch, "start_timestamp", {});
    filter.until = stamp(query, p_.epoch, "end_timestamp", {});
    limit = limit_of(query, 1'000, 1'000);
  } catch (const BadQuery& bad) {
    return bad_request_reply(bad.message);
  }
  if (filter.until < start)
    return bad_request_reply("end_timestamp must not be before start_timestamp");
  Json groups = Json::object();
  std::size_t total = 0;
  for (const ServedRun* run : p_.runs.list(filter, p_.runs.size())) {
    for (const RunError& error : run->errors) {
      if (error.created < start || error.created > filter.until || total == limit) continue;
      ++total;
      Json& group = groups[error.error_code];
      if (group.is_null()) group = Json{{"count", 0}, {"errors", Json::array()}};
      group["count"] = group["count"].get<std::size_t>() + 1;
      group["errors"].push_back(error_item(p_.epoch, *run, error));
    }
  }
  return json_reply(
      200, Json{{"workflow_id", version->id},
                {"timeframe",
                 {{"start", p_.epoch.iso8601(start)}, {"end", p_.epoch.iso8601(filter.until)}}},
                {"total_errors", total},
                {"error_groups", groups}});
}

}  // namespace sluice
