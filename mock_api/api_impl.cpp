#include "mock_api/api_impl.hpp"

#include <algorithm>
#include <optional>

#include "base/random/random.hpp"
#include "mock_api/admin_target.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/openapi/endpoint_table.hpp"
#include "mock_api/served_pipeline/served_report.hpp"

namespace sluice {
namespace {

StreamSettings stream_settings(const ServeConfig& serve) {
  StreamSettings settings;
  settings.ping_interval = serve.ping_interval;
  settings.end_after = serve.end_streams_after;
  settings.kept_events = serve.stream_buffer_events;
  settings.kept_for = serve.stream_buffer_time;
  return settings;
}

WebhookSettings webhook_settings(const ServeConfig& serve, const ApiOptions& options) {
  WebhookSettings settings;
  settings.max_retry_after = serve.webhook_max_retry_after;
  settings.time_scale = options.time_scale;
  if (serve.webhook_stamps == ServeConfig::WebhookStamps::real)
    settings.unix_ns_now = options.unix_ns_now;
  settings.slots = {serve.webhook_posts_per_url, serve.webhook_posts_per_host};
  settings.retries = serve.webhook_retries;
  settings.timeout = serve.webhook_timeout;
  settings.paused_event = serve.paused_event;
  settings.sessions_kept = serve.keep_finished_runs;
  return settings;
}

HttpReply wrong_method_reply(Route route) {
  HttpReply reply = error_reply(405, "Method not allowed");
  reply.headers.emplace_back("Allow", std::string(methods_of(route)));
  return reply;
}

HttpReply unknown_path_reply(const HttpRequest& request) {
  return error_reply(404, "Cannot " + std::string(request.method) + " " +
                              std::string(request.target.substr(0, request.target.find('?'))));
}

}  // namespace

Api::Impl::Impl(const Scenario& scenario, const ApiOptions& options, WebhookTransport& transport)
    : scenario_(scenario),
      options_(options),
      epoch_{whole_micros(options.unix_ns_at_zero)},
      tenants_(scenario_),
      workflows_(scenario_, tenants_, epoch_),
      vault_(scenario_, tenants_, epoch_),
      runs_(scenario.serve.keep_finished_runs, scenario.serve.keep_finished_for),
      urls_(epoch_, stream_key(options.id_seed.value_or(scenario.seed), "urls"),
            scenario.serve.signed_url_lifetime),
      names_(workflows_, vault_),
      documents_(epoch_, names_, urls_),
      streams_(epoch_, stream_settings(scenario.serve)),
      outbox_(epoch_, webhook_settings(scenario.serve, options), scenario_.serve.webhooks,
              transport),
      events_(documents_, streams_, outbox_),
      pipeline_(scenario, runs_, events_, names_, options.listener),
      changes_(pipeline_),
      peers_(scenario.pipeline.api),
      start_run_api_({tenants_, workflows_, vault_, changes_, runs_, pipeline_,
                      options.admin ? &scripts_ : nullptr,
                      options.id_seed.value_or(scenario.seed)}),
      run_api_(
          {epoch_, tenants_, workflows_, vault_, changes_, names_, documents_, runs_, pipeline_}),
      vault_api_(vault_, tenants_, epoch_),
      webhook_api_(epoch_, names_, outbox_),
      artifact_api_(documents_, names_, urls_, scenario.serve.snapshot_url_lifetime),
      admin_api_({epoch_, tenants_, runs_, pipeline_, options.engine, options.build_id,
                  [this](Time now) { reset(now); }}),
      journal_(epoch_, scenario.serve.keep_requests),
      faults_(scenario.seed) {
  vault_.set_listener(&changes_);
  workflows_.set_listener(&changes_);
  urls_.set_base(options.base_url);
  outbox_.set_drop_fault([this](Time now, const WebhookDelivery& delivery) {
    return faults_.any() && faults_.drops_webhook(now, delivery.receiver->url, delivery.event);
  });
}

// ---- time

Time Api::Impl::next_due() const {
  return std::min({pipeline_.next_due(), streams_.next_due(), outbox_.next_due()});
}

void Api::Impl::play(Time due) {
  pipeline_.advance(due);
  streams_.advance(due);
  outbox_.advance(due);
}

void Api::Impl::advance(Time now) {
  for (Time due = next_due(); due <= now; due = next_due()) play(due);
  pipeline_.advance(now);
  runs_.forget_old(now);
}

void Api::Impl::reset(Time now) {
  pipeline_.reset(now);
  runs_.clear();
  vault_.reset();
  workflows_.reset();
  changes_.reset();
  admin_api_.reset();
  journal_.clear();
  faults_.reset();
  scripts_.reset();
}

Report Api::Impl::report(Time now) {
  return served_report(pipeline_, now, options_.engine, options_.build_id);
}

// ---- requests

HttpReply Api::Impl::handle(Time now, const HttpRequest& request) {
  for (Time due = next_due(); due < now; due = next_due()) play(due);
  pipeline_.catch_up(now);
  runs_.forget_old(now);
  if (is_admin_target(request.target))
    return admin(now, request, split_target(request.target).segments);
  const WorkspaceId workspace = workspace_of(request);
  const std::string_view name = workspace.valid() ? tenants_.name(workspace) : std::string_view();
  FaultEffect fault;
  if (faults_.any()) fault = faults_.choose_for(now, request, name, journal_.next_number());
  HttpReply reply = fault.reply ? *std::move(fault.reply) : answer(now, request, workspace);
  const bool is_struck = fault.number != 0 && faults_.apply_to(reply, now, fault);
  if (options_.admin) {
    RequestMarks marks = start_run_api_.take_marks();
    if (is_struck) marks.fault = fault.number;
    journal_.note(now, request, name, reply.status, std::move(marks));
  }
  return reply;
}

void Api::Impl::fault_settled(std::uint64_t mark, FaultOutcome outcome) {
  faults_.settled(mark, outcome);
  if (outcome != FaultOutcome::struck) journal_.take_fault_back(Faults::request_of(mark));
}

HttpReply Api::Impl::answer(Time now, const HttpRequest& request, WorkspaceId workspace) {
  const bool is_start = request.target == "/run" && request.method == "POST";
  return is_start ? start_run(now, request, workspace) : other(now, request, workspace);
}

void Api::Impl::add_limits(Time now, WorkspaceId workspace, HttpReply& reply) {
  if (reply.status >= 300) return;
  if (const auto room = pipeline_.rate_room(now, workspace)) add_rate_headers(reply, *room);
}

HttpReply Api::Impl::nobody(Time now, const HttpRequest& request) {
  if (auto refusal = peers_.refuse(now, request.peer)) return std::move(*refusal);
  return unauthenticated_reply();
}

HttpReply Api::Impl::start_run(Time now, const HttpRequest& request, WorkspaceId workspace) {
  if (!workspace.valid()) return nobody(now, request);
  if (draining_) return error_reply(503, "The server is shutting down");
  HttpReply reply = start_run_api_.handle(now, workspace, request);
  add_limits(now, workspace, reply);
  return reply;
}

HttpReply Api::Impl::admin(Time now, const HttpRequest& request,
                           const std::vector<std::string>& path) {
  if (!options_.admin) return unknown_path_reply(request);
  const std::vector<std::string> rest(path.begin() + 1, path.end());
  std::optional<HttpReply> reply = admin_api_.handle(now, request, rest);
  if (!reply) reply = journal_.handle(request, rest);
  if (!reply) reply = faults_.handle(now, request, rest);
  if (!reply) reply = scripts_.handle(request, rest);
  if (!reply) return unknown_path_reply(request);
  if (reply->status == 405) reply->headers.emplace_back("Allow", described_methods(request.target));
  return std::move(*reply);
}

HttpReply Api::Impl::openapi(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpReply reply = error_reply(405, "Method not allowed");
    reply.headers.emplace_back("Allow", "GET");
    return reply;
  }
  if (openapi_.empty()) openapi_ = dump(openapi_document(options_.admin, urls_.base()));
  return json_reply(200, openapi_);
}

HttpReply Api::Impl::other(Time now, const HttpRequest& request, WorkspaceId workspace) {
  const RequestTarget target = split_target(request.target);
  if (target.segments.size() == 1 && target.segments[0] == "openapi.json") return openapi(request);
  const Route route = route_of(target.segments);
  if (route == Route::unknown) return unknown_path_reply(request);
  if (!allows(route, request.method)) return wrong_method_reply(route);
  if (route == Route::file) return artifact_api_.file(now, target.segments[1], target.segments[2]);
  if (route == Route::start_run) return start_run(now, request, workspace);

  if (!workspace.valid()) return nobody(now, request);
  const bool counts = route != Route::client_events || scenario_.serve.streams_count_as_requests;
  const Answer answered = counts ? pipeline_.count_request(now, workspace) : Answer{};
  if (answered.status == Answer::Status::rate_limited)
    return too_many_requests_reply(scenario_.pipeline.api.rate_limits[answered.window].max,
                                   answered.retry_after);
  const std::size_t mark = request.target.find('?');
  const std::string_view query =
      mark == std::string_view::npos ? std::string_view() : request.target.substr(mark + 1);
  HttpReply reply = answer({now, request, route, target.segments, query, workspace});
  if (route == Route::workflow || route == Route::vault) admin_api_.pause_newcomers(now);
  if (counts) add_limits(now, workspace, reply);
  return reply;
}

HttpReply Api::Impl::answer(const Call& call) {
  const auto& path = call.path;
  switch (call.route) {
    case Route::client_events: {
      HttpReply reply;
      reply.content_type = "text/event-stream";
      reply.stream_of = ClientStreams::key(call.workspace, path[2]);
      return reply;
    }
    case Route::runs:
      return run_api_.handle_list(call.now, call.workspace, call.query);
    case Route::workflow_errors:
      return run_api_.handle_errors(call.workspace, path[2], call.query);
    case Route::vault:
    case Route::clear_browser_state:
    case Route::tfa_code:
      return answer_about_vault(call);
    case Route::workflows:
      return workflows_.handle_list(call.workspace);
    case Route::workflow:
      if (call.http.method == "PUT")
        return workflows_.handle_put(call.now, call.workspace, path[1], call.http);
      return workflows_.handle_get(call.workspace, path[1]);
    case Route::workflow_metadata:
      return workflows_.handle_metadata(call.workspace, path[1]);
    default:
      return answer_about_run(call);
  }
}

HttpReply Api::Impl::answer_about_vault(const Call& call) {
  const HttpRequest& http = call.http;
  if (call.route == Route::clear_browser_state)
    return vault_api_.handle_clear_browser_state(call.now, call.workspace, http);
  if (call.route == Route::tfa_code)
    return vault_api_.handle_tfa_code(call.now, call.workspace, http);
  if (http.method == "POST") return vault_api_.handle_create(call.now, call.workspace, http);
  if (http.method == "PUT") return vault_api_.handle_update(call.now, call.workspace, http);
  if (http.method == "DELETE") return vault_api_.handle_delete(call.now, call.workspace, http);
  return vault_api_.handle_get(call.workspace, http);
}

HttpReply Api::Impl::answer_about_run(const Call& call) {
  const std::string& session_id = call.path[1];
  ServedRun* run = run_api_.find(call.workspace, session_id);
  if (run == nullptr) return not_found_reply("Run", session_id);
  switch (call.route) {
    case Route::run:
      return run_api_.handle_get(call.now, *run);
    case Route::interrupt:
      return run_api_.handle_interrupt(call.now, *run);
    case Route::user_interaction:
      return run_api_.handle_user_interaction(call.now, *run, call.http.body);
    case Route::new_input_variables:
      return run_api_.handle_new_input_variables(call.now, *run, call.http.body);
    case Route::debug_snapshots:
      pipeline_.look(call.now, *run);
      return artifact_api_.debug_snapshots(call.now, *run, call.path[3]);
    case Route::webhook_log:
      return webhook_api_.log(*run);
    case Route::webhook_replay:
      return webhook_api_.replay(call.now, *run);
    default:
      return error_reply(404, "Not Found");
  }
}

}  // namespace sluice
