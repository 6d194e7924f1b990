#include "mock_api/endpoints/start_run_api.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random/random.hpp"
#include "base/text/json.hpp"
#include "base/text/uuid.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/endpoints/rate_limits.hpp"
#include "mock_api/vault/cipher.hpp"

namespace sluice {
namespace {

/// The inputs with those decrypted that are said to be ciphertext; none if one is not.
std::optional<Json> decrypted_inputs(const EncryptionKey& key, const StartRun& body) {
  auto inputs = parse_json(body.inputs);
  if (!inputs) return std::nullopt;
  for (const std::string_view name : body.encrypted_variables) {
    const auto value = inputs->find(std::string(name));
    if (value == inputs->end()) continue;
    if (!value->is_string()) return std::nullopt;
    const auto plain = decrypt_json(key, value->get_ref<const std::string&>());
    if (!plain) return std::nullopt;
    *value = *plain;
  }
  return inputs;
}

void copy_webhook(const RequestedWebhook& from, RunSettings& to) {
  to.webhook_metadata = from.metadata;
  if (from.url.empty()) return;
  RunWebhook& webhook = to.webhook.emplace();
  webhook.url = from.url;
  webhook.secret = from.secret;
  webhook.validity = from.validity;
  webhook.event_types.assign(from.events.begin(), from.events.end());
}

void copy_settings(const StartRun& from, RunSettings& to) {
  to.dry_run = from.dry_run;
  to.add_to_output = from.add_to_output;
  to.debug = from.debug;
  to.force_refresh = from.force_refresh;
  to.capture_console_logs = from.capture_console_logs;
  to.include_live_view = from.include_live_view;
  to.notifications = from.notifications;
  to.additional_context = from.additional_context;
  to.encrypted_variables.assign(from.encrypted_variables.begin(), from.encrypted_variables.end());
  to.encrypted_variables_given = !from.encrypted_variables.empty();
  copy_webhook(from.webhook, to);
}

/// A node that asks a person waits as long as that, if nobody says how long.
constexpr Duration kAskedFor{300'000'000'000};
/// No question waits longer than a year.
constexpr Duration kLongestAsked{365 * 86'400'000'000'000};

/// How long the run's question is open, if its script does not say.
Duration time_to_answer(const RunScript::Question& question, const Scenario& scenario,
                        WorkflowId workflow) {
  if (question.timeout) return std::min(*question.timeout, kLongestAsked);
  if (question.input_required)
    return scenario.serve.input_required_timeout.value_or(kInputRequiredTimeout);
  const auto& interaction = scenario.pipeline.workflows[workflow.index()].interaction;
  return interaction ? std::min(interaction->timeout, kLongestAsked) : kAskedFor;
}

/// Of the keys that nobody knows, so many are kept and named, and of each so much: a client chooses
/// both.
constexpr std::size_t kUnknownKeysNamed = 50;
constexpr std::size_t kUnknownKeyBytes = 100;

/// Cut between characters.
std::string shortened_key(std::string_view key) {
  if (key.size() <= kUnknownKeyBytes) return std::string(key);
  std::size_t end = kUnknownKeyBytes;
  while (end > 0 && (static_cast<unsigned char>(key[end]) & 0xC0) == 0x80) --end;
  return std::string(key.substr(0, end)) + "…";
}

std::vector<std::string> unknown_keys(const StartRun& body) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : body.unknown) {
    if (keys.size() == kUnknownKeysNamed) break;
    keys.push_back(shortened_key(key));
  }
  return keys;
}

/// `named`: as unknown_keys() gives them, of `count` in all.
std::string unknown_keys_text(const std::vector<std::string>& named, std::size_t count) {
  std::string text = count == 1 ? "property " : "properties ";
  for (const std::string& key : named)
    text.append(&key == &named.front() ? "`" : ", `").append(key).append("`");
  if (count > named.size())
    text.append(" and ").append(std::to_string(count - named.size())).append(" more");
  return text + " should not exist (the scenario's serve.unknown_keys: refuse)";
}

}  // namespace

StartRunApi::StartRunApi(const StartRunParts& parts)
    : p_(parts), session_key_(stream_key(parts.id_seed, "session")) {}

HttpReply StartRunApi::limited(const Answer& answer) const {
  const auto& windows = p_.pipeline.scenario().pipeline.api.rate_limits;
  return too_many_requests_reply(windows[answer.window].max, answer.retry_after);
}

HttpReply StartRunApi::refuse(Time now, WorkspaceId workspace, HttpReply reply) {
  const Answer answer = p_.pipeline.count_request(now, workspace);
  return answer.status == Answer::Status::rate_limited ? limited(answer) : std::move(reply);
}

const WorkflowVersion* StartRunApi::version_of(WorkspaceId workspace, const StartRun& body) const {
  if (body.version_number)
    return p_.workflows.version(workspace, body.workflow_id, *body.version_number);
  if (!body.version_id.empty())
    return p_.workflows.version(workspace, body.workflow_id, body.version_id);
  return p_.workflows.latest(workspace, body.workflow_id);
}

/// Names what there is not: the workflow, or the version that the run is pinned to.
HttpReply StartRunApi::no_version_reply(WorkspaceId workspace, const StartRun& body) const {
  if (p_.workflows.latest(workspace, body.workflow_id) == nullptr)
    return not_found_reply("Workflow", body.workflow_id);
  const std::string version =
      body.version_number ? std::to_string(*body.version_number) : std::string(body.version_id);
  return not_found_reply("Version " + version + " of workflow", body.workflow_id);
}

std::optional<HttpReply> StartRunApi::check_inputs(WorkspaceId workspace, const StartRun& body,
                                                   const WorkflowVersion& version) {
  if (body.encrypted_variables.empty()) {
    if (auto refusal = version.validator.refuse(body)) return refusal;
  } else {
    const auto inputs = decrypted_inputs(p_.tenants.key(workspace), body);
    if (!inputs)
      return error_reply(401, "An encrypted variable does not open with the workspace's key");
    if (auto refusal = version.validator.refuse(*inputs)) return refusal;
  }
  return references_.resolve(p_.vault, workspace, version.aliases, body);
}

ServedRun& StartRunApi::record(Time now, WorkspaceId workspace, const StartRun& body,
                               const WorkflowVersion& version) {
  ServedRun& run = p_.runs.create(now, uuid_of(session_key_, p_.runs.next_number()));
  run.workspace = workspace;
  run.workflow = version.pipeline;
  run.family = p_.changes.family(version.pipeline);
  run.workflow_version = version.number;
  run.level = body.priority_level;
  run.client_id = body.client_id;
  run.input_variables = body.inputs;
  run.alias_count = static_cast<std::uint8_t>(references_.count());
  for (std::size_t alias = 0; alias < references_.count(); ++alias) {
    const auto members = references_.members(alias);
    run.asked.insert(run.asked.end(), members.begin(), members.end());
  }
  copy_settings(body, run.settings);
  return run;
}

RunRequest StartRunApi::request_of(const ServedRun& run) {
  RunRequest request;
  request.workspace = run.workspace;
  request.workflow = run.workflow;
  request.level = run.level;
  request.options = {run.settings.debug, run.settings.capture_console_logs,
                     run.settings.force_refresh, run.settings.dry_run};
  request.need_count = run.alias_count;
  for (std::size_t alias = 0; alias < references_.count(); ++alias) {
    const auto members = references_.members(alias);
    request.needs[alias] = references_.is_pool(alias)
                               ? p_.pipeline.pool_need(run.workspace, run.workflow, alias, members)
                               : p_.pipeline.credential_need(members.front());
  }
  return request;
}

HttpReply StartRunApi::submit(Time now, ServedRun& run,
                              const std::optional<RunIdentity>& identity) {
  const Answer answer = p_.pipeline.submit(now, run, request_of(run), identity);
  HttpReply reply;
  if (answer.status == Answer::Status::accepted) {
    reply.status = p_.pipeline.scenario().serve.run_status;
    reply.body.reserve(56);
    reply.body.append(R"({"session_id":")").append(run.session_id).append("\"}");
    if (!run.client_id.empty()) reply.started_run = run.number;
  } else {
    p_.runs.withdraw(run);
    reply = answer.status == Answer::Status::rate_limited
                ? limited(answer)
                : error_reply(500, "Internal server error");
  }
  reply.send_at = answer.answered_at;
  return reply;
}

const StartRun* StartRunApi::understood(const HttpRequest& request, std::string& problem) {
  const StartRun* body = reader_.read(request.body);
  if (body == nullptr) return problem = reader_.problem(), nullptr;
  if (!body->unknown.empty()) {
    marks_.unknown_keys = unknown_keys(*body);
    if (p_.pipeline.scenario().serve.refuse_unknown_keys)
      return problem = unknown_keys_text(marks_.unknown_keys, body->unknown.size()), nullptr;
  }
  if (p_.scripts != nullptr) {
    body = &requested_.take(request, *body);
    if (problem = requested_.problem(); !problem.empty()) return nullptr;
  } else if (!request.header(kScriptHeader).empty()) {
    return problem = "X-Sluice-Script: runs are scripted only where there is the admin API",
           nullptr;
  }
  return body;
}

std::optional<HttpReply> StartRunApi::refuse_script(const StruckScript& struck,
                                                    const WorkflowVersion& version) {
  const auto& [script, by] = struck;
  const std::uint32_t step = std::max(script.step, script.asks ? script.asks->step : 0);
  if (step <= version.steps.size()) return std::nullopt;
  return bad_request_reply(by + ": there is no step " + std::to_string(step) +
                           ", the workflow has " + std::to_string(version.steps.size()));
}

std::optional<StruckScript> StartRunApi::script_for(WorkspaceId workspace, const StartRun& body,
                                                    const WorkflowVersion& version,
                                                    std::uint64_t& rule) const {
  std::optional<StruckScript> script = requested_.script();
  if (!script && p_.scripts->any()) {
    rule = p_.scripts->fitting({body, p_.tenants.name(workspace), version.id, version.name});
    if (rule != 0) script = p_.scripts->script_of(rule);
  }
  if (script && script->script.asks)
    script->script.asks->timeout =
        time_to_answer(*script->script.asks, p_.pipeline.scenario(), version.pipeline);
  return script;
}

HttpReply StartRunApi::submit_scripted(Time now, ServedRun& run,
                                       const std::optional<RunIdentity>& identity,
                                       std::uint64_t rule) {
  const std::string by = run.script->by;
  HttpReply reply = submit(now, run, identity);
  if (reply.status >= 300) return reply;  // refused: the run is no more
  marks_.script = by;
  if (rule != 0) p_.scripts->struck(rule);
  return reply;
}

HttpReply StartRunApi::handle(Time now, WorkspaceId workspace, const HttpRequest& request) {
  marks_ = {};
  std::string problem;
  const StartRun* body = understood(request, problem);
  if (body == nullptr) return refuse(now, workspace, bad_request_reply(problem));
  const std::string_view header = request.header("X-Sluice-Run");
  const auto identity = header.empty() ? std::nullopt : p_.pipeline.identity(header);
  if (!header.empty() && !identity)
    return refuse(now, workspace,
                  bad_request_reply("X-Sluice-Run must be <submitter>/<index> of the scenario"));
  const WorkflowVersion* version = version_of(workspace, *body);
  if (version == nullptr) return refuse(now, workspace, no_version_reply(workspace, *body));
  if (auto refusal = check_inputs(workspace, *body, *version))
    return refuse(now, workspace, std::move(*refusal));
  if (p_.scripts == nullptr) return submit(now, record(now, workspace, *body, *version), identity);
  std::uint64_t rule = 0;
  auto script = script_for(workspace, *body, *version, rule);
  if (!script) return submit(now, record(now, workspace, *body, *version), identity);
  if (auto refusal = refuse_script(*script, *version))
    return refuse(now, workspace, std::move(*refusal));
  ServedRun& run = record(now, workspace, *body, *version);
  run.script = std::make_shared<const StruckScript>(*std::move(script));
  return submit_scripted(now, run, identity, rule);
}

}  // namespace sluice
