#include "load/generator/start_request.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/random/random.hpp"
#include "base/text/json.hpp"
#include "base/text/uuid.hpp"

namespace sluice {
namespace {

/// What is followed; steps and uploads would only cost bandwidth.
constexpr std::string_view kFollowedEvents =
    R"(["execution.queued","execution.start","execution.paused","execution.requeued",)"
    R"("execution.success","execution.failed","execution.stopped"])";
constexpr int kWebhookValidity_s = 86'400;

/// An object's text without its braces.
std::string members_of(const std::string& object) {
  if (object.empty()) return {};
  const std::string text = dump(Json::parse(object));
  return text.substr(1, text.size() - 2);
}

}  // namespace

LoadRequests::LoadRequests(const Scenario& scenario, RequestFacts facts)
    : scenario_(scenario), facts_(std::move(facts)), tag_(quoted_json(facts_.tag)) {
  const LoadConfig& load = scenario.load;
  for (std::size_t i = 0; i < scenario.pipeline.workflows.size(); ++i) {
    const LoadedWorkflow known = i < load.workflows.size() ? load.workflows[i] : LoadedWorkflow();
    const std::string& name = scenario.pipeline.workflows[i].name;
    workflow_ids_.push_back(quoted_json(known.id.empty() ? name : known.id));
    inputs_.push_back(members_of(known.inputs));
  }
  for (std::size_t i = 0; i < scenario.pipeline.credentials.size(); ++i) {
    const bool given = i < load.credentials.size() && !load.credentials[i].empty();
    credential_ids_.push_back(
        quoted_json(given ? load.credentials[i] : scenario.pipeline.credentials[i].name));
  }
  if (facts_.webhook)
    webhook_ = fmt::format(R"(,"url":{},"event_types_subscribed":{},"secret":{},"validity":{})",
                           quoted_json(facts_.webhook->url), kFollowedEvents,
                           quoted_json(facts_.webhook->secret), kWebhookValidity_s);
}

std::string LoadRequests::head(std::string_view method, WorkspaceId workspace,
                               std::string_view path) const {
  std::string text(method);
  text += ' ';
  if (facts_.absolute_form) text += "http://" + facts_.target.authority();
  text += facts_.target.prefix;
  text += path;
  text += " HTTP/1.1\r\nHost: ";
  text += facts_.target.authority();
  text += "\r\ncc-key: ";
  text += facts_.api_keys[workspace.index()];
  text += "\r\n";
  return text;
}

std::string LoadRequests::start(const RunRequest& run, const PoolMembers& pools,
                                std::string_view client_id) const {
  const std::string content = body(run, pools, client_id);
  std::string text = head("POST", run.workspace, "/run");
  text += "Content-Type: application/json\r\n";
  if (facts_.names_runs)
    text += fmt::format("X-Sluice-Run: {}/{}\r\n", scenario_.submitters[run.submitter.index()].name,
                        run.index);
  text += fmt::format("Content-Length: {}\r\n\r\n", content.size());
  return text + content;
}

std::string LoadRequests::body(const RunRequest& run, const PoolMembers& pools,
                               std::string_view client_id) const {
  std::string text = R"({"workflow_id":)" + workflow_ids_[run.workflow.index()];
  text += R"(,"run_input_variables":{)";
  append_variables(run, pools, text);
  text += R"(},"priority_level":")";
  text += name(run.level);
  text += '"';
  if (!client_id.empty()) text += fmt::format(R"(,"client_id":"{}")", client_id);
  if (run.options.debug) text += R"(,"debug":true)";
  if (run.options.capture_console) text += R"(,"capture_console_logs":true)";
  if (run.options.force_refresh) text += R"(,"force_refresh":true)";
  if (run.options.dry_run || facts_.dry_run) text += R"(,"dry_run":{"enabled":true})";
  const std::string& submitter = scenario_.submitters[run.submitter.index()].name;
  text += fmt::format(R"(,"webhook":{{"metadata":{{"sluice_load":{},"sluice_run":{}}}{}}}}})", tag_,
                      quoted_json(fmt::format("{}#{}", submitter, run.index)), webhook_);
  return text;
}

void LoadRequests::append_variables(const RunRequest& run, const PoolMembers& pools,
                                    std::string& body) const {
  const std::vector<std::string>& aliases =
      scenario_.pipeline.workflows[run.workflow.index()].aliases;
  bool first = true;
  for (std::size_t alias = 0; alias < run.need_count; ++alias) {
    if (!std::exchange(first, false)) body += ',';
    append_quoted_json(body, aliases[alias]);
    body += ':';
    if (!run.needs[alias].is_pool()) {
      body += credential_ids_[run.needs[alias].credential().index()];
      continue;
    }
    char before = '[';
    for (const CredentialId member : pools[run.needs[alias].pool_use()]) {
      body += std::exchange(before, ',');
      body += credential_ids_[member.index()];
    }
    body += ']';
  }
  const std::string& inputs = inputs_[run.workflow.index()];
  if (!inputs.empty() && !first) body += ',';
  body += inputs;
}

std::string LoadRequests::get(WorkspaceId workspace, std::string_view path,
                              std::string_view headers) const {
  return head("GET", workspace, path).append(headers).append("\r\n");
}

std::string LoadRequests::interrupt(WorkspaceId workspace, std::string_view session_id) const {
  return head("POST", workspace, fmt::format("/run/{}/interrupt", session_id)) +
         "Content-Length: 0\r\n\r\n";
}

std::string LoadRequests::events(WorkspaceId workspace, std::string_view client_id) const {
  return get(workspace, fmt::format("/run/clients/{}/events", client_id),
             "Accept: text/event-stream\r\nCache-Control: no-cache\r\n");
}

std::string LoadRequests::client_id(std::uint64_t seed, WorkspaceId workspace,
                                    std::uint32_t number) {
  const std::uint64_t key = stream_key(stream_key(seed, "load client"), std::uint64_t{number});
  return uuid_of(key, workspace.value);
}

}  // namespace sluice
