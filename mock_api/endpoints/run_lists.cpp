// GET /runs and GET /runs/workflow/{workflow_id}/errors.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <vector>

#include "base/text/json.hpp"
#include "http/query_string.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/endpoints/run_api.hpp"

namespace sluice {
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
