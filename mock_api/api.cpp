#include "mock_api/api.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/epoch.hpp"
#include "base/random/random.hpp"
#include "http/query_string.hpp"
#include "mock_api/admin/admin_api.hpp"
#include "mock_api/admin/faults.hpp"
#include "mock_api/admin/journal.hpp"
#include "mock_api/admin_target.hpp"
#include "mock_api/artifacts/artifact_urls.hpp"
#include "mock_api/contract/error_body.hpp"
#include "mock_api/endpoints/artifact_api.hpp"
#include "mock_api/endpoints/rate_limits.hpp"
#include "mock_api/endpoints/routes.hpp"
#include "mock_api/endpoints/run_api.hpp"
#include "mock_api/endpoints/start_run_api.hpp"
#include "mock_api/endpoints/vault_api.hpp"
#include "mock_api/endpoints/webhook_api.hpp"
#include "mock_api/events/client_streams.hpp"
#include "mock_api/events/run_events.hpp"
#include "mock_api/openapi/endpoint_table.hpp"
#include "mock_api/runs/run_documents.hpp"
#include "mock_api/runs/run_store.hpp"
#include "mock_api/runs/served_names.hpp"
#include "mock_api/scripts/script_rules.hpp"
#include "mock_api/served_pipeline/config_changes.hpp"
#include "mock_api/served_pipeline/pipeline_figures.hpp"
#include "mock_api/served_pipeline/served_pipeline.hpp"
#include "mock_api/served_pipeline/served_report.hpp"
#include "mock_api/tenants.hpp"
#include "mock_api/webhooks/webhook_outbox.hpp"
#include "mock_api/workflows/workflows.hpp"

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
  return error_reply(
      404, "Cannot " + std::string(request.method) + " " + std::string(path_of(request.target)));
}

}  // namespace

/// What the API consists of, each part before those that know it.
struct Api::Parts {
  Parts(Api& api, const Scenario& of, const ApiOptions& how, WebhookTransport& transport);

  const Scenario scenario;
  ApiOptions options;
  Epoch epoch;  ///< a stamp that was written is read as the same instant
  Tenants tenants;
  Workflows workflows;
  Vault vault;
  RunStore runs;
  ArtifactUrls urls;
  ServedNames names;
  RunDocuments documents;
  ClientStreams streams;
  WebhookOutbox outbox;
  RunEvents events;
  ServedPipeline pipeline;
  ConfigChanges changes;
  PeerLimits peers;
  ScriptRules scripts;
  StartRunApi start_run_api;
  RunApi run_api;
  VaultApi vault_api;
  WebhookApi webhook_api;
  ArtifactApi artifact_api;
  AdminApi admin_api;
  Journal journal;
  Faults faults;
  std::string openapi_text;  ///< the document, once it was asked for
  bool draining = false;
};

/// A request whose path and method there are.
struct Api::Call {
  Time now;
  const HttpRequest& http;
  Route route;
  const std::vector<std::string>& path;
  std::string_view query;
  WorkspaceId workspace;
};

Api::Parts::Parts(Api& api, const Scenario& of, const ApiOptions& how, WebhookTransport& transport)
    : scenario(of),
      options(how),
      epoch{whole_micros(options.unix_ns_at_zero)},
      tenants(scenario),
      workflows(scenario, tenants, epoch),
      vault(scenario, tenants, epoch),
      runs(scenario.serve.keep_finished_runs, scenario.serve.keep_finished_for),
      urls(epoch, stream_key(options.id_seed.value_or(scenario.seed), "urls"),
           scenario.serve.signed_url_lifetime),
      names(workflows, vault),
      documents(epoch, names, urls),
      streams(epoch, stream_settings(scenario.serve)),
      outbox(epoch, webhook_settings(scenario.serve, options), scenario.serve.webhooks, transport),
      events(documents, streams, outbox),
      pipeline(scenario, runs, events, names, options.listener),
      changes(pipeline),
      peers(scenario.pipeline.api),
      start_run_api({tenants, workflows, vault, changes, runs, pipeline,
                     options.admin ? &scripts : nullptr, options.id_seed.value_or(scenario.seed)}),
      run_api({epoch, tenants, workflows, vault, changes, names, documents, runs, pipeline}),
      vault_api(vault, tenants, epoch),
      webhook_api(epoch, names, outbox),
      artifact_api(documents, names, urls, scenario.serve.snapshot_url_lifetime),
      admin_api({epoch, tenants, runs, pipeline, options.engine, options.build_id,
                 [&api](Time now) { api.reset(now); }}),
      journal(epoch, scenario.serve.keep_requests),
      faults(scenario.seed) {
  vault.set_listener(&changes);
  workflows.set_listener(&changes);
  urls.set_base(options.base_url);
  outbox.set_drop_fault([this](Time now, const WebhookDelivery& delivery) {
    return faults.any() && faults.drops_webhook(now, delivery.receiver->url, delivery.event);
  });
}

Api::Api(const Scenario& scenario, const ApiOptions& options, WebhookTransport& transport)
    : parts_(std::make_unique<Parts>(*this, scenario, options, transport)) {}
Api::~Api() = default;

void Api::set_base_url(std::string base_url) {
  parts_->urls.set_base(std::move(base_url));
  parts_->openapi_text.clear();
}

// ---- time

Time Api::next_due() const {
  return std::min(
      {parts_->pipeline.next_due(), parts_->streams.next_due(), parts_->outbox.next_due()});
}

void Api::advance_to(Time due) {
  parts_->pipeline.advance(due);
  parts_->streams.advance(due);
  parts_->outbox.advance(due);
}

void Api::advance(Time now) {
  const ScopedCheckSeed seed(parts_->scenario.seed, 0);
  SLUICE_REQUIRE(now >= parts_->pipeline.now(), "time does not go back");
  for (Time due = next_due(); due <= now; due = next_due()) advance_to(due);
  parts_->pipeline.advance(now);
  parts_->runs.forget_old(now);
}

void Api::reset(Time now) {
  const ScopedCheckSeed seed(parts_->scenario.seed, 0);
  parts_->pipeline.reset(now);
  parts_->runs.clear();
  parts_->vault.reset();
  parts_->workflows.reset();
  parts_->changes.reset();
  parts_->admin_api.reset();
  parts_->journal.clear();
  parts_->faults.reset();
  parts_->scripts.reset();
}

Report Api::report(Time now) {
  const ScopedCheckSeed seed(parts_->scenario.seed, 0);
  return served_report(parts_->pipeline, now, parts_->options.engine, parts_->options.build_id);
}

std::string Api::commands_as_incidents() const { return parts_->pipeline.commands_as_incidents(); }

// ---- requests

HttpReply Api::handle(Time now, const HttpRequest& request) {
  const ScopedCheckSeed seed(parts_->scenario.seed, 0);
  SLUICE_REQUIRE(now >= parts_->pipeline.now(), "time does not go back");
  for (Time due = next_due(); due < now; due = next_due()) advance_to(due);
  parts_->pipeline.catch_up(now);
  parts_->runs.forget_old(now);
  if (is_admin_target(request.target))
    return admin(now, request, split_target(request.target).segments);
  const WorkspaceId workspace = parts_->tenants.find(request.header("cc-key"));
  const std::string_view name =
      workspace.valid() ? parts_->tenants.name(workspace) : std::string_view();
  FaultEffect fault;
  if (parts_->faults.any())
    fault = parts_->faults.choose_for(now, request, name, parts_->journal.next_number());
  HttpReply reply = fault.reply ? *std::move(fault.reply) : answer(now, request, workspace);
  const bool is_struck = fault.number != 0 && parts_->faults.apply_to(reply, now, fault);
  if (parts_->options.admin) {
    RequestMarks marks = parts_->start_run_api.take_marks();
    if (is_struck) marks.fault = fault.number;
    parts_->journal.note(now, request, name, reply.status, std::move(marks));
  }
  return reply;
}

HttpReply Api::answer(Time now, const HttpRequest& request, WorkspaceId workspace) {
  const bool is_start = request.target == "/run" && request.method == "POST";
  return is_start ? start_run(now, request, workspace) : other(now, request, workspace);
}

void Api::add_limits(Time now, WorkspaceId workspace, HttpReply& reply) {
  if (reply.status >= 300) return;
  if (const auto room = parts_->pipeline.rate_room(now, workspace)) add_rate_headers(reply, *room);
}

HttpReply Api::unauthenticated(Time now, const HttpRequest& request) {
  if (auto refusal = parts_->peers.refuse(now, request.peer)) return std::move(*refusal);
  return unauthenticated_reply();
}

HttpReply Api::start_run(Time now, const HttpRequest& request, WorkspaceId workspace) {
  if (!workspace.valid()) return unauthenticated(now, request);
  if (parts_->draining) return error_reply(503, "The server is shutting down");
  HttpReply reply = parts_->start_run_api.handle(now, workspace, request);
  add_limits(now, workspace, reply);
  return reply;
}

HttpReply Api::admin(Time now, const HttpRequest& request, const std::vector<std::string>& path) {
  if (!parts_->options.admin) return unknown_path_reply(request);
  const std::vector<std::string> rest(path.begin() + 1, path.end());
  std::optional<HttpReply> reply = parts_->admin_api.handle(now, request, rest);
  if (!reply) reply = parts_->journal.handle(request, rest);
  if (!reply) reply = parts_->faults.handle(now, request, rest);
  if (!reply) reply = parts_->scripts.handle(request, rest);
  if (!reply) return unknown_path_reply(request);
  if (reply->status == 405) reply->headers.emplace_back("Allow", described_methods(request.target));
  return std::move(*reply);
}

HttpReply Api::openapi(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpReply reply = error_reply(405, "Method not allowed");
    reply.headers.emplace_back("Allow", "GET");
    return reply;
  }
  if (parts_->openapi_text.empty())
    parts_->openapi_text = dump(openapi_document(parts_->options.admin, parts_->urls.base()));
  return json_reply(200, parts_->openapi_text);
}

HttpReply Api::other(Time now, const HttpRequest& request, WorkspaceId workspace) {
  const RequestTarget target = split_target(request.target);
  if (target.segments.size() == 1 && target.segments[0] == "openapi.json") return openapi(request);
  const Route route = route_of(target.segments);
  if (route == Route::unknown) return unknown_path_reply(request);
  if (!allows(route, request.method)) return wrong_method_reply(route);
  if (route == Route::file)
    return parts_->artifact_api.file(now, target.segments[1], target.segments[2]);
  if (route == Route::start_run) return start_run(now, request, workspace);

  if (!workspace.valid()) return unauthenticated(now, request);
  const bool counts =
      route != Route::client_events || parts_->scenario.serve.streams_count_as_requests;
  const Answer answered = counts ? parts_->pipeline.count_request(now, workspace) : Answer{};
  if (answered.status == Answer::Status::rate_limited)
    return too_many_requests_reply(parts_->scenario.pipeline.api.rate_limits[answered.window].max,
                                   answered.retry_after);
  const std::size_t mark = request.target.find('?');
  const std::string_view query =
      mark == std::string_view::npos ? std::string_view() : request.target.substr(mark + 1);
  HttpReply reply = answer({now, request, route, target.segments, query, workspace});
  if (route == Route::workflow || route == Route::vault) parts_->admin_api.pause_newcomers(now);
  if (counts) add_limits(now, workspace, reply);
  return reply;
}

HttpReply Api::answer(const Call& call) {
  const auto& path = call.path;
  switch (call.route) {
    case Route::client_events: {
      HttpReply reply;
      reply.content_type = "text/event-stream";
      reply.stream_of = ClientStreams::key(call.workspace, path[2]);
      return reply;
    }
    case Route::runs:
      return parts_->run_api.handle_list(call.now, call.workspace, call.query);
    case Route::workflow_errors:
      return parts_->run_api.handle_errors(call.workspace, path[2], call.query);
    case Route::vault:
    case Route::clear_browser_state:
    case Route::tfa_code:
      return answer_about_vault(call);
    case Route::workflows:
      return parts_->workflows.handle_list(call.workspace);
    case Route::workflow:
      if (call.http.method == "PUT")
        return parts_->workflows.handle_put(call.now, call.workspace, path[1], call.http);
      return parts_->workflows.handle_get(call.workspace, path[1]);
    case Route::workflow_metadata:
      return parts_->workflows.handle_metadata(call.workspace, path[1]);
    default:
      return answer_about_run(call);
  }
}

HttpReply Api::answer_about_vault(const Call& call) {
  const HttpRequest& http = call.http;
  if (call.route == Route::clear_browser_state)
    return parts_->vault_api.handle_clear_browser_state(call.now, call.workspace, http);
  if (call.route == Route::tfa_code)
    return parts_->vault_api.handle_tfa_code(call.now, call.workspace, http);
  if (http.method == "POST") return parts_->vault_api.handle_create(call.now, call.workspace, http);
  if (http.method == "PUT") return parts_->vault_api.handle_update(call.now, call.workspace, http);
  if (http.method == "DELETE")
    return parts_->vault_api.handle_delete(call.now, call.workspace, http);
  return parts_->vault_api.handle_get(call.workspace, http);
}

HttpReply Api::answer_about_run(const Call& call) {
  const std::string& session_id = call.path[1];
  ServedRun* run = parts_->run_api.find(call.workspace, session_id);
  if (run == nullptr) return not_found_reply("Run", session_id);
  switch (call.route) {
    case Route::run:
      return parts_->run_api.handle_get(call.now, *run);
    case Route::interrupt:
      return parts_->run_api.handle_interrupt(call.now, *run);
    case Route::user_interaction:
      return parts_->run_api.handle_user_interaction(call.now, *run, call.http.body);
    case Route::new_input_variables:
      return parts_->run_api.handle_new_input_variables(call.now, *run, call.http.body);
    case Route::debug_snapshots:
      parts_->pipeline.look(call.now, *run);
      return parts_->artifact_api.debug_snapshots(call.now, *run, call.path[3]);
    case Route::webhook_log:
      return parts_->webhook_api.log(*run);
    case Route::webhook_replay:
      return parts_->webhook_api.replay(call.now, *run);
    default:
      return error_reply(404, "Not Found");
  }
}

// ---- streams, webhooks, what is told later

std::uint64_t Api::open_stream(Time now, std::string_view client_id, EventSink& sink) {
  return parts_->streams.open(now, client_id, sink);
}
void Api::unsent(Time now, std::uint64_t stream, std::vector<UnsentFrame> frames) {
  parts_->streams.unsent(now, stream, std::move(frames));
}
void Api::close_stream(Time now, std::uint64_t stream) { parts_->streams.close(now, stream); }

void Api::webhook_done(Time now, std::uint64_t id, const WebhookResult& result) {
  parts_->outbox.done(now, id, result);
}

std::vector<std::pair<std::uint64_t, HttpReply>> Api::take_deferred() {
  auto replies = parts_->webhook_api.take_replies();
  parts_->journal.take_replies(replies);
  return replies;
}

void Api::give_up_deferred(std::uint64_t number) { parts_->journal.give_up(number); }

void Api::fault_settled(std::uint64_t mark, FaultOutcome outcome) {
  parts_->faults.settled(mark, outcome);
  if (outcome != FaultOutcome::struck) parts_->journal.take_fault_back(Faults::request_of(mark));
}

void Api::drain(Time) {
  parts_->draining = true;
  parts_->streams.end_all();
  parts_->journal.give_up_all();
}

// ---- what a clock that is moved by hand can be moved up to

namespace {

/// The status that a point of a run's story is the beginning of; none if it is of none.
std::optional<RunStatus> status_entered(const ServedRun& run, const StoryPoint& point) {
  using Kind = StoryPoint::Kind;
  switch (point.kind) {
    case Kind::accepted:
      return RunStatus::queued;
    case Kind::dispatched:
      return RunStatus::start;
    case Kind::requeued:
      return RunStatus::requeued;
    case Kind::parked:
    case Kind::holding:
      if (point.detail != static_cast<std::uint8_t>(BlockReason::pause)) return std::nullopt;
      return RunStatus::paused;
    case Kind::ended:
      return run.status;
    default:
      return std::nullopt;
  }
}

}  // namespace

Time Api::next_work() const {
  return std::min(parts_->pipeline.next_due(), parts_->outbox.next_due());
}

bool Api::is_idle() const {
  if (parts_->outbox.under_way() > 0) return false;
  return runs_under_way() == 0 || parts_->pipeline.next_due() == Time::never();
}

std::size_t Api::runs_under_way() const {
  return parts_->runs.size() - parts_->runs.finished_count();
}

std::optional<Service::RunPlace> Api::place_of(std::string_view session_id) const {
  const ServedRun* run = parts_->runs.find(session_id);
  if (run == nullptr) return std::nullopt;
  return Service::RunPlace{name(run->status), run->is_terminal(),
                           run->interaction == InteractionState::waiting};
}

bool Api::has_entered(std::string_view session_id, std::string_view status, Time since) const {
  const ServedRun* run = parts_->runs.find(session_id);
  const auto wanted = run_status_of(status);
  if (run == nullptr || !wanted) return false;
  return run->status == *wanted || std::ranges::any_of(run->story, [&](const StoryPoint& point) {
           return point.at >= since && status_entered(*run, point) == wanted;
         });
}

// ---- for monitoring

std::uint64_t Api::events_dropped() const { return parts_->streams.lost_events(); }

std::vector<ServiceFigure> Api::figures(Time now) const {
  std::vector<ServiceFigure> figures;
  add_pipeline_figures(parts_->pipeline, now, figures);
  parts_->streams.add_to(figures);
  figures.push_back({"sluice_runs_known",
                     "Runs that the API knows, those that are over included.",
                     {},
                     static_cast<double>(parts_->runs.size())});
  return figures;
}

}  // namespace sluice
